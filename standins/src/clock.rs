//! Wall-clock times, and how the two services write them.

use chrono::DateTime;
use std::time::{SystemTime, UNIX_EPOCH};

/// Now, in milliseconds since 1970.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "never on wasm, and messages carry wall-clock times"
)]
pub fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |age| i64::try_from(age.as_millis()).unwrap_or(i64::MAX))
}

/// As Layer writes it: `2016-03-03T22:32:15.828Z`.
pub(crate) fn layer_time(ms: i64) -> String {
    format(ms, "%Y-%m-%dT%H:%M:%S%.3fZ")
}

/// As Nexmo writes `message-timestamp`, in UTC: `2020-01-01 12:00:00`.
pub(crate) fn nexmo_time(ms: i64) -> String {
    format(ms, "%Y-%m-%d %H:%M:%S")
}

/// As a delivery receipt's `scts`: `2001011200`.
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
    fn times_are_written_as_the_services_write_them() {
        assert_eq!(layer_time(1_457_044_335_828), "2016-03-03T22:32:15.828Z");
        assert_eq!(nexmo_time(1_577_880_000_000), "2020-01-01 12:00:00");
        assert_eq!(receipt_time(1_577_880_000_000), "2001011200");
    }
}
