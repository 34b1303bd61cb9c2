//! The clock.

use texting::time::Timestamp;

/// The time now. The runtime advances it only when I/O has happened.
pub fn now() -> Timestamp {
    Timestamp::from_millis(worker::js_sys::Date::now() as i64)
}
