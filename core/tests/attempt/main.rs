//! Attempts to text, between a record on a real SQLite and services that answer at once.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod digests;
mod effects;
mod marks;
mod pace;
mod receipts;
mod restraint;
mod services;
#[path = "../support/sqlite.rs"]
mod sqlite;
mod strays;
mod user;
mod words;
#[path = "../support/zones.rs"]
mod zones;
