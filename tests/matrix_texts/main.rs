//! The built Worker with `CHAT=matrix`, between a real homeserver and the stand-in for Nexmo. The tests are skipped if
//! `scripts/synapse.sh` has not installed Synapse; with `MATRIX_TESTS=required` they fail.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and shows the Worker's log"
)]

#[path = "../support/mod.rs"]
mod support;
#[path = "../support/synapse/mod.rs"]
mod synapse;

mod crash;
mod digests;
mod encrypted;
mod gate;
mod gone;
mod left_out;
mod many;
mod outages;
mod patience;
mod read;
mod receipts;
mod replies;
mod rooms;
mod setup;
mod storm;
mod transactions;
mod words;
mod world;
