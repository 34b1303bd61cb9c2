//! Reads durations in settings.
//!
//! A text that the npm package `ms` 2.1.3 accepts has the same meaning here; any other text is read by the
//! crate `humantime`. `ms` takes precedence: `5M` is five minutes, which `humantime` would read as months.

use std::time::Duration;

use thiserror::Error;

use crate::time::{DAY, HOUR, MINUTE, SECOND, Span};

/// What is wrong with a duration.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DurationError {
    /// The text is blank.
    #[error("it is empty; write a number and a unit, such as `10 minutes`")]
    Empty,
    /// The duration is negative.
    #[error("it is negative; write a span of zero or more, such as `10 minutes`")]
    Negative,
    /// The duration is too long to be counted.
    #[error("it is too long to be counted; write a shorter span, such as `1 week`")]
    TooLong,
    /// The text is not a duration.
    #[error(
        "it is not a span of time ({0}); write a number and a unit, such as `10 minutes`, `1.5h` or \
         `1h 30m`, with ms, s, m, h, d, w or y, or milliseconds as a bare number"
    )]
    Unreadable(&'static str),
}

/// The longest text that `ms` reads, in characters.
const LONGEST: usize = 100;
/// The longest duration in milliseconds. Beyond this, a float cannot hold every whole number.
const LARGEST: f64 = 9_007_199_254_740_992.0;

/// Reads a duration, rounded to milliseconds.
///
/// # Errors
/// [`DurationError`].
pub fn read(text: &str) -> Result<Span, DurationError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(DurationError::Empty);
    }
    match as_ms(text) {
        Some(millis) => whole(millis),
        None if text.starts_with('-') => Err(DurationError::Negative),
        None => as_humantime(text),
    }
}

/// The milliseconds that `ms` reads: an optional minus, digits with an optional fraction, spaces, and an
/// optional unit in any case. Computed in floats, as in `ms`. `None` when `ms` does not accept the text.
fn as_ms(text: &str) -> Option<f64> {
    if text.len() > LONGEST {
        return None;
    }
    let end = text
        .find(|c: char| !matches!(c, '0'..='9' | '.' | '-'))
        .unwrap_or(text.len());
    let (number, rest) = text.split_at_checked(end)?;
    let digits = number.strip_prefix('-').unwrap_or(number);
    let (whole, fraction) = digits.split_once('.').unwrap_or(("0", digits));
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if fraction.is_empty() || !all_digits(fraction) || !all_digits(whole) {
        return None;
    }
    let unit = unit(rest.trim_start_matches(' '))?;
    Some(number.parse::<f64>().ok()? * unit)
}

/// The milliseconds of a unit of `ms`.
fn unit(name: &str) -> Option<f64> {
    let unit: Span = match name.to_ascii_lowercase().as_str() {
        "" | "ms" | "msec" | "msecs" | "millisecond" | "milliseconds" => Span::from_millis(1),
        "s" | "sec" | "secs" | "second" | "seconds" => SECOND,
        "m" | "min" | "mins" | "minute" | "minutes" => MINUTE,
        "h" | "hr" | "hrs" | "hour" | "hours" => HOUR,
        "d" | "day" | "days" => DAY,
        "w" | "week" | "weeks" => DAY.times(7),
        "y" | "yr" | "yrs" | "year" | "years" => DAY.times(365) + HOUR.times(6),
        _ => return None,
    };
    // Every unit is far below the 53 bits that a float holds.
    Some(unit.as_millis() as f64)
}

/// Rounds milliseconds.
fn whole(millis: f64) -> Result<Span, DurationError> {
    match millis {
        _ if millis < 0.0 => Err(DurationError::Negative),
        // In range, so the cast only drops the fraction.
        _ if millis <= LARGEST => Ok(Span::from_millis(millis.round() as i64)),
        _ => Err(DurationError::TooLong),
    }
}

/// The duration that `humantime` reads. Passes each number with its unit separately: the sum inside
/// `humantime` panics on overflow.
fn as_humantime(text: &str) -> Result<Span, DurationError> {
    let mut sum = Duration::from_micros(500);
    if terms(text)
        .iter()
        .any(|term| term.trim_end().ends_with(is_capital_m))
    {
        return Err(DurationError::Unreadable(MONTHS_OR_MINUTES));
    }
    for term in terms(text) {
        let duration = humantime::parse_duration(term).map_err(reason)?;
        sum = sum.checked_add(duration).ok_or(DurationError::TooLong)?;
    }
    i64::try_from(sum.as_millis())
        .map(Span::from_millis)
        .map_err(|_| DurationError::TooLong)
}

const MONTHS_OR_MINUTES: &str = "a capital M could be months or minutes";

fn is_capital_m(c: char) -> bool {
    c == 'M'
}

/// Splits `1h 30m` before each digit that follows a unit.
fn terms(text: &str) -> Vec<&str> {
    let mut terms = Vec::new();
    let mut start = 0;
    let mut has_unit = false;
    for (at, c) in text.char_indices() {
        if c.is_ascii_digit() && has_unit {
            terms.extend(text.get(start..at));
            (start, has_unit) = (at, false);
        }
        has_unit |= c.is_alphabetic();
    }
    terms.extend(text.get(start..));
    terms
}

