//! Structured log entries as plain values. The Worker writes them.
//!
//! No field holds a secret, the text of a message or a whole phone number.

use std::cell::RefCell;

use strum::IntoStaticStr;

use crate::time::{MINUTE, Timestamp};

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
    /// Whether one such error a minute is enough.
    pub repetitive: bool,
}

impl Entry {
    /// An entry without fields.
    pub fn new(level: Level, message: &'static str) -> Self {
        Self {
            level,
            message,
            fields: Vec::new(),
            repetitive: false,
        }
    }

    /// The entry as one of many with the same cause: see [`Errors`].
    #[must_use]
    pub fn repetitive(mut self) -> Self {
        self.repetitive = true;
        self
    }

    /// The entry with one more field.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.fields.push((name, value.to_string()));
        self
    }
}

/// Lets one repetitive error of each name keep its level in a minute: while, for instance, the credit is used up,
/// every text fails for the same reason.
#[derive(Default)]
pub struct Errors(RefCell<Vec<(&'static str, Timestamp)>>);

impl Errors {
    /// The level at which an entry is written at `now`.
    pub fn level(&self, entry: &Entry, now: Timestamp) -> Level {
        if !entry.repetitive {
            return entry.level;
        }
        let mut recent = self.0.borrow_mut();
        recent.retain(|(_, last)| (*last..*last + MINUTE).contains(&now));
        if recent.iter().any(|(name, _)| *name == entry.message) {
            return Level::Info;
        }
        recent.push((entry.message, now));
        entry.level
    }
}

impl Level {
    /// The name of the level in a log line.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::SECOND;

    #[test]
    fn of_repetitive_errors_one_of_each_name_keeps_its_level_in_a_minute() {
        let errors = Errors::default();
        let repetitive = Entry::new(Level::Error, "notice.postponed").repetitive();
        let other = Entry::new(Level::Error, "notice.failed");
        let at = |seconds: i64| Timestamp::default() + SECOND * seconds;
        let levels = [0, 1, 59, 60, 61].map(|seconds| errors.level(&repetitive, at(seconds)));
        let [error, info] = [Level::Error, Level::Info];
        assert_eq!(levels, [error, info, info, error, info]);
        assert_eq!(errors.level(&other, at(62)), Level::Error);
        let another = Entry::new(Level::Error, "text.undelivered").repetitive();
        let levels = [63, 64].map(|seconds| errors.level(&another, at(seconds)));
        assert_eq!(levels, [error, info]);
    }
}
