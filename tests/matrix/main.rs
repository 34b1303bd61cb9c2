//! A real Matrix homeserver, Synapse, and what an application service gets from it and may ask it. The tests are skipped
//! if `scripts/synapse.sh` has not installed it; with `MATRIX_TESTS=required` they fail.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and shows the homeserver's log"
)]

mod admin;
mod api;
mod client;
mod config;
mod delivery;
mod homeserver;
mod messages;
mod people;
mod posting;
mod receipts;
mod recorder;
mod stage;
#[path = "../support/mod.rs"]
mod support;
