//! Texts: from an unread message to a text on a phone.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test fails by panicking, and one prints a measurement"
)]

#[path = "../support/mod.rs"]
mod support;

mod attachments;
mod crash;
mod delay;
mod deletions;
mod digests;
mod doubt;
mod hooks;
mod introductions;
mod numbers;
mod order;
mod privacy;
mod recipients;
mod refusals;
mod reporting;
mod restraint;
mod retries;
mod tolerance;
mod versions;
mod webhook;
mod wording;
