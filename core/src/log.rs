//! Structured log entries as plain values: decided here, written at the edge.
//!
//! A field never holds a secret, a message's text or a whole phone number.

/// How much an entry matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Only of use when looking for a fault.
    Debug,
    /// Something ordinary happened.
    Info,
    /// Something was refused or put off, and the service copes.
    Warn,
    /// An operator should act, or something was given up.
    Error,
}

/// One entry: a dotted name and its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// How much it matters.
    pub level: Level,
    /// What happened, for example `notice.sent`.
    pub message: &'static str,
    /// Names and values.
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
    /// Its word in a log line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}
