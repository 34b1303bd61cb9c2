//! The routes that the operator's console and scripts use.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod failures;
mod files;
mod settings;
mod setup_preview;
mod statistics;
#[path = "../support/mod.rs"]
mod support;
