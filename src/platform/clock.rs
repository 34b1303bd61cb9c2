//! The clock.

use texting::time::Timestamp;

/// The time now. It stands still between two pieces of I/O.
pub fn now() -> Timestamp {
    Timestamp::from_millis(worker::js_sys::Date::now() as i64)
}
