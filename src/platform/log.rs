//! The log: one line of JSON per entry.

use serde_json::{Map, Value};
use texting::log::{Entry, Level};
use worker::{console_debug, console_error, console_log, console_warn};

/// Writes an entry.
pub fn log(entry: &Entry) {
    let mut line = Map::new();
    line.insert("level".to_owned(), Value::from(entry.level.word()));
    line.insert("message".to_owned(), Value::from(entry.message));
    for (name, value) in &entry.fields {
        line.insert((*name).to_owned(), Value::from(value.as_str()));
    }
    let line = Value::Object(line).to_string();
    match entry.level {
        Level::Debug => console_debug!("{line}"),
        Level::Info => console_log!("{line}"),
        Level::Warn => console_warn!("{line}"),
        Level::Error => console_error!("{line}"),
    }
}
