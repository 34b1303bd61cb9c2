//! The driver of a user's record, over a real SQLite and a fake of everything else: a clock that tests
//! move, alarms that only ring when a test says so, tasks that only run when a test polls them.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod alarm;
mod effects;
mod erasure;
mod hold;
mod journal;
mod keywords;
mod kv;
mod object;
mod reports;
mod services;
#[path = "../support/sqlite.rs"]
mod sqlite;
mod storage;
mod tasks;
mod turns;
mod user;
mod work;
mod world;
#[path = "../support/zones.rs"]
mod zones;
