//! What is measured, group by group.

mod fan;
mod hot;
mod startup;
mod texts;
mod webhooks;

use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::{
    Failure,
    arguments::Arguments,
    bodies::SECRET,
    client::Job,
    plan::{CONNECTIONS, Plan},
    process::{Worker, free_address},
    report::{Report, Row, Target},
    rounds::{Round, Side, alternate},
};

/// Where nothing answers: for settings that are not used.
const NOWHERE: &str = "http://127.0.0.1:9";

/// The Worker's settings between stand-ins at these addresses.
fn settings(own: SocketAddr, (layer, nexmo): (&str, &str), delay: &str) -> Value {
    json!({
        "LAYER_APP_ID": "5c1a9b0e-6f0d-4a57-9d0b-2f6f3c1d7e42",
        "LAYER_BEARER_TOKEN": "bench-layer-bearer-token",
        "LAYER_WEBHOOK_SECRET": SECRET,
        "LAYER_API_URL": layer,
        "NEXMO_KEY": "test1234",
        "NEXMO_SECRET": "bench-nexmo-secret",
        "NEXMO_NUMBERS": "12025550101,12025550102,12025550103",
        "NEXMO_API_URL": nexmo,
        "SERVER_URL": format!("http://{own}"),
        "DELAY": delay,
        "ADMIN_TOKEN": "bench-admin-token",
    })
}

/// The product, the floor, and what was measured of them.
struct Bench<'a> {
    plan: Plan,
    report: &'a mut Report,
    product: &'a Worker,
    floor: &'a Worker,
}

impl Bench<'_> {
    /// Measures the product beside something of the floor's and beside nothing, over one connection
    /// and over many. Each maker is given how many requests to make.
    async fn compare(
        &mut self,
        (what, beside, target): (&str, &'static str, Target),
        counts: [usize; 2],
        mut product: impl FnMut(usize) -> Round,
        mut floor: impl FnMut(usize) -> Round,
    ) -> Result<(), Failure> {
        for (connections, count) in CONNECTIONS.into_iter().zip(counts) {
            let sides = [
                Side::new(self.product, || product(count)),
                Side::new(self.floor, || floor(count)),
                Side::new(self.floor, || empty(count)),
            ];
            let [product, floor, empty] = alternate(self.plan.rounds, connections, sides).await?;
            let row = Row::new(what, connections, &product);
            self.report
                .add(row.beside((beside, &product, &floor), target).empty(&empty));
        }
        Ok(())
    }
}

/// Requests to a Worker that does nothing.
fn empty(count: usize) -> Round {
    Round::of((0..count).map(|_| Job::get("/empty")))
}

/// Runs everything that was asked for.
pub async fn run(arguments: &Arguments, report: &mut Report) -> Result<(), Failure> {
    let floor = Worker::start("bench/floor/build", free_address()?, &json!({})).await?;
    webhooks_and_fans(arguments, report, &floor).await?;
    if arguments.wants("texts") {
        texts::measure(arguments.plan, report, &floor).await?;
    }
    drop(floor);
    if arguments.wants("startup") {
        startup::measure(arguments.plan, report)?;
    }
    Ok(())
}

/// What needs no stand-ins, since nothing becomes due.
async fn webhooks_and_fans(
    arguments: &Arguments,
    report: &mut Report,
    floor: &Worker,
) -> Result<(), Failure> {
    let address = free_address()?;
    let settings = settings(address, (NOWHERE, NOWHERE), "1 hour");
    let worker = Worker::start("build", address, &settings).await?;
    let mut bench = Bench {
        plan: arguments.plan,
        report,
        product: &worker,
        floor,
    };
    if arguments.wants("new") {
        webhooks::new(&mut bench).await?;
    }
    if arguments.wants("known") {
        webhooks::known(&mut bench).await?;
    }
    if arguments.wants("hot") {
        hot::measure(&mut bench).await?;
    }
    if arguments.wants("fan") {
        fan::measure(&mut bench).await?;
    }
    Ok(())
}
