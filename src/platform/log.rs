//! The log: one line of JSON per entry.

use serde_json::{Map, Value};
use texting::log::{Entry, Errors, Level};
use worker::{console_debug, console_error, console_log, console_warn};

use super::clock::now;

thread_local! {
    /// The repetitive errors of this isolate.
    static ERRORS: Errors = Errors::default();
}

/// Writes an entry. Of repetitive errors, one a minute is written as an error and the others as information.
pub fn log(entry: &Entry) {
    let level = ERRORS.with(|errors| errors.level(entry, now()));
    let mut line = Map::new();
    line.insert("level".to_owned(), Value::from(level.word()));
    line.insert("message".to_owned(), Value::from(entry.message));
    for (name, value) in &entry.fields {
        line.insert((*name).to_owned(), Value::from(value.as_str()));
    }
    let line = Value::Object(line).to_string();
    match level {
        Level::Debug => console_debug!("{line}"),
        Level::Info => console_log!("{line}"),
        Level::Warn => console_warn!("{line}"),
        Level::Error => console_error!("{line}"),
    }
}
