//! Time as the core knows it: passed in, never read from a clock.

use std::{
    iter::Sum,
    ops::{Add, AddAssign, Div, Mul, Sub},
};

use chrono::DateTime;
use serde::{Deserialize, Serialize};

/// A moment: milliseconds since the Unix epoch.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(i64);

/// A length of time in milliseconds; may be negative.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Span(i64);

/// One second.
pub const SECOND: Span = Span(1_000);
/// One minute.
pub const MINUTE: Span = Span(SECOND.times(60).0);
/// One hour.
pub const HOUR: Span = Span(MINUTE.times(60).0);
/// One day.
pub const DAY: Span = Span(HOUR.times(24).0);

impl Timestamp {
    /// The moment this many milliseconds after the Unix epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the Unix epoch.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Reads a date and time of RFC 3339, such as `2026-11-27T12:00:00.000Z`.
    pub fn read_rfc3339(written: &str) -> Option<Self> {
        let moment = DateTime::parse_from_rfc3339(written).ok()?;
        Some(Self(moment.timestamp_millis()))
    }

    /// The number of whole spans since the Unix epoch. With [`HOUR`], it identifies the hour of a moment.
    pub const fn index_of(self, span: Span) -> i64 {
        self.0.div_euclid(span.0)
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A span of this many milliseconds.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Its length in milliseconds.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Its length in whole seconds, rounded down.
    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(SECOND.0)
    }

    /// The span multiplied by `factor`.
    pub const fn times(self, factor: i64) -> Self {
        Self(self.0 * factor)
    }

    /// A random part of the span: from nothing to all but the whole of it. `random` is uniform over `u32`.
    pub fn random_part(self, random: u32) -> Self {
        Self((self.0 * i64::from(random)) >> 32)
    }
}

impl Add<Span> for Timestamp {
    type Output = Self;

    fn add(self, span: Span) -> Self {
        Self(self.0 + span.0)
    }
}

impl Sub<Span> for Timestamp {
    type Output = Self;

    fn sub(self, span: Span) -> Self {
        Self(self.0 - span.0)
    }
}

impl Sub for Timestamp {
    type Output = Span;

    fn sub(self, earlier: Self) -> Span {
        Span(self.0 - earlier.0)
    }
}

impl Add for Span {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Span {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Span {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Mul<i64> for Span {
    type Output = Self;

    fn mul(self, factor: i64) -> Self {
        self.times(factor)
    }
}

impl Div<i64> for Span {
    type Output = Self;

    fn div(self, divisor: i64) -> Self {
        Self(self.0 / divisor)
    }
}

impl Sum for Span {
    fn sum<I: Iterator<Item = Self>>(spans: I) -> Self {
        spans.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_before_the_epoch_have_negative_indices() {
        assert_eq!(Timestamp::from_millis(-1).index_of(HOUR), -1);
        assert_eq!(Timestamp::from_millis(0).index_of(HOUR), 0);
    }

    #[test]
    fn a_random_part_is_less_than_the_whole() {
        assert_eq!(SECOND.random_part(0), Span::ZERO);
        assert_eq!(SECOND.random_part(1 << 31).as_millis(), 500);
        assert_eq!(SECOND.random_part(u32::MAX).as_millis(), 999);
    }

    #[test]
    fn two_moments_are_a_span_apart() {
        let now = Timestamp::from_millis(10_000);
        assert_eq!(now + MINUTE - now, MINUTE);
        assert_eq!((now - MINUTE) - now, Span::ZERO - MINUTE);
        assert_eq!([SECOND, MINUTE].into_iter().sum::<Span>().as_seconds(), 61);
    }
}
