//! Quiet hours by the wall clocks of real time zones.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod changes;
mod properties;
mod recipients;
mod support;
#[path = "../support/zones.rs"]
mod zones;
