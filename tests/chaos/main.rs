//! Chaos test: many users and messages while Nexmo and Layer fail in every way and workerd is killed.
//!
//! `CHAOS_SEED`, `CHAOS_USERS`, `CHAOS_MESSAGES` and `CHAOS_KILLS` change the run. The printed values
//! reproduce the same events and faults, but not the same timing.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking, and this one prints its counts"
)]

#[path = "../support/mod.rs"]
mod support;

mod people;
mod verdict;

use std::{env, fmt::Debug, str::FromStr, time::Duration};

use people::People;
use standins::{Fault, What, When};
use support::World;
use tokio::time::Instant;
use verdict::Verdict;

/// The parameters of a run.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub seed: u64,
    pub users: usize,
    pub messages: usize,
    pub kills: usize,
}

fn from_environment<T: FromStr<Err: Debug>>(name: &str, default: T) -> T {
    env::var(name).map_or(default, |value| value.parse().unwrap())
}

/// Makes a part of the requests to Nexmo and Layer fail, each in one of many ways.
fn add_faults(world: &World) {
    let sometimes = |path: &str, share: f64| When::path(path).probability(share);
    for (share, what) in [
        (0.06, What::Status(500, String::new())),
        (0.04, What::Status(429, String::new())),
        (0.04, What::Reset),
        (0.04, What::AcceptThenReset),
        (
            0.04,
            What::NexmoStatus(
                1,
                "Throughput Rate Exceeded - please wait [ 300 ] and retry".into(),
            ),
        ),
        (0.04, What::NexmoStatus(5, "Server Error".into())),
        (0.01, What::Hang(Duration::from_secs(12))),
        (0.05, What::Slow(Duration::from_millis(700))),
    ] {
        world
            .nexmo
            .traffic()
            .add_fault(Fault::new(sometimes("/sms/json", share), what));
    }
    for (path, share, what) in [
        ("/messages", 0.05, What::Status(503, String::new())),
        ("/messages", 0.05, What::Reset),
        ("/messages", 0.05, What::AcceptThenReset),
        ("/messages", 0.02, What::Slow(Duration::from_secs(2))),
        ("/identity", 0.03, What::Status(500, String::new())),
        ("/identity", 0.01, What::Hang(Duration::from_secs(11))),
    ] {
        world
            .layer
            .traffic()
            .add_fault(Fault::new(sometimes(path, share), what));
    }
}

/// Prints what may explain missing or repeated texts and missing replies.
async fn explain(world: &World, people: &People, verdict: &Verdict) {
    for line in world.worker.logs() {
        let mut ids = verdict.lost.iter().chain(&verdict.unexplained);
        if ids.any(|id| line.contains(id)) {
            println!("{line}");
        }
    }
    for push in world.nexmo.pushes() {
        if !push.delivered() {
            println!("not delivered: {push:?}");
        }
    }
    for message in [
        "nexmo_webhook.unknown_phone",
        "nexmo_webhook.unreadable",
        "nexmo_webhook.refused",
        "reply.without_link",
        "reply.part_missing",
        "reply.failed",
        "notice.failed",
        "record.storage_failed",
        "record.alarm_not_set",
    ] {
        for entry in world.entries(message) {
            println!("{entry}");
        }
    }
    for user in people.users() {
        let record = world.record(user).await;
        if record["notices"]["waiting"] != 0
            || record["replies"]["waiting"] != 0
            || record["parts_waiting"] != 0
        {
            println!("{user}: {record}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_message_is_lost_and_every_duplicate_is_explained() {
    let plan = Plan {
        seed: from_environment("CHAOS_SEED", 20_261_124),
        users: from_environment("CHAOS_USERS", 200),
        messages: from_environment("CHAOS_MESSAGES", 2_000),
        kills: from_environment("CHAOS_KILLS", 4),
    };
    println!("{plan:?}");
    let delay = [("DELAY", "2 seconds")];
    let mut world = World::with_options(&delay, |layer, nexmo, _| {
        (layer.seed, nexmo.seed) = (plan.seed, plan.seed + 1);
        // Makes Layer and Nexmo retry within seconds, and long enough to outlast the kills.
        (layer.retry_scale, nexmo.retry_scale) = (0.05, 0.05);
        layer.answer_limit = Duration::from_secs(5);
    })
    .await;
    let mut people = People::settle(&world, plan);
    add_faults(&world);
    for round in 0..=plan.kills {
        people
            .write_messages(&world, plan.messages / (plan.kills + 1))
            .await;
        if round < plan.kills {
            world.worker.kill_9();
            people.kills.push(Instant::now());
            tokio::time::sleep(Duration::from_millis(300)).await;
            world.worker.restart().await;
        }
    }
    let faults = world.nexmo.traffic().faults() + world.layer.traffic().faults();
    world.nexmo.traffic().clear_faults();
    world.layer.traffic().clear_faults();
    people.reply_to_the_last_texts(&world);
    let verdict = Verdict::when_quiet(&world, &people).await;
    println!("{faults} faults, {} kills; {verdict:#?}", plan.kills);
    if !verdict.is_complete() || !verdict.unexplained.is_empty() {
        explain(&world, &people, &verdict).await;
    }
    verdict.check(plan);
}
