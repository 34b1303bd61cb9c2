//! A user's record on a real SQLite.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod digest_fates;
mod digests;
mod doubt;
mod holds;
mod horizons;
mod inbound;
mod intervals;
mod links;
mod marks;
mod notices;
mod other_numbers;
mod receipts;
mod repeated;
mod replies;
mod reports;
mod retries;
mod sending;
#[path = "../support/sqlite.rs"]
mod sqlite;
mod storage;
mod support;
mod wire;
