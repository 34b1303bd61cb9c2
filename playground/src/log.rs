//! The log: entries that the Worker wrote to its output, and the playground's own.

use serde_json::{Map, Value, json};
use std::collections::VecDeque;
use std::fs::File;
use std::io::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The number of entries kept.
const KEPT: usize = 400;

/// A log entry.
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

#[derive(Default)]
struct Entries {
    list: VecDeque<Entry>,
    /// The number of the last entry.
    count: u64,
}

/// The last entries, and the file that receives every line.
#[derive(Default)]
pub(crate) struct Log {
    entries: Mutex<Entries>,
    file: Option<Mutex<File>>,
}

impl Log {
    pub(crate) fn new(file: Option<File>) -> Self {
        Self {
            file: file.map(Mutex::new),
            ..Self::default()
        }
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last entries, oldest first.
    pub(crate) fn all(&self) -> Vec<Entry> {
        self.entries().list.iter().cloned().collect()
    }

    /// Writes a line of the Worker's output to the file, and adds it as an entry if it is one.
    pub(crate) fn line(&self, line: &str) {
        let plain = without_colours(line);
        if is_own_polling(&plain) {
            return;
        }
        if let Some(file) = &self.file {
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = writeln!(file, "{plain}");
        }
        if let Some(parsed) = parse(&plain) {
            self.add(parsed);
        }
    }

    /// Adds an entry about what the playground did.
    pub(crate) fn note(&self, level: &str, message: &str) {
        self.add(Parsed {
            level: level.to_owned(),
            message: message.to_owned(),
            fields: Map::new(),
        });
    }

    fn add(&self, parsed: Parsed) {
        let mut entries = self.entries();
        entries.count += 1;
        let number = entries.count;
        entries.list.push_back(Entry {
            number,
            at: standins::now_ms(),
            level: parsed.level,
            message: parsed.message,
            fields: parsed.fields,
        });
        if entries.list.len() > KEPT {
            entries.list.pop_front();
        }
    }
}

/// Whether wrangler logged one of the playground's own periodic requests.
fn is_own_polling(line: &str) -> bool {
    line.starts_with("[wrangler:info] GET /admin/users/")
        || line.starts_with("[wrangler:info] GET /health")
}

/// Removes terminal colours: from ESC to the next letter.
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

/// A log entry of the Worker.
struct Parsed {
    level: String,
    message: String,
    fields: Map<String, Value>,
}

/// The log entry in a line, if there is one.
fn parse(line: &str) -> Option<Parsed> {
    let (_, from) = line.split_once('{')?;
    let (inside, _) = from.rsplit_once('}')?;
    let mut fields: Map<String, Value> = serde_json::from_str(&format!("{{{inside}}}")).ok()?;
    let mut take = |name: &str| match fields.remove(name)? {
        Value::String(text) => Some(text),
        _ => None,
    };
    let (level, message) = (take("level")?, take("message")?);
    Some(Parsed {
        level,
        message,
        fields,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coloured_line_of_wrangler_is_parsed() {
        let log = Log::default();
        log.line("\u{1b}[31mX \u{1b}[41;31m[\u{1b}[41;97mERROR\u{1b}[0m] \u{1b}[1m{\"level\":\"error\",\"message\":\"notice.dropped\",\"reason\":\"no_number\"}\u{1b}[0m");
        let all = log.all();
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].message, "notice.dropped");
        assert_eq!(all[0].field("reason"), Some("no_number"));
    }

    #[test]
    fn other_lines_add_no_entries() {
        let log = Log::default();
        for line in ["", "Ready on http://x", "{", "}{", "{}", "{\"level\":1}"] {
            log.line(line);
        }
        assert_eq!(log.all(), []);
    }

    #[test]
    fn only_the_last_entries_are_kept() {
        let log = Log::default();
        for _ in 0..KEPT + 5 {
            log.note("info", "demo.x");
        }
        let all = log.all();
        assert_eq!((all.len(), all[0].number), (KEPT, 6));
    }
}
