//! What is printed.

use std::io::Write;

use tokio::time::Instant;

/// Tells what has happened, with the seconds since it began to speak.
pub(crate) struct Narrator {
    begun: Instant,
}

impl Narrator {
    pub(crate) fn new() -> Self {
        Self {
            begun: Instant::now(),
        }
    }

    /// Prints a line.
    pub(crate) fn tell(&self, line: &str) {
        let seconds = self.begun.elapsed().as_secs_f64();
        print(&format!("[{seconds:5.1} s] {line}"));
    }

    /// Prints a line, and below it what a screen shows.
    pub(crate) fn show<'a>(&self, line: &str, screen: impl IntoIterator<Item = &'a str>) {
        self.tell(line);
        for shown in screen {
            print(&format!("            | {shown}"));
        }
    }
}

/// Errors are ignored: a closed pipe does not end the story.
fn print(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
