//! A message to 25 users.

use uuid::Uuid;

use super::{Bench, empty};
use crate::{
    Failure,
    bodies::{self, Message},
    client::Job,
    report::{Row, Target},
    rounds::{Round, Side, alternate},
};

const RECIPIENTS: usize = 25;

/// A group whose members are known by its name and their number.
fn members(name: &str) -> Vec<String> {
    (0..RECIPIENTS)
        .map(|index| format!("{name}-{index}"))
        .collect()
}

fn message(name: &str) -> Job {
    Message::new(Uuid::new_v4(), &members(name)).sent()
}

fn row(name: &str) -> Job {
    bodies::fan(name, RECIPIENTS)
}

/// To users seen before, then to users never seen, one message at a time.
pub async fn measure(bench: &mut Bench<'_>) -> Result<(), Failure> {
    let warm = || "warm".to_owned();
    compare(bench, ("fan-out to 25, warm", Target::FAN), warm).await?;
    let cold = || format!("cold-{}", Uuid::new_v4());
    compare(bench, ("fan-out to 25, cold", Target::COLD_FAN), cold).await
}

async fn compare(
    bench: &mut Bench<'_>,
    (what, target): (&str, Target),
    group: impl Fn() -> String + Copy,
) -> Result<(), Failure> {
    let count = bench.plan.fans;
    let round = |job: fn(&str) -> Job| {
        move || Round::of((0..count).map(move |_| job(&group()))).after([job("warm")].into_iter())
    };
    let sides = [
        Side::new(bench.product, round(message)),
        Side::new(bench.floor, round(row)),
        Side::new(bench.floor, || empty(count)),
    ];
    let [product, floor, empty] = alternate(bench.plan.rounds, 1, sides).await?;
    let row = Row::new(what, 1, &product).beside(("fan, floor", &product, &floor), target);
    bench.report.add(row.empty(&empty));
    Ok(())
}
