//! Structured log entries as plain values. The Worker writes them.
//!
//! No field holds a secret, the text of a message or a whole phone number.

use strum::IntoStaticStr;

/// The level of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Level {
    /// Useful only for debugging.
    Debug,
    /// A normal event.
    Info,
    /// Something was refused or postponed; no action is needed.
    Warn,
    /// The operator should act, or something was given up.
    Error,
}

/// A log entry: a dotted name with fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The level.
    pub level: Level,
    /// The name of the event, such as `notice.sent`.
    pub message: &'static str,
    /// Names and values of the fields.
    pub fields: Vec<(&'static str, String)>,
}

impl Entry {
    /// An entry without fields.
    pub fn new(level: Level, message: &'static str) -> Self {
        Self {
            level,
            message,
            fields: Vec::new(),
        }
    }

    /// The entry with one more field.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.fields.push((name, value.to_string()));
        self
    }
}

impl Level {
    /// The name of the level in a log line.
    pub fn word(self) -> &'static str {
        self.into()
    }
}
