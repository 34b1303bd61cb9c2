//! What an operator uses: health, setup, the admin routes, the log, wrangler.
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

mod admin;
mod erasing;
mod health;
mod logs;
mod phones;
mod registration;
mod secrets;
mod services;
mod setup;
mod setup_report;
mod waking;
mod wrangler;
mod wrong_values;
