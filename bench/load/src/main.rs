//! Measures the built Worker beside the floor (`bench/floor`), both on this machine, in turns.
//!
//! `bench [--quick] [--json FILE] [--only NAME,…] [--against DIR]`; docs/benchmarks.md describes the
//! groups of measurements and the table. Run by `scripts/bench.sh`, which builds both Workers.

mod arguments;
mod bodies;
mod client;
mod job;
mod plan;
mod process;
mod progress;
mod report;
mod rounds;
mod sample;
mod scenarios;
mod statistics;

use std::process::ExitCode;

use arguments::Arguments;
use report::Report;

/// Any error; it is printed and ends the run.
type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(worker_threads = 2)]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            progress::say(&format!("bench: {failure}"));
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Failure> {
    let arguments = Arguments::read(std::env::args().skip(1))?;
    let mut report = Report::start(arguments.plan, arguments.against.clone());
    scenarios::run(&arguments, &mut report).await?;
    report.print()?;
    match &arguments.json {
        Some(file) => report.write_json(file),
        None => Ok(()),
    }
}
