//! Upgrading from version 0.1.0: this Worker goes on with the state that the first release's own build has left, and
//! what becomes of this Worker's state if the first release is deployed again.
//!
//! `first-release/` holds that state; `make.rs` made it. Each test copies it, moves all that it stores in time, so that
//! the moment at which the first release was killed is now or some time ago, and starts this Worker on it. The tests of
//! rolling back also need the first release's build (`scripts/first-release.sh`): `FIRST_RELEASE` names its folder.
//! Without it they are skipped.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking, and those that are skipped say so"
)]

#[path = "../support/mod.rs"]
mod support;

mod claims;
mod consent;
mod failures;
mod fixture;
mod links;
mod make;
mod memory;
mod notices;
mod people;
mod replies;
mod restart;
mod rollback;
mod shown;
mod state;
mod statistics;
mod upgraded;
