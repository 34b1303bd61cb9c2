//! A chat and some phones to play with: both stand-ins, some people, and a page.
//!
//! Without arguments it serves a page; with `--guided` it plays one conversation in the terminal and exits
//! with status 0 if it succeeds.

mod acts;
mod config;
mod curl;
mod feed;
mod guided;
mod page;
mod problem;
mod records;
mod runner;
mod settings;
mod switches;
mod view;
mod webhooks;
mod worker;
mod world;

use config::Config;
use feed::Feed;
use problem::Problem;
use runner::Runner;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};
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
    let config = Arc::new(config);
    let feed = Arc::new(Feed::new(log_file(&config)?));
    let runner = Arc::new(Runner::new(&config, &feed));
    let world = Arc::new(World::start(&config, &runner, &feed).await?);
    say(&format!(
        "Layer's stand-in is at {}, Nexmo's at {}.",
        world.layer.url(),
        world.nexmo.url()
    ));
    let ended = tokio::select! {
        ended = show(&config, &world) => ended,
        () = told_to_end() => Ok(()),
    };
    // Whatever happened, no process of the Worker is left behind.
    runner.stop().await;
    ended
}

async fn show(config: &Arc<Config>, world: &Arc<World>) -> Result<(), Problem> {
    if config.guided {
        world.runner.start().await?;
        return tokio::select! {
            told = guided(config, world) => told,
            problem = world.runner.died() => Err(problem),
        };
    }
    let serving = page::serve(Arc::clone(world), config.page_port).await?;
    say(&format!(
        "The page is at http://127.0.0.1:{}; Ctrl-C ends it.",
        config.page_port
    ));
    world.runner.start().await?;
    let runner = Arc::clone(&world.runner);
    tokio::spawn(async move { runner.watch().await });
    if let Some(token) = config.admin_token.clone() {
        tokio::spawn(records::poll(
            Arc::clone(world),
            config.worker.clone(),
            token,
        ));
    }
    let connected = async {
        // The page is of use without the Worker, too: it shows what is missing.
        match worker::connect(config).await {
            Ok(()) => say("The Worker is set up: write to someone and leave it unread."),
            Err(problem) => say(&format!("The Worker is not connected: {problem}")),
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        ended = serving => ended.map_err(|error| Problem::Page(error.to_string())),
        () = connected => Ok(()),
    }
}

async fn guided(config: &Config, world: &World) -> Result<(), Problem> {
    worker::connect(config).await?;
    guided::tell(world).await
}

fn log_file(config: &Config) -> Result<Option<File>, Problem> {
    let Some(path) = &config.log else {
        return Ok(None);
    };
    let opened = OpenOptions::new().create(true).append(true).open(path);
    opened
        .map(Some)
        .map_err(|error| Problem::file(path, &error))
}

/// Ctrl-C, or a polite kill.
async fn told_to_end() {
    let mut signals = [
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
        signal(SignalKind::hangup()),
    ];
    let [Ok(interrupt), Ok(terminate), Ok(hangup)] = &mut signals else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hangup.recv() => {}
    }
}
