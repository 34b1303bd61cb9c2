//! Support for the end-to-end tests: the built Worker in workerd, between the stand-ins.
#![allow(
    dead_code,
    missing_docs,
    unused_imports,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and each target uses a part of this"
)]

pub mod clock;
pub mod inbound;
pub mod ports;
pub mod process;
pub mod worker;
pub mod world;

pub use clock::quiet_now;
pub use inbound::*;
pub use ports::*;
pub use process::node;
pub use worker::*;
pub use world::*;
