//! From a text on a phone to a message in the conversation.
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
mod duplicates;
mod failing;
mod forged;
mod forms;
mod keywords;
mod links;
mod long;
mod not_texts;
mod operator;
mod order;
mod parts;
mod posting;
mod refused;
mod signed;
mod unknown;
mod whose;
