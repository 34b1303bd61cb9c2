//! What the documents promise an operator is what the core knows.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod examples;
mod markdown;
mod openapi;
mod openapi_file;
mod settings_file;
mod settings_table;
mod settings_toml;

/// The text of a file of the project.
fn file(path: &str) -> String {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    std::fs::read_to_string(format!("{root}/{path}")).expect(path)
}
