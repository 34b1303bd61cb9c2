//! The groups of measurements.

mod bench;
mod fan;
mod hot;
mod settings;
mod startup;
mod texts;
mod webhooks;

use std::path::Path;

use serde_json::json;

use self::{bench::Bench, settings::Settings};
use crate::{
    Failure,
    arguments::Arguments,
    process::{FLOOR, PRODUCT, Worker, free_address},
    report::Report,
};

/// Measures all groups that are asked for.
pub async fn run(arguments: &Arguments, report: &mut Report) -> Result<(), Failure> {
    let floor = Worker::start(Path::new(FLOOR), free_address()?, &json!({})).await?;
    webhooks_and_fans(arguments, report, &floor).await?;
    if arguments.wants("texts") {
        texts::measure(arguments, report, &floor).await?;
    }
    drop(floor);
    if arguments.wants("startup") {
        startup::measure(arguments, report)?;
    }
    Ok(())
}

/// The groups in which no notice becomes due, so that they need no stand-ins.
async fn webhooks_and_fans(
    arguments: &Arguments,
    report: &mut Report,
    floor: &Worker,
) -> Result<(), Failure> {
    let product = start(Path::new(PRODUCT)).await?;
    let other = match &arguments.against {
        Some(folder) => Some(start(folder).await?),
        None => None,
    };
    let mut bench = Bench {
        plan: arguments.plan,
        report,
        product: &product,
        other: other.as_ref(),
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

/// Starts a build of the product.
async fn start(build: &Path) -> Result<Worker, Failure> {
    let address = free_address()?;
    let settings = Settings::never_due().of_worker_at(address);
    Worker::start(build, address, &settings).await
}
