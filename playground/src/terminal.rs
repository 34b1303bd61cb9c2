//! Standard output.

use std::io::Write;

/// Prints one line. Errors are ignored: a closed pipe does not end the program.
pub(crate) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
