//! A chat and some phones to play with: both stand-ins, some people, and a page.
//!
//! `demo` serves a page; `demo --guided` tells one story in the terminal and exits 0 if it came true.

mod config;
mod guided;
mod page;
mod problem;
mod worker;
mod world;

use config::Config;
use problem::Problem;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use world::World;

/// One line on standard output; a closed pipe is no reason to stop.
pub(crate) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            let _ = writeln!(std::io::stderr(), "It did not work: {problem}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Problem> {
    let config = Config::read(std::env::args().skip(1), |name| std::env::var(name).ok())?;
    if config.help {
        say(config::HELP);
        return Ok(());
    }
    let world = Arc::new(World::start(&config).await?);
    say(&format!(
        "Layer's stand-in is at {}, Nexmo's at {}.",
        world.layer.url(),
        world.nexmo.url()
    ));
    if config.guided {
        worker::connect(&config).await?;
        return guided::tell(&world).await;
    }
    let serving = page::serve(Arc::clone(&world), config.page_port).await?;
    say(&format!(
        "The page is at http://127.0.0.1:{}; Ctrl-C ends it.",
        config.page_port
    ));
    // The page is of use without the Worker, too: it shows what is missing.
    match worker::connect(&config).await {
        Ok(()) => say("The Worker is set up: write to someone and leave it unread."),
        Err(problem) => say(&format!("The Worker is not connected: {problem}")),
    }
    tokio::select! {
        ended = serving => ended.map_err(|error| Problem::Page(error.to_string()))?,
        _ = tokio::signal::ctrl_c() => {}
    }
    Ok(())
}
