//! Support for the tests with a real Matrix homeserver, Synapse, and for `examples/matrix_story`. The tests are skipped
//! if `scripts/synapse.sh` has not installed it; with `MATRIX_TESTS=required` they fail.
#![allow(
    dead_code,
    missing_docs,
    unused_imports,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking and shows the homeserver's log, and each target uses a part of this"
)]

mod admin;
mod api;
mod client;
mod config;
mod homeserver;
mod messages;
mod recorder;
mod settings;
mod stage;

pub use api::*;
pub use client::*;
pub use config::{SERVER_NAME, Service};
pub use homeserver::Homeserver;
pub use messages::Receipt;
pub use recorder::*;
pub use settings::settings;
pub use stage::*;
