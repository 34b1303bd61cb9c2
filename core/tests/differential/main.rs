//! What two packages of the first implementation do, against ours: durations in settings (npm's `ms`
//! 2.1.3) and requests to Layer (npm's `layer-api` 2.3.3). Wanted differences are listed with their
//! reasons; any other is a fault.
//!
//! The packages' side is in the JSON files beside this one. They are made anew, byte for byte the same,
//! by `node core/tests/differential/generate.mjs` (node 20, npm, openssl).

#![allow(clippy::expect_used, clippy::panic)]

mod durations;
mod requests;
mod wanted;
