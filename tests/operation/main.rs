//! What an operator sees and does: health, setting up, the admin routes, the log, wrangler.
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
mod registration;
mod reports;
mod secrets;
mod setup;
mod waking;
mod wrangler;
mod wrong_values;
