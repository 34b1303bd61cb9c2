//! What becomes of ten times as many texts as Nexmo takes, all due within a minute: a simulation of the
//! real waits ([`texting::backoff`]) against Nexmo's real limits.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    clippy::print_stdout,
    reason = "tests"
)]

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
};

use fastrand::Rng;
use texting::{
    backoff::{LONGEST_TRYING, after_throttle},
    time::{MINUTE, SECOND, Span, Timestamp},
};

/// One request to Nexmo and back.
const ROUND_TRIP: Span = Span::from_millis(100);
/// What comes before it: the re-check at Layer, KV.
const PREPARATION: Span = Span::from_millis(150);

struct Limit {
    /// Texts a second.
    cap: u64,
    /// Whether Nexmo says how long to wait, as it does for a single number.
    says_how_long: bool,
}

#[derive(Debug)]
struct Drained {
    /// Accepted texts by what the limit would have let through meanwhile.
    goodput: f64,
    seconds: f64,
    mean_tries: f64,
    most_tries: i64,
    given_up: usize,
}

fn within_a_minute(random: u32) -> Timestamp {
    Timestamp::from_millis((i64::from(random) * MINUTE.as_millis()) >> 32)
}

fn until_the_next_second(moment: Timestamp) -> Span {
    SECOND - Span::from_millis(moment.as_millis() % SECOND.as_millis())
}

fn at_once(_: u32) -> Timestamp {
    Timestamp::default()
}

/// Lets `count` texts fall due evenly within a minute, and drains them.
fn drain(limit: &Limit, count: usize, seed: u64) -> Drained {
    drain_due(within_a_minute, limit, count, seed)
}

/// Lets `count` texts fall due, each when `due` says for a random number, and drains them.
fn drain_due(due: fn(u32) -> Timestamp, limit: &Limit, count: usize, seed: u64) -> Drained {
    let mut random = Rng::with_seed(seed);
    let mut due: BinaryHeap<Reverse<(Timestamp, usize)>> = (0..count)
        .map(|text| Reverse((due(random.u32(..)), text)))
        .collect();
    let mut taken: HashMap<i64, u64> = HashMap::new();
    let mut tries = vec![0_i64; count];
    let mut first = vec![None; count];
    let (mut accepted, mut last, mut given_up) = (0_usize, Timestamp::default(), 0);
    while let Some(Reverse((at, text))) = due.pop() {
        let began = *first[text].get_or_insert(at);
        let arrives = at + PREPARATION;
        let second = taken.entry(arrives.index_of(SECOND)).or_default();
        tries[text] += 1;
        if *second < limit.cap {
            *second += 1;
            accepted += 1;
            last = last.max(arrives);
        } else if at - began >= LONGEST_TRYING {
            given_up += 1;
        } else {
            let asked = limit.says_how_long.then(|| until_the_next_second(arrives));
            let wait = after_throttle(tries[text], asked, random.u32(..));
            due.push(Reverse((arrives + ROUND_TRIP + wait, text)));
        }
    }
    let seconds = last.as_millis() as f64 / SECOND.as_millis() as f64;
    Drained {
        goodput: accepted as f64 / (limit.cap as f64 * seconds),
        seconds,
        mean_tries: tries.iter().sum::<i64>() as f64 / count as f64,
        most_tries: tries.iter().copied().max().unwrap_or(0),
        given_up,
    }
}

#[test]
fn ten_times_the_cap_drains_at_nine_tenths_of_it_and_nobody_starves() {
    for (name, limit, count) in [
        (
            "30 a second for the key",
            Limit {
                cap: 30,
                says_how_long: false,
            },
            18_000,
        ),
        (
            "1 a second for one US number",
            Limit {
                cap: 1,
                says_how_long: true,
            },
            600,
        ),
        (
            "10 US numbers",
            Limit {
                cap: 10,
                says_how_long: true,
            },
            6_000,
        ),
    ] {
        for seed in 1..=3 {
            let drained = drain(&limit, count, seed);
            println!(
                "{name}, seed {seed}: {:.3} of the limit, drained in {:.0} s, {:.1} tries each, {} at most",
                drained.goodput, drained.seconds, drained.mean_tries, drained.most_tries
            );
            assert!(drained.goodput >= 0.9, "{name}: {drained:?}");
            assert_eq!(drained.given_up, 0, "{name}");
        }
    }
}

#[test]
fn five_hours_worth_of_texts_from_one_number_are_all_sent() {
    let limit = Limit {
        cap: 1,
        says_how_long: true,
    };
    let drained = drain(&limit, 18_000, 1);
    println!("18,000 texts from one US number: {drained:?}");
    assert!(drained.seconds < LONGEST_TRYING.as_millis() as f64 / 1_000.0);
    assert!(
        drained.goodput >= 0.9 && drained.given_up == 0,
        "{drained:?}"
    );
}

/// Random waits cannot do much better: requests at a random rate of G a second fill 1 - e^-G of the seconds, so 0.85 of
/// the limit takes G = 1.9, or 2.2 requests a text, on top of the first one at once.
#[test]
fn twenty_texts_due_at_once_from_one_number_take_a_few_times_as_long_as_they_must() {
    let limit = Limit {
        cap: 1,
        says_how_long: true,
    };
    let seeds = 1..=200;
    let drained = seeds.map(|seed| drain_due(at_once, &limit, 20, seed));
    let drained: Vec<Drained> = drained.collect();
    let mean = |figure: fn(&Drained) -> f64| {
        drained.iter().map(figure).sum::<f64>() / drained.len() as f64
    };
    let (goodput, tries) = (mean(|it| it.goodput), mean(|it| it.mean_tries));
    println!(
        "20 texts at once from one number: {goodput:.2} of the limit, drained in {:.0} s, {tries:.1} tries each",
        mean(|it| it.seconds)
    );
    assert!(goodput > 0.35 && tries < 6.0, "{goodput} {tries}");
    assert!(drained.iter().all(|it| it.given_up == 0));
}

/// A minute in which 600 users have three unread messages each, in their first conversation.
const RUSH: (usize, usize) = (600, 3);

/// How long it takes until the texts of a rush have left, if users begin at a random one of so many US numbers.
fn rush(numbers: usize, texts: usize, seed: u64) -> f64 {
    let mut random = Rng::with_seed(seed);
    let mut of_number = vec![0; numbers];
    (0..texts).for_each(|_| of_number[random.usize(..numbers)] += 1);
    let limit = Limit {
        cap: 1,
        says_how_long: true,
    };
    let seconds = of_number
        .iter()
        .map(|count| drain(&limit, *count, seed).seconds);
    seconds.fold(0.0, f64::max)
}

#[test]
fn spreading_and_digests_shorten_a_rush_as_many_times_as_there_are_numbers_and_messages() {
    let (users, messages) = RUSH;
    let neither = rush(1, users * messages, 1);
    let spread = rush(10, users * messages, 1);
    let digests = rush(1, users, 1);
    let both = rush(10, users, 1);
    println!(
        "{users} users with {messages} messages each: {neither:.0} s from the first number, \
         {spread:.0} s spread over ten, {digests:.0} s as digests, {both:.0} s as both"
    );
    assert!(spread < neither / 7.0, "{spread} {neither}");
    assert!(digests < neither / 2.5, "{digests} {neither}");
    assert!(both < neither / 15.0, "{both} {neither}");
}
