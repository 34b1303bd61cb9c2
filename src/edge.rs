//! The clock, randomness and the log: what the core never touches itself.

use serde_json::{Map, Value};
use texting::{
    log::{Entry, Level},
    time::Millis,
};
use worker::{console_debug, console_error, console_log, console_warn};

/// Now, in milliseconds since the epoch. It stands still between two pieces of I/O.
pub fn now() -> Millis {
    worker::js_sys::Date::now() as Millis
}

/// Evenly spread over all of `u32`.
pub fn random() -> u32 {
    // Without randomness every wait has its middle length: the texts still leave.
    getrandom::u32().unwrap_or(u32::MAX / 2)
}

/// Writes an entry as one line of JSON.
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
