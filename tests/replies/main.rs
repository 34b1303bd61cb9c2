//! Replies: from an inbound text to a message in the conversation.
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

mod crash;
mod doubt;
mod duplicates;
mod forged;
mod forms;
mod guises;
mod keywords;
mod links;
mod long;
mod loops;
mod marks;
mod operator_faults;
mod order;
mod other_webhooks;
mod parts;
mod posting;
mod refused;
mod retries;
mod senders;
mod signed;
mod strays;
mod tolerance;
mod unknown;
