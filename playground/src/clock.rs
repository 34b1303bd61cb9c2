//! The time where everybody lives: real UTC and an offset, which changes when the page sets the clock.

use serde_json::{Value, json};
use std::fmt;
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};

const MINUTE_MS: i64 = 60_000;
const MINUTES_A_DAY: i64 = 24 * 60;

/// A time of day, in minutes since midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimeOfDay(i64);

impl TimeOfDay {
    /// A full hour.
    pub(crate) const fn hour(hour: i64) -> Self {
        Self(hour * 60)
    }

    /// Reads `HH:MM`, as an `<input type="time">` has it.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (hours, minutes) = text.split_once(':')?;
        let below = |text: &str, limit: i64| -> Option<i64> {
            let digits = text.len() == 2 && text.chars().all(|one| one.is_ascii_digit());
            text.parse().ok().filter(|value| digits && *value < limit)
        };
        Some(Self(below(hours, 24)? * 60 + below(minutes, 60)?))
    }

    /// That of UTC at a moment.
    fn of_utc(ms: i64) -> Self {
        Self(ms.div_euclid(MINUTE_MS).rem_euclid(MINUTES_A_DAY))
    }

    pub(crate) fn plus(self, minutes: i64) -> Self {
        Self((self.0 + minutes).rem_euclid(MINUTES_A_DAY))
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// An offset from UTC that counts from a moment on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Offset {
    /// Milliseconds since 1970.
    since: i64,
    minutes: i64,
}

/// The clock of the page. It remembers earlier offsets: what happened keeps the time that the clock showed then.
pub(crate) struct Clock(Mutex<Vec<Offset>>);

impl Clock {
    pub(crate) fn new(minutes: i64) -> Self {
        Self(Mutex::new(vec![Offset { since: 0, minutes }]))
    }

    fn offsets(&self) -> MutexGuard<'_, Vec<Offset>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the clock show this time at `now`. It goes on from there.
    pub(crate) fn set(&self, shown: TimeOfDay, now: i64) {
        self.offsets().push(Offset {
            since: now,
            minutes: shown.0 - TimeOfDay::of_utc(now).0,
        });
    }

    /// The offset in minutes that counted at a moment.
    pub(crate) fn offset_at(&self, ms: i64) -> i64 {
        let offsets = self.offsets();
        let counted = offsets.iter().rfind(|one| one.since <= ms);
        counted.map_or(0, |one| one.minutes)
    }

    /// All offsets for the page, oldest first.
    pub(crate) fn json(&self) -> Value {
        let offsets = self.offsets();
        let pair = |one: &Offset| json!({"since": one.since, "minutes": one.minutes});
        offsets.iter().map(pair).collect()
    }
}

/// This machine's offset from UTC in minutes, 0 if `date` does not tell.
pub(crate) fn offset_of_this_machine() -> i64 {
    let said = Command::new("date").arg("+%z").output();
    let said = said
        .ok()
        .and_then(|said| String::from_utf8(said.stdout).ok());
    said.and_then(|said| read_offset(said.trim())).unwrap_or(0)
}

/// Reads `+0530`.
fn read_offset(text: &str) -> Option<i64> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let both: i64 = digits.parse().ok().filter(|_| digits.len() == 4)?;
    Some(sign * (both / 100 * 60 + both % 100))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1970-01-02 at this time, in UTC.
    fn moment(hours: i64, minutes: i64) -> i64 {
        ((24 + hours) * 60 + minutes) * MINUTE_MS + 17_000
    }

    #[test]
    fn a_time_of_day_is_read_and_written() {
        for text in ["00:00", "07:05", "23:59"] {
            assert_eq!(TimeOfDay::read(text).unwrap().to_string(), text);
        }
        for text in [
            "", "24:00", "12:60", "1:30", "12:3", "12:+3", "noon", "12:30:00",
        ] {
            assert_eq!(TimeOfDay::read(text), None, "{text}");
        }
    }

    #[test]
    fn the_clock_shows_what_it_was_set_to_and_goes_on() {
        let clock = Clock::new(0);
        let now = moment(14, 20);
        clock.set(TimeOfDay::hour(23), now);
        let shown = |ms| TimeOfDay::of_utc(ms).plus(clock.offset_at(ms)).to_string();
        assert_eq!(shown(now), "23:00");
        assert_eq!(shown(now + 70 * MINUTE_MS), "00:10");
    }

    #[test]
    fn what_happened_before_keeps_its_time() {
        let clock = Clock::new(60);
        clock.set(TimeOfDay::hour(12), moment(20, 0));
        assert_eq!(clock.offset_at(moment(19, 0)), 60);
        assert_eq!(clock.offset_at(moment(20, 0)), -480);
    }

    #[test]
    fn offsets_of_the_machine_are_read() {
        assert_eq!(read_offset("+0000"), Some(0));
        assert_eq!(read_offset("+0530"), Some(330));
        assert_eq!(read_offset("-0930"), Some(-570));
        for text in ["", "UTC", "+05", "0530"] {
            assert_eq!(read_offset(text), None, "{text}");
        }
    }
}
