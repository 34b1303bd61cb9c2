//! Durations against `ms`.

use std::time::Duration;

use serde::Deserialize;
use texting::{
    settings::duration::{DurationError, read},
    time,
};

/// A text, what it means, and what it means without blanks around it, if there are any.
#[derive(Deserialize)]
#[serde(untagged)]
enum Row {
    Bare(String, Meaning),
    Blanks(String, Meaning, Meaning),
}

/// What `ms` says, as `null` where it reads nothing.
type Meaning = Option<Span>;

#[derive(Deserialize)]
#[serde(untagged)]
enum Span {
    Millis(i64),
    Word(String),
}

fn rows() -> Vec<Row> {
    serde_json::from_str(include_str!("durations.json")).expect("the golden file is readable")
}

/// Our answer in `ms`'s terms; it has no limits, which the golden file adds.
fn as_we_do(span: Span) -> Result<time::Span, DurationError> {
    match span {
        Span::Millis(millis) => Ok(time::Span::from_millis(millis)),
        Span::Word(word) if word == "negative" => Err(DurationError::Negative),
        Span::Word(word) if word == "too long" => Err(DurationError::TooLong),
        Span::Word(word) => panic!("{word} is unknown"),
    }
}

/// Wanted differences:
/// - Blanks around a text do not count, as they come from an editor and mean nothing. The text
///   inside means what `ms` says, also where `ms` would not see it for its length.
/// - What `ms` refuses and humantime reads, such as `1h 30m`, is read.
#[test]
fn durations_mean_what_ms_says() {
    let [mut read_by_ms, mut refused, mut by_humantime] = [0; 3];
    for row in rows() {
        let (text, meaning) = match row {
            Row::Bare(text, meaning) => (text, meaning),
            Row::Blanks(text, with, without) => (text, with.or(without)),
        };
        let ours = read(&text);
        match (meaning, ours) {
            (Some(span), ours) => {
                assert_eq!(ours, as_we_do(span), "{text:?}");
                read_by_ms += 1;
            }
            (None, Err(_)) => refused += 1,
            (None, Ok(ours)) => {
                assert_eq!(Some(ours.as_millis()), humantime_reads(&text), "{text:?}");
                by_humantime += 1;
            }
        }
    }
    assert!(read_by_ms > 1_500 && refused > 300 && by_humantime > 50);
}

/// In milliseconds, rounded to the nearest.
fn humantime_reads(text: &str) -> Option<i64> {
    let duration = humantime::parse_duration(text.trim()).ok()?;
    let rounded = duration.checked_add(Duration::from_micros(500))?;
    i64::try_from(rounded.as_millis()).ok()
}
