//! Delivery receipts: what Nexmo says became of a text, and what comes of that.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking, and one prints a table"
)]

#[path = "../support/mod.rs"]
mod support;

mod callback;
mod carrier_stop;
mod codes;
mod early;
mod forged;
mod kept;
mod lost;
mod parts;
mod receiving;
mod unknown;
mod unreachable;
