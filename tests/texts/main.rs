//! From a message that is not read to a text on a phone.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test fails by panicking, and one tells what it has measured"
)]

#[path = "../support/mod.rs"]
mod support;

mod answers;
mod crash;
mod delay;
mod hooks;
mod introductions;
mod numbers;
mod order;
mod over;
mod privacy;
mod recipients;
mod reporting;
mod retries;
mod versions;
mod webhook;
mod wording;
