//! The timestamps in Nexmo's webhooks.

use chrono::DateTime;

use crate::time::Timestamp;

/// Longer than any timestamp, nanoseconds included. In bytes.
const LONGEST: usize = 64;

/// Reads `2020-01-01 12:00:00` (UTC), which Nexmo sends, or an ISO 8601 timestamp with or without an offset,
/// which Nexmo documents.
pub fn read(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    let (date, time) = text.split_once(['T', 't', ' '])?;
    let time = match time.rfind(['Z', 'z', '+', '-']) {
        None => format!("{time}Z"),
        Some(at) => with_colon(time, at)?,
    };
    let moment = DateTime::parse_from_rfc3339(&format!("{date}T{time}")).ok()?;
    Some(Timestamp::from_millis(moment.timestamp_millis()))
}

/// Adds the colon between hours and minutes of the offset that RFC 3339 requires.
fn with_colon(time: &str, offset_at: usize) -> Option<String> {
    let hours_end = offset_at + "+00".len();
    match time.split_at_checked(hours_end) {
        Some((start, "")) => Some(format!("{start}:00")),
        Some((start, minutes)) if minutes.len() == 2 => Some(format!("{start}:{minutes}")),
        _ => Some(time.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::time::Span;

    const NOON: Timestamp = Timestamp::from_millis(1_577_880_000_000);

    #[test]
    fn the_captured_and_the_documented_forms_are_read() {
        for text in [
            "2020-01-01 12:00:00",
            " 2020-01-01 12:00:00 ",
            "2020-01-01T12:00:00",
            "2020-01-01T12:00:00Z",
            "2020-01-01 12:00:00z",
            "2020-01-01T12:00:00.000+00:00",
            "2020-01-01T12:00:00.000+0000",
            "2020-01-01T13:30:00+0130",
            "2020-01-01T11:00:00-01",
        ] {
            assert_eq!(read(text), Some(NOON), "{text:?}");
        }
        assert_eq!(
            read("2020-01-01 12:00:00.250"),
            Some(NOON + Span::from_millis(250))
        );
    }

    #[test]
    fn anything_else_is_not_a_timestamp() {
        for text in [
            "",
            "2020-01-01",
            "12:00:00",
            "1577880000",
            "2020-13-01 12:00:00",
            "2020-01-01 25:00:00",
            "2020-01-01T12:00:00+",
            "yesterday at noon",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_string_can_be_read(text in any::<String>()) {
            let _ = read(&text);
        }

        #[test]
        fn anything_like_a_timestamp_can_be_read(
            text in "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.é]{0,9}[Z+-][0-9:é]{0,6}"
        ) {
            let _ = read(&text);
        }
    }
}
