//! A real Matrix homeserver, Synapse, and what an application service gets from it and may ask it. The tests are skipped
//! if `scripts/synapse.sh` has not installed it; with `MATRIX_TESTS=required` they fail.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "../support/mod.rs"]
mod support;
#[path = "../support/synapse/mod.rs"]
mod synapse;

mod delivery;
mod people;
mod posting;
mod receipts;
