//! A message to 25 users, one message at a time.

use uuid::Uuid;

use super::bench::{Bench, Scenario};
use crate::{
    Failure,
    bodies::{self, Message},
    job::Job,
    plan::Load,
    report::Target,
    rounds::Round,
};

const RECIPIENTS: usize = 25;

/// The members of a group; each name has its own.
fn members(name: &str) -> Vec<String> {
    (0..RECIPIENTS)
        .map(|index| format!("{name}-{index}"))
        .collect()
}

fn message(name: &str) -> Job {
    Message::new(Uuid::new_v4(), &members(name)).sent()
}

fn rows(name: &str) -> Job {
    bodies::rows(name, RECIPIENTS)
}

/// Measures messages to known users, then messages to new users.
pub async fn measure(bench: &mut Bench<'_>) -> Result<(), Failure> {
    let warm = Scenario {
        what: "fan-out to 25, warm",
        beside: "fan, floor",
        target: Target::FAN,
    };
    compare(bench, warm, || "warm".to_owned()).await?;
    let cold = Scenario {
        what: "fan-out to 25, cold",
        beside: "fan, floor",
        target: Target::COLD_FAN,
    };
    compare(bench, cold, || format!("cold-{}", Uuid::new_v4())).await
}

async fn compare(
    bench: &mut Bench<'_>,
    scenario: Scenario,
    group: impl Fn() -> String + Copy,
) -> Result<(), Failure> {
    let load = Load {
        connections: 1,
        requests: bench.plan.fans,
    };
    let round = |job: fn(&str) -> Job| {
        move |count| Round::of((0..count).map(|_| job(&group()))).after([job("warm")].into_iter())
    };
    bench
        .compare(scenario, [load], round(message), round(rows))
        .await
}
