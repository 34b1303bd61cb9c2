//! What the documents promise, tried with the built Worker and the project's own tools.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod commands;
mod entries;
mod links;
mod log_entries;
mod openapi;
#[path = "../../core/tests/documents/openapi_file.rs"]
mod openapi_file;
mod operating;
mod rustup;
#[path = "../support/mod.rs"]
mod support;
mod version;

use std::path::Path;

/// The project's folder.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a file of the project.
fn file(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).expect(path)
}
