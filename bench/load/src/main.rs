//! Measures the built Worker beside the floor (`bench/floor`), both on this machine, in turns.
//!
//! `bench [--quick] [--json FILE] [--only NAME,…]`; docs/benchmarks.md says what the names are and
//! how to read the tables. Started by `scripts/bench.sh`, which builds both Workers.

mod arguments;
mod bodies;
mod client;
mod plan;
mod process;
mod report;
mod rounds;
mod scenarios;
mod statistics;

use std::process::ExitCode;

use arguments::Arguments;
use report::Report;

/// Whatever went wrong: a measurement has nobody to explain it to but the person who started it.
type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(worker_threads = 2)]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            report::say(&format!("bench: {failure}"));
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Failure> {
    let arguments = Arguments::read(std::env::args().skip(1))?;
    let mut report = Report::start(arguments.plan);
    scenarios::run(&arguments, &mut report).await?;
    report.print()?;
    match &arguments.json {
        Some(file) => report.write(file),
        None => Ok(()),
    }
}
