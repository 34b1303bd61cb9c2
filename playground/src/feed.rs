//! What the Worker logged, read from the lines of its process, and what this program did.

use serde_json::{Map, Value, json};
use std::collections::VecDeque;
use std::fs::File;
use std::io::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Entries kept; older ones go.
const KEPT: usize = 400;

/// One entry.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    /// Counts from 1.
    pub(crate) number: u64,
    /// Milliseconds since 1970.
    pub(crate) at: i64,
    pub(crate) level: String,
    /// A dotted name, such as `notice.sent`.
    pub(crate) message: String,
    pub(crate) fields: Map<String, Value>,
}

impl Entry {
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name).and_then(Value::as_str)
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "number": self.number, "at": self.at, "level": self.level,
            "message": self.message, "fields": self.fields,
        })
    }
}

/// The last entries, and the file that every line goes to.
#[derive(Default)]
pub(crate) struct Feed {
    entries: Mutex<(u64, VecDeque<Entry>)>,
    file: Option<Mutex<File>>,
}

impl Feed {
    pub(crate) fn new(file: Option<File>) -> Self {
        Self {
            file: file.map(Mutex::new),
            ..Self::default()
        }
    }

    fn entries(&self) -> MutexGuard<'_, (u64, VecDeque<Entry>)> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last entries, oldest first.
    pub(crate) fn all(&self) -> Vec<Entry> {
        self.entries().1.iter().cloned().collect()
    }

    /// A line of the Worker's process: one entry, or something to be kept in the file only.
    pub(crate) fn line(&self, line: &str) {
        let plain = without_colours(line);
        if is_our_own_polling(&plain) {
            return;
        }
        if let Some(file) = &self.file {
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = writeln!(file, "{plain}");
        }
        if let Some((level, message, fields)) = entry(&plain) {
            self.add(&level, &message, fields);
        }
    }

    /// Something that this program did.
    pub(crate) fn note(&self, level: &str, message: &str) {
        self.add(level, message, Map::new());
    }

    pub(crate) fn add(&self, level: &str, message: &str, fields: Map<String, Value>) {
        let mut entries = self.entries();
        entries.0 += 1;
        let number = entries.0;
        entries.1.push_back(Entry {
            number,
            at: standins::now_ms(),
            level: level.to_owned(),
            message: message.to_owned(),
            fields,
        });
        if entries.1.len() > KEPT {
            entries.1.pop_front();
        }
    }
}

fn is_our_own_polling(line: &str) -> bool {
    line.starts_with("[wrangler:info] GET /admin/users/")
        || line.starts_with("[wrangler:info] GET /health")
}

/// The line without terminal colours: ESC `[` … up to a letter.
fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line.chars();
    while let Some(one) = rest.next() {
        if one == '\u{1b}' {
            let _ = rest.find(char::is_ascii_alphabetic);
        } else {
            plain.push(one);
        }
    }
    plain
}

/// Level, message and the other fields of a line that holds a log entry.
fn entry(line: &str) -> Option<(String, String, Map<String, Value>)> {
    let (_, from) = line.split_once('{')?;
    let (inside, _) = from.rsplit_once('}')?;
    let mut fields: Map<String, Value> = serde_json::from_str(&format!("{{{inside}}}")).ok()?;
    let mut take = |name: &str| match fields.remove(name)? {
        Value::String(text) => Some(text),
        _ => None,
    };
    let (level, message) = (take("level")?, take("message")?);
    Some((level, message, fields))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coloured_line_of_wrangler_is_read() {
        let feed = Feed::default();
        feed.line("\u{1b}[31mX \u{1b}[41;31m[\u{1b}[41;97mERROR\u{1b}[0m] \u{1b}[1m{\"level\":\"error\",\"message\":\"notice.dropped\",\"reason\":\"no_number\"}\u{1b}[0m");
        let all = feed.all();
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].message, "notice.dropped");
        assert_eq!(all[0].field("reason"), Some("no_number"));
    }

    #[test]
    fn other_lines_are_no_entries() {
        let feed = Feed::default();
        for line in ["", "Ready on http://x", "{", "}{", "{}", "{\"level\":1}"] {
            feed.line(line);
        }
        assert_eq!(feed.all(), []);
    }

    #[test]
    fn only_the_last_entries_are_kept() {
        let feed = Feed::default();
        for _ in 0..KEPT + 5 {
            feed.note("info", "demo.x");
        }
        let all = feed.all();
        assert_eq!((all.len(), all[0].number), (KEPT, 6));
    }
}
