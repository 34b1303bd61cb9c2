//! How long to wait before a retry.

use crate::time::{HOUR, MINUTE, SECOND, Span};

/// Counted tries after which a text is given up.
pub const MOST_TRIES: i64 = 10;
/// Time since the first try after which a text is given up.
pub const LONGEST_TRYING: Span = HOUR;
/// Time since the first try after which a reply is given up.
pub const LONGEST_POSTING: Span = HOUR.times(24);
/// The shortest wait after a fault that the operator has to fix.
pub const OPERATORS_PAUSE: Span = MINUTE;

/// The longest random wait of a throttled text. A longer one would waste the rate limit at the end of a rush;
/// with a shorter one, each text would be refused more often.
const LONGEST_THROTTLE: Span = SECOND.times(40);
/// The longest wait of a failed reply.
const LONGEST_POST_WAIT: Span = MINUTE.times(15);

/// An exponential wait from one second up to `longest`, half of it fixed and half random.
///
/// `failures` counts from 1; `random` is uniform over `u32`.
fn exponential(failures: i64, random: u32, longest: Span) -> Span {
    let doublings = u32::try_from(failures - 1).unwrap_or(0).min(20);
    let whole = SECOND.times(1 << doublings).min(longest);
    let half = whole / 2;
    half + spread(half, random)
}

/// A uniformly random part of a span.
fn spread(span: Span, random: u32) -> Span {
    Span::from_millis((span.as_millis() * i64::from(random)) >> 32)
}

/// The wait after the `failures`th failed try of a text.
pub fn after_failure(failures: i64, random: u32) -> Span {
    exponential(failures, random, LONGEST_TRYING)
}

/// The wait after the `failures`th failed try of a text, for a fault that the operator has to fix.
pub fn after_operators_fault(failures: i64, random: u32) -> Span {
    OPERATORS_PAUSE.max(after_failure(failures, random))
}

/// The wait after Nexmo throttled a text for the `times`th time in a row: the wait that Nexmo asks for, plus
/// a growing random wait that spreads out texts refused at the same time.
pub fn after_throttle(times: i64, asked: Option<Span>, random: u32) -> Span {
    let asked = asked.unwrap_or(SECOND / 2);
    let doublings = u32::try_from(times - 1).unwrap_or(0).min(20);
    asked + spread(SECOND.times(1 << doublings).min(LONGEST_THROTTLE), random)
}

/// The wait after the `failures`th failed try of a reply.
pub fn after_failed_post(failures: i64, random: u32) -> Span {
    exponential(failures, random, LONGEST_POST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_from_one_second_and_are_half_fixed_half_random() {
        assert_eq!(after_failure(1, 0), Span::from_millis(500));
        assert_eq!(after_failure(1, u32::MAX), Span::from_millis(999));
        assert_eq!(after_failure(4, 0), Span::from_millis(4_000));
        assert_eq!(after_failure(4, u32::MAX), Span::from_millis(7_999));
    }

    #[test]
    fn nine_waits_fit_into_the_hour() {
        let longest: Span = (1..MOST_TRIES).map(|n| after_failure(n, u32::MAX)).sum();
        assert!(longest < LONGEST_TRYING, "{longest:?}");
    }

    #[test]
    fn an_operators_fault_waits_at_least_a_minute() {
        assert_eq!(after_operators_fault(1, 0), MINUTE);
        assert!(after_operators_fault(10, 0) > MINUTE);
    }

    #[test]
    fn a_throttled_text_waits_at_least_what_nexmo_asks_for() {
        let asked = Span::from_millis(702);
        assert_eq!(after_throttle(1, Some(asked), 0), asked);
        assert!(after_throttle(3, Some(asked), u32::MAX) <= asked + SECOND.times(4));
        assert!(after_throttle(40, None, u32::MAX) <= SECOND + LONGEST_THROTTLE);
    }

    #[test]
    fn waits_before_a_post_stop_growing_at_a_quarter_of_an_hour() {
        assert!(after_failed_post(60, u32::MAX) <= MINUTE.times(15));
    }
}
