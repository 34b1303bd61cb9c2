//! Quiet hours as wall-clock times, whatever the zone.

use std::{fmt, str::FromStr};

use thiserror::Error;

use crate::time::{DAY, MINUTE, SECOND, Span, Timestamp};

/// A time on a wall clock, to the second, on no day in particular.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeOfDay {
    since_midnight: Span,
}

/// The quiet hours: from a time of the day up to another, which is not part of them. They may wrap midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    from: TimeOfDay,
    to: TimeOfDay,
}

/// Why a text says no quiet hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum HoursError {
    /// It is not two times, `H:MM-H:MM`, with hours from 0 to 23.
    #[error("is not two times of the day with a hyphen between them")]
    Unreadable,
    /// Both times are the same: that could mean always or never.
    #[error("begins and ends at the same time")]
    Empty,
}

impl TimeOfDay {
    /// Reads `H:MM:SS`, as clocks from `0:00:00` to `23:59:59` show it.
    pub fn read(text: &str) -> Option<Self> {
        let (hours, rest) = text.split_once(':')?;
        let (minutes, seconds) = rest.split_once(':')?;
        let hours = number(hours, 24).filter(|_| hours.len() <= 2)?;
        let minutes = number(minutes, 60).filter(|_| minutes.len() == 2)?;
        let seconds = number(seconds, 60).filter(|_| seconds.len() == 2)?;
        Some(Self {
            since_midnight: SECOND * ((hours * 60 + minutes) * 60 + seconds),
        })
    }

    /// What a clock that goes by UTC shows.
    pub fn in_utc(at: Timestamp) -> Self {
        Self::since_midnight(SECOND * at.index_of(SECOND))
    }

    /// How long a steady clock takes from here to the next `later`; nothing if it shows that already.
    pub(super) fn until(self, later: Self) -> Span {
        Self::since_midnight(later.since_midnight - self.since_midnight).since_midnight
    }

    fn since_midnight(span: Span) -> Self {
        let days = Timestamp::from_millis(span.as_millis()).index_of(DAY);
        Self {
            since_midnight: span - DAY * days,
        }
    }
}

/// Hours and minutes: `08:00`.
impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minutes = self.since_midnight.as_millis() / MINUTE.as_millis();
        write!(f, "{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

/// Reads `H:MM-H:MM`; blanks beside the hyphen do not matter.
impl FromStr for Hours {
    type Err = HoursError;

    fn from_str(text: &str) -> Result<Self, HoursError> {
        let (from, to) = text.split_once('-').ok_or(HoursError::Unreadable)?;
        let time = |text: &str| {
            let time = TimeOfDay::read(&format!("{}:00", text.trim()));
            time.ok_or(HoursError::Unreadable)
        };
        let (from, to) = (time(from)?, time(to)?);
        if from == to {
            return Err(HoursError::Empty);
        }
        Ok(Self { from, to })
    }
}

impl Hours {
    /// Whether it is quiet when the clock shows this.
    pub fn contain(self, time: TimeOfDay) -> bool {
        self.from.until(time) < self.from.until(self.to)
    }

    /// How long a steady clock takes until it is quiet; nothing if it is.
    pub(super) fn until_quiet(self, time: TimeOfDay) -> Span {
        if self.contain(time) {
            Span::ZERO
        } else {
            time.until(self.from)
        }
    }

    /// How long a steady clock takes until it is no longer quiet; nothing if it is not.
    pub(super) fn until_open(self, time: TimeOfDay) -> Span {
        if self.contain(time) {
            time.until(self.to)
        } else {
            Span::ZERO
        }
    }
}

/// A number in digits, below `limit`.
fn number(digits: &str, limit: i64) -> Option<i64> {
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = digits.parse().ok().filter(|_| is_number)?;
    (number < limit).then_some(number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::time::HOUR;

    fn time(text: &str) -> TimeOfDay {
        TimeOfDay::read(&format!("{text}:00")).unwrap()
    }

    fn hours(text: &str) -> Hours {
        text.parse().unwrap()
    }

    #[test]
    fn hours_have_one_digit_or_two_and_minutes_two() {
        let expected = Hours {
            from: time("21:00"),
            to: time("08:05"),
        };
        for text in ["21:00-08:05", "21:00-8:05", "21:00 - 8:05", "21:00-\t08:05"] {
            assert_eq!(text.parse(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn anything_else_is_no_quiet_hours() {
        for text in [
            "",
            "-",
            "21-8",
            "21:00",
            "21:00-",
            "-08:00",
            "24:00-08:00",
            "21:00-24:00",
            "21:60-08:00",
            "9:5-10:00",
            "021:00-08:00",
            "+9:00-10:00",
            "21:00-08:00-09:00",
            "21:00:00-08:00:00",
            "9:00 pm-8:00 am",
            "٢١:٠٠-٠٨:٠٠",
            "21 :00-08:00",
        ] {
            assert_eq!(text.parse::<Hours>(), Err(HoursError::Unreadable), "{text}");
        }
        for text in ["21:00-21:00", "0:00-00:00"] {
            assert_eq!(text.parse::<Hours>(), Err(HoursError::Empty), "{text}");
        }
    }

    #[test]
    fn the_end_is_no_longer_quiet() {
        for (text, quiet, open) in [
            ("12:00-14:00", ["12:00", "13:59"], ["11:59", "14:00"]),
            ("21:00-08:00", ["21:00", "07:59"], ["20:59", "08:00"]),
            ("00:00-06:00", ["00:00", "05:59"], ["23:59", "06:00"]),
            ("18:00-00:00", ["18:00", "23:59"], ["17:59", "00:00"]),
        ] {
            assert!(
                quiet.iter().all(|it| hours(text).contain(time(it))),
                "{text}"
            );
            assert!(
                open.iter().all(|it| !hours(text).contain(time(it))),
                "{text}"
            );
        }
    }

    #[test]
    fn a_steady_clock_takes_until_the_end_and_until_the_start() {
        let night = hours("21:00-08:00");
        assert_eq!(night.until_open(time("23:00")), HOUR * 9);
        assert_eq!(night.until_open(time("12:00")), Span::ZERO);
        assert_eq!(night.until_quiet(time("08:00")), HOUR * 13);
        assert_eq!(night.until_quiet(time("22:00")), Span::ZERO);
    }

    #[test]
    fn clocks_show_utc_before_the_epoch_too() {
        let shown = |millis| TimeOfDay::in_utc(Timestamp::from_millis(millis));
        assert_eq!(shown(0).to_string(), "00:00");
        assert_eq!(Some(shown(-1)), TimeOfDay::read("23:59:59"));
        assert_eq!(Some(shown(86_400_000 + 61_999)), TimeOfDay::read("0:01:01"));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[0-9: -]{0,14}|\\PC{0,20}") {
            let _ = text.parse::<Hours>();
            let _ = TimeOfDay::read(&text);
        }

        #[test]
        fn every_time_is_shown_as_it_is_read(hour in 0..24, minute in 0..60) {
            let text = format!("{hour:02}:{minute:02}");
            prop_assert_eq!(time(&text).to_string(), text);
        }
    }
}
