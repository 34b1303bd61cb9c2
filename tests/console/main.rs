//! What an operator's console and scripts ask, end to end.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod looks;
mod retries;
mod settings;
mod shell;
mod statistics;
#[path = "../support/mod.rs"]
mod support;
