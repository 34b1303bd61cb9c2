//! What becomes of more texts than Nexmo takes, all due within a minute or at once: a simulation of the real waits
//! ([`texting::backoff`], [`texting::pace`]) against Nexmo's real limits.
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
    pace::Pace,
    time::{MINUTE, SECOND, Span, Timestamp},
};

/// One request to Nexmo and back.
const ROUND_TRIP: Span = Span::from_millis(100);
/// What comes before it: the re-check at Layer, KV. A part of it is random.
const PREPARATION: Span = Span::from_millis(150);
const RANDOM_PREPARATION: Span = Span::from_millis(80);

#[derive(Clone, Copy)]
struct Limit {
    /// Texts a second.
    cap: u64,
    /// Whether Nexmo says how long to wait, as it does for a single number.
    says_how_long: bool,
    counted: Counted,
    /// Whether the number's pace responds.
    is_paced: bool,
}

/// How Nexmo counts texts. It does not say.
#[derive(Clone, Copy)]
enum Counted {
    /// So many in each second of the clock.
    BySecond,
    /// One, and the next when a second has passed.
    ByGap,
}

/// The limit of one US number whose pace responds.
const NUMBER: Limit = Limit {
    cap: 1,
    says_how_long: true,
    counted: Counted::ByGap,
    is_paced: true,
};
/// The limit of one US number whose pace does not respond.
const UNPACED: Limit = Limit {
    is_paced: false,
    ..NUMBER
};

/// What Nexmo has taken.
#[derive(Default)]
struct Taken {
    in_seconds: HashMap<i64, u64>,
    last: Option<Timestamp>,
}

impl Taken {
    /// Takes a text, or says how long it has to wait.
    fn take(&mut self, limit: &Limit, now: Timestamp) -> Result<(), Span> {
        if let Counted::ByGap = limit.counted {
            let free_from = self.last.map_or(now, |last| last + SECOND);
            if free_from > now {
                return Err(free_from - now);
            }
        } else {
            let second = self.in_seconds.entry(now.index_of(SECOND)).or_default();
            if *second >= limit.cap {
                return Err(until_the_next_second(now));
            }
            *second += 1;
        }
        self.last = Some(now);
        Ok(())
    }
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
    let (mut taken, mut pace) = (Taken::default(), Pace::default());
    let mut tries = vec![0_i64; count];
    let mut first = vec![None; count];
    let (mut accepted, mut last, mut given_up) = (0_usize, Timestamp::default(), 0);
    while let Some(Reverse((at, text))) = due.pop() {
        let began = *first[text].get_or_insert(at);
        let arrives = at + PREPARATION + RANDOM_PREPARATION.random_part(random.u32(..));
        tries[text] += 1;
        let Err(asked) = taken.take(limit, arrives) else {
            accepted += 1;
            last = last.max(arrives);
            continue;
        };
        if at - began >= LONGEST_TRYING {
            given_up += 1;
            continue;
        }
        let refused = arrives + ROUND_TRIP;
        let wait = match limit.is_paced {
            true => pace.wait(refused, Some(asked)).unwrap(),
            false => {
                let asked = limit.says_how_long.then_some(asked);
                after_throttle(tries[text], asked, random.u32(..))
            }
        };
        due.push(Reverse((refused + wait, text)));
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
fn without_a_pace_ten_times_the_limit_drains_at_four_fifths_of_it_and_nobody_starves() {
    for (name, limit, count) in [
        (
            "30 a second for the key",
            Limit {
                cap: 30,
                says_how_long: false,
                counted: Counted::BySecond,
                is_paced: false,
            },
            18_000,
        ),
        (
            "1 a second for one US number without its pace",
            UNPACED,
            600,
        ),
    ] {
        for seed in 1..=3 {
            let drained = drain(&limit, count, seed);
            println!(
                "{name}, seed {seed}: {:.3} of the limit, drained in {:.0} s, {:.1} tries each, {} at most",
                drained.goodput, drained.seconds, drained.mean_tries, drained.most_tries
            );
            assert!(drained.goodput >= 0.8, "{name}: {drained:?}");
            assert_eq!(drained.given_up, 0, "{name}");
        }
    }
}

#[test]
fn five_hours_worth_of_texts_from_one_number_are_all_sent() {
    let drained = drain(&NUMBER, 18_000, 1);
    println!("18,000 texts from one US number: {drained:?}");
    assert!(drained.seconds < LONGEST_TRYING.as_millis() as f64 / 1_000.0);
    assert!(
        drained.goodput >= 0.9 && drained.given_up == 0,
        "{drained:?}"
    );
}

/// Drains a rush with many seeds, and returns the mean goodput and the mean number of tries.
fn mean_of_rushes(due: fn(u32) -> Timestamp, limit: &Limit, count: usize) -> (f64, f64) {
    let drained: Vec<Drained> = (1..=40)
        .map(|seed| drain_due(due, limit, count, seed))
        .collect();
    assert!(drained.iter().all(|it| it.given_up == 0));
    let mean = |figure: fn(&Drained) -> f64| {
        drained.iter().map(figure).sum::<f64>() / drained.len() as f64
    };
    (mean(|it| it.goodput), mean(|it| it.mean_tries))
}

/// Random waits cannot do much better: requests at a random rate of G a second fill 1 - e^-G of the seconds, so 0.85 of
/// the limit takes G = 1.9, or 2.2 requests a text, on top of the first one at once.
#[test]
fn without_a_pace_twenty_texts_due_at_once_take_a_few_times_as_long_as_they_must() {
    let (goodput, tries) = mean_of_rushes(at_once, &UNPACED, 20);
    println!("20 texts at once without a pace: {goodput:.2} of the limit, {tries:.1} tries each");
    assert!(goodput > 0.35 && tries < 6.0, "{goodput} {tries}");
}

#[test]
fn with_a_pace_a_rush_of_any_size_leaves_at_over_85_percent_of_the_limit_in_three_tries_each() {
    for (counted, how) in [
        (Counted::BySecond, "by the second"),
        (Counted::ByGap, "by the gap"),
    ] {
        let limit = Limit { counted, ..NUMBER };
        for (count, due, when) in [
            (20, at_once as fn(u32) -> Timestamp, "at once"),
            (100, at_once, "at once"),
            (600, at_once, "at once"),
            (600, within_a_minute, "within a minute"),
        ] {
            let (goodput, tries) = mean_of_rushes(due, &limit, count);
            println!(
                "{count} texts {when}, counted {how}: {goodput:.2} of the limit, {tries:.1} tries each"
            );
            assert!(goodput >= 0.85 && tries <= 3.0, "{goodput} {tries}");
        }
    }
}

/// A minute in which 600 users have three unread messages each, in their first conversation.
const RUSH: (usize, usize) = (600, 3);

/// How long it takes until the texts of a rush have left, if users begin at a random one of so many US numbers.
fn rush(numbers: usize, texts: usize, seed: u64) -> f64 {
    let mut random = Rng::with_seed(seed);
    let mut of_number = vec![0; numbers];
    (0..texts).for_each(|_| of_number[random.usize(..numbers)] += 1);
    let seconds = of_number
        .iter()
        .map(|count| drain(&NUMBER, *count, seed).seconds);
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
