//! Random histories of one user record, compared at every step with a specification of what is promised
//! (`spec`).
//!
//! The real driver and attempts run on a real SQLite, between a fake Layer or Matrix homeserver, Nexmo and KV that fail in every
//! way. The object crashes at any await and in the middle of turns.
//!
//! A failure prints its seed and the last steps; `MODEL_SEED=… MODEL_STEPS=…` runs it again.
//! `MODEL_STEPS=10000000 cargo test -p texting --test model -- --nocapture` runs more steps.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

mod acts;
mod alarm;
mod event;
mod habits;
mod history;
mod host;
mod names;
mod network;
mod object;
mod others;
mod parties;
mod random;
mod rows;
mod serve;
mod setup;
mod shared;
mod spec;
#[path = "../support/sqlite.rs"]
mod sqlite;
mod storage;
mod trace;
mod world;
#[path = "../support/zones.rs"]
mod zones;

use std::{
    env,
    panic::{AssertUnwindSafe, catch_unwind},
    rc::Rc,
    thread,
};

use trace::{Counts, Trace};

/// The steps of one history: few enough that a person can read one that fails.
const STEPS_EACH: u32 = 400;
const STEPS: u64 = 200_000;
const THREADS: u64 = 2;

/// What an ordinary run must have seen, to say anything.
const MUST_HAPPEN: [&str; 43] = [
    "digests of which some ended since the claim",
    "digests that Nexmo accepted",
    "digests that counted messages beyond ten",
    "digests that counted what did not fit",
    "digests that left",
    "digests with messages that joined a retry",
    "doubled: a crash came before it was stored",
    "doubled: its answer took too long",
    "doubled: its answer was lost",
    "dropped: blank",
    "dropped: capped",
    "dropped: deleted",
    "dropped: left",
    "dropped: no number",
    "dropped: no phone",
    "dropped: not reported",
    "dropped: opted out",
    "dropped: read",
    "dropped: read or muted",
    "dropped: too old",
    "dropped: unwanted",
    "failure.retried",
    "faults: alarms lost",
    "faults: alarms that could not be set",
    "faults: arrived when nobody waited",
    "faults: stalls",
    "faults: turns that broke off",
    "held: cap",
    "held: interval",
    "held: quiet",
    "histories without faults",
    "identity.no_time_zone",
    "interval ended by a reply",
    "marks",
    "notice.failed",
    "notice.interrupted",
    "notice.sent",
    "perhaps sent within a digest",
    "record.erased",
    "reply.failed",
    "reply.keyword",
    "reply.part_missing",
    "take-overs",
];

fn setting(name: &str) -> Option<u64> {
    env::var(name)
        .ok()
        .map(|value| value.parse().unwrap_or_else(|_| panic!("{name}: a number")))
}

/// Runs one history. Returns how often things happened in it, or why it failed.
fn history(seed: u64, steps: u32) -> Result<Counts, String> {
    let trace = Rc::new(Trace::default());
    let ran = catch_unwind(AssertUnwindSafe(|| history::run(seed, steps, &trace)));
    match ran {
        Ok(()) => Ok(trace.counts()),
        Err(why) => {
            let text = why.downcast_ref::<String>().map(String::as_str);
            let why = text
                .or_else(|| why.downcast_ref::<&str>().copied())
                .unwrap_or("?");
            let told = trace.told(world::BEGINNING);
            let again = format!("MODEL_SEED={seed} MODEL_STEPS={steps}");
            // Printed at once: the other threads may take long to end.
            println!("{told}\n{why}\n\n{again}\n");
            Err(format!("{why}: {again}"))
        }
    }
}

fn histories(first: u64, last: u64, thread: u64, steps: u32) -> Result<Counts, String> {
    let mut counts = Counts::new();
    for seed in (first + thread..last).step_by(usize::try_from(THREADS).unwrap()) {
        for (what, times) in history(seed, steps)? {
            *counts.entry(what).or_default() += times;
        }
    }
    Ok(counts)
}

#[test]
fn every_promise_is_kept_in_random_histories() {
    let total = setting("MODEL_STEPS").unwrap_or(STEPS);
    let first = setting("MODEL_SEED").unwrap_or(1);
    let steps = u32::try_from(total.min(u64::from(STEPS_EACH))).unwrap();
    let last = first + total.div_ceil(u64::from(steps));
    let threads: Vec<_> = (0..THREADS)
        .map(|thread| thread::spawn(move || histories(first, last, thread, steps)))
        .collect();
    let (mut counts, mut failed) = (Counts::new(), Vec::new());
    for thread in threads {
        match thread.join().unwrap() {
            Ok(more) => more.iter().for_each(|(what, times)| {
                *counts.entry(*what).or_default() += times;
            }),
            Err(told) => failed.push(told),
        }
    }
    println!(
        "seeds {first} to {}, {} steps",
        last - 1,
        (last - first) * u64::from(steps)
    );
    counts
        .iter()
        .for_each(|(what, times)| println!("{times:>9} {what}"));
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    if total >= STEPS {
        for what in MUST_HAPPEN {
            assert!(counts.contains_key(what), "never happened: {what}");
        }
    }
}
