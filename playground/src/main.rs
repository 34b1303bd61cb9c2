//! A page with a chat and phones around both stand-ins, to try the Worker on one machine.
//!
//! Without arguments it serves a page; with `--guided` it plays one conversation in the terminal and exits
//! with status 0 if it succeeds.

mod acts;
mod admin;
mod clock;
mod config;
mod curl;
mod deployment;
mod guided;
mod log;
mod outcomes;
mod page;
mod page_settings;
mod poll;
mod problem;
mod process;
mod quiet;
mod records;
mod settings_file;
mod switches;
mod terminal;
mod view;
mod webhooks;
mod world;

use config::Config;
use log::Log;
use problem::Problem;
use process::Process;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use terminal::say;
use tokio::signal::unix::{SignalKind, signal};
use world::World;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            let _ = writeln!(std::io::stderr(), "Error: {problem}");
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
    let log = Arc::new(Log::new(log_file(&config)?));
    let process = Arc::new(Process::new(&config, &log));
    let world = Arc::new(World::start(&config, &process, &log).await?);
    say(&format!(
        "Layer's stand-in is at {}, Nexmo's at {}.",
        world.layer.url(),
        world.nexmo.url()
    ));
    let ended = tokio::select! {
        ended = serve(&config, &world) => ended,
        () = interrupted() => Ok(()),
    };
    // In every case, so that no process of the Worker is left running.
    process.stop().await;
    ended
}

/// Serves the page until its server fails, or plays the conversation of `--guided`.
async fn serve(config: &Arc<Config>, world: &Arc<World>) -> Result<(), Problem> {
    if config.guided {
        world.process.start().await?;
        return tokio::select! {
            played = guided(config, world) => played,
            problem = world.process.ended() => Err(problem),
        };
    }
    world.push_receipts(None);
    let serving = page::serve(Arc::clone(world), config.page_port).await?;
    say(&format!(
        "The page is at http://127.0.0.1:{}; Ctrl-C ends it.",
        config.page_port
    ));
    world.process.start().await?;
    let process = Arc::clone(&world.process);
    tokio::spawn(async move { process.watch().await });
    if let Some(token) = config.admin_token.clone() {
        tokio::spawn(poll::poll(Arc::clone(world), config.worker.clone(), token));
    }
    let connected = async {
        // The page also works without the Worker, and shows what is missing.
        match admin::connect(config).await {
            Ok(()) => say("The Worker is set up: write to a user and leave the message unread."),
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
    admin::connect(config).await?;
    guided::play(world).await
}

/// The file of `--log`, opened for appending.
fn log_file(config: &Config) -> Result<Option<File>, Problem> {
    let Some(path) = &config.log else {
        return Ok(None);
    };
    let opened = OpenOptions::new().create(true).append(true).open(path);
    opened
        .map(Some)
        .map_err(|error| Problem::file(path, &error))
}

/// Returns at SIGINT, SIGTERM or SIGHUP.
async fn interrupted() {
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
