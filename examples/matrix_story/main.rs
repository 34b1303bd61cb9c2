//! The story that `scripts/demo.sh --matrix --guided` tells: the built Worker in workerd between a real Matrix
//! homeserver, Synapse, and the stand-in for Nexmo. Each step is checked before it is told; the exit status is 0 if all
//! was as told.
//!
//! What starts the Worker and Synapse is that of the tests. It panics if one of them does not start or respond.

#[path = "../../tests/support/mod.rs"]
mod support;
#[path = "../../tests/support/synapse/mod.rs"]
mod synapse;

mod narrator;
mod stage;
mod story;
mod witness;

use std::io::Write;
use std::process::ExitCode;

use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> ExitCode {
    // Everything that runs is stopped when the story is dropped, so that an interrupt leaves nothing behind.
    let told = tokio::select! {
        told = story::tell() => told,
        () = interrupted() => Err("interrupted".to_owned()),
    };
    match told {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            let _ = writeln!(std::io::stderr(), "Error: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// Returns at SIGINT or SIGTERM.
async fn interrupted() {
    let signals = (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
    );
    let (Ok(mut interrupt), Ok(mut terminate)) = signals else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
