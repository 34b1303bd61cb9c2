//! The timestamps in Nexmo's webhooks.

use std::borrow::Cow;

use crate::time::Timestamp;

/// The length of a date and the character after it.
const DATE: usize = "2020-01-01 ".len();

/// Reads `2020-01-01 12:00:00` (UTC), which Nexmo sends, or an ISO 8601 timestamp, which Nexmo documents: with or
/// without an offset, which may follow a blank. A blank also stands for the plus of an offset, which is a blank
/// in a form.
pub fn read(text: &str) -> Option<Timestamp> {
    let text = closed_up(text.trim());
    let time = text.get(DATE..)?;
    let end = time
        .find(['+', '-', 'Z', 'z'])
        .map_or(text.len(), |at| DATE + at);
    let (moment, offset) = text.split_at_checked(end)?;
    Timestamp::read_rfc3339(&format!("{moment}{}", with_minutes(offset)))
}

/// An offset with minutes and a colon, as RFC 3339 has it; that of UTC if there is none.
fn with_minutes(offset: &str) -> String {
    let Some((hours, minutes)) = offset.split_at_checked("+00".len()) else {
        return if offset.is_empty() { "Z" } else { offset }.to_owned();
    };
    match minutes.trim_start_matches(':') {
        "" if minutes.is_empty() => format!("{hours}:00"),
        minutes => format!("{hours}:{minutes}"),
    }
}

/// The text without the blank before its offset, and with the offset's sign.
fn closed_up(text: &str) -> Cow<'_, str> {
    let Some((date_and_time, offset)) = text.rsplit_once(' ') else {
        return text.into();
    };
    match offset.bytes().next() {
        _ if !date_and_time.contains([' ', 'T', 't']) => text.into(),
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
