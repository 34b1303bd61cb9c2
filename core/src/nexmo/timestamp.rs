//! The timestamps in Nexmo's webhooks.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDateTime};

use crate::time::Timestamp;

/// A moment without an offset. `%.f` is an optional fraction of a second.
const UTC: &str = "%Y-%m-%d %H:%M:%S%.f";
/// A moment with an offset. `%#z` is an offset with or without minutes, or `Z`.
const WITH_OFFSET: &str = "%Y-%m-%d %H:%M:%S%.f%#z";

/// Reads `2020-01-01 12:00:00` (UTC), which Nexmo sends, or an ISO 8601 timestamp, which Nexmo documents: with or
/// without an offset, which may follow a blank. A blank also stands for the plus of an offset, which is a blank
/// in a form.
pub fn read(text: &str) -> Option<Timestamp> {
    let text = text.trim().replacen(['T', 't'], " ", 1);
    let moment = NaiveDateTime::parse_from_str(&text, UTC)
        .map(|moment| moment.and_utc())
        .or_else(|_| {
            DateTime::parse_from_str(&closed_up(&text), WITH_OFFSET).map(|moment| moment.to_utc())
        })
        .ok()?;
    Some(Timestamp::from_millis(moment.timestamp_millis()))
}

/// The text without the blank before its offset, and with the offset's sign.
fn closed_up(text: &str) -> Cow<'_, str> {
    let Some((date_and_time, offset)) = text.rsplit_once(' ') else {
        return text.into();
    };
    match offset.bytes().next() {
        _ if !date_and_time.contains(' ') => text.into(),
        Some(b'0'..=b'9') => format!("{date_and_time}+{offset}").into(),
        _ => format!("{}{offset}", date_and_time.trim_end()).into(),
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
            "2020-01-01 12:00:00 +0000",
            "2020-01-01 12:00:00 +00:00",
            "2020-01-01 12:00:00 Z",
            "2020-01-01T13:30:00 +0130",
            "2020-01-01T12:00:00.000 00:00",
            "2020-01-01 13:00:00 0100",
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
            "2020-01-01 12:00:00 x",
            "2020-01-01 12:00:00 1",
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