fn reason(error: humantime::DurationError) -> DurationError {
    use humantime::DurationError as Error;
    DurationError::Unreadable(match error {
        Error::InvalidCharacter(_) => "a character is out of place",
        Error::NumberExpected(_) => "a number is missing",
        Error::UnknownUnit { unit, .. } if unit.is_empty() => "a unit is missing",
        Error::UnknownUnit { .. } => "a unit is unknown",
        Error::NumberOverflow => "a number is too large or too precise",
        Error::Empty => return DurationError::Empty,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_ms_accepts_means_the_same() {
        // Computed with ms 2.1.3.
        for (text, millis) in [
            ("600000", 600_000),
            ("0", 0),
            ("-0", 0),
            ("007", 7),
            ("100 ", 100),
            ("1.5h", 5_400_000),
            ("2 days", 172_800_000),
            ("1w", 604_800_000),
            (".5 sec", 500),
            ("5M", 300_000),
            ("10 Minutes", 600_000),
            ("3 MSECS", 3),
            ("1 mSeC", 1),
            ("600000 milliseconds", 600_000),
            ("2   hrs", 7_200_000),
            ("1 yr", 31_557_600_000),
            ("1Y", 31_557_600_000),
            ("0.1y", 3_155_760_000),
            ("1.4", 1),
            ("1.5", 2),
            ("0.0001s", 0),
        ] {
            assert_eq!(read(text), Ok(Span::from_millis(millis)), "{text:?}");
        }
    }

    #[test]
    fn what_only_humantime_accepts_has_its_meaning() {
        for (text, millis) in [
            ("1h 30m", 5_400_000),
            ("1h30m", 5_400_000),
            ("1 h 30 min", 5_400_000),
            ("2 weeks 1 day", 1_296_000_000),
            ("1 month", 2_630_016_000),
            ("90s 500ms", 90_500),
            ("1499us", 1),
            ("1500us", 2),
            ("2 wks", 1_209_600_000),
        ] {
            assert_eq!(read(text), Ok(Span::from_millis(millis)), "{text:?}");
        }
    }

    #[test]
    fn minutes_with_blanks_around_them_are_not_months() {
        assert_eq!(read(" 5M\n"), Ok(Span::from_millis(300_000)));
    }

    #[test]
    fn a_negative_span_is_refused_as_such() {
        for text in ["-1", "-1h", "-.5 days", "- 5m", "-1h 30m"] {
            assert_eq!(read(text), Err(DurationError::Negative), "{text:?}");
        }
    }

    #[test]
    fn blank_and_unreadable_texts_are_refused() {
        assert_eq!(read(""), Err(DurationError::Empty));
        assert_eq!(read("  "), Err(DurationError::Empty));
        for text in [
            "soon",
            "5 moons",
            "5.",
            "1.2.3",
            "1-2",
            "h",
            "5 mo",
            "1,5h",
            "Infinity",
            "NaN",
            "1e3",
            "+5m",
            "10 minutes ago",
            "0x10",
        ] {
            let error = read(text).unwrap_err();
            assert!(
                matches!(error, DurationError::Unreadable(_)),
                "{text:?}: {error}"
            );
        }
    }

    #[test]
    fn a_span_too_long_to_be_counted_is_refused() {
        for text in [
            "9".repeat(100),
            "300000 years".to_owned(),
            "18446744073709551615s 0.5s 0.5s".to_owned(),
            "584542046090y 20108115s 999ms 1ms".to_owned(),
        ] {
            assert_eq!(read(&text), Err(DurationError::TooLong), "{text:?}");
        }
        let error = read("18446744073709551616s 1s").unwrap_err();
        assert!(matches!(error, DurationError::Unreadable(_)), "{error}");
    }

    #[test]
    fn an_error_says_what_would_be_right() {
        assert!(
            read("soon")
                .unwrap_err()
                .to_string()
                .contains("`10 minutes`")
        );
        assert!(read("-1").unwrap_err().to_string().contains("zero or more"));
    }

    proptest! {
        #[test]
        fn any_string_can_be_read(text in any::<String>()) {
            let _ = read(&text);
        }

        #[test]
        fn anything_like_a_span_can_be_read(text in "([0-9. ]{0,12} ?[a-yA-Yµ]{0,4} ?){0,6}") {
            let _ = read(&text);
        }

        #[test]
        fn the_largest_numbers_do_not_overflow(text in "([19]{9,20}(\\.9{0,4})? ?(y|ns|d|s|m) ?){1,8}") {
            let _ = read(&text);
        }

        #[test]
        fn whole_milliseconds_survive(millis in 0i64..1 << 53) {
            prop_assert_eq!(read(&millis.to_string()), Ok(Span::from_millis(millis)));
            prop_assert_eq!(read(&format!("{millis} ms")), Ok(Span::from_millis(millis)));
        }
    }
}
