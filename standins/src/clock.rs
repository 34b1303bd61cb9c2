//! The wall clock, and the time formats of both services.

use chrono::DateTime;
use std::time::{SystemTime, UNIX_EPOCH};

/// Now, in milliseconds since 1970.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "not on wasm, and messages have wall-clock times"
)]
pub fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |age| i64::try_from(age.as_millis()).unwrap_or(i64::MAX))
}

/// Layer's format: `2016-03-03T22:32:15.828Z`.
pub(crate) fn layer_time(ms: i64) -> String {
    format(ms, "%Y-%m-%dT%H:%M:%S%.3fZ")
}

/// Nexmo's `message-timestamp`, in UTC: `2020-01-01 12:00:00`.
pub(crate) fn nexmo_time(ms: i64) -> String {
    format(ms, "%Y-%m-%d %H:%M:%S")
}

/// The `scts` of a delivery receipt: `2001011200`.
pub(crate) fn receipt_time(ms: i64) -> String {
    format(ms, "%y%m%d%H%M")
}

fn format(ms: i64, pattern: &str) -> String {
    DateTime::from_timestamp_millis(ms)
        .map(|time| time.format(pattern).to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_the_services_formats() {
        assert_eq!(layer_time(1_457_044_335_828), "2016-03-03T22:32:15.828Z");
        assert_eq!(nexmo_time(1_577_880_000_000), "2020-01-01 12:00:00");
        assert_eq!(receipt_time(1_577_880_000_000), "2001011200");
    }
}
