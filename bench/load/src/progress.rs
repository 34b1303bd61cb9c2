//! Progress and errors, on standard error.

use std::io::Write;

/// Writes one line.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
