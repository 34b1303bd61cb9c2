//! How long to wait before a retry.

use crate::time::{HOUR, MINUTE, SECOND, Span};

/// How long a text is tried while Nexmo, the chat or KV fail.
pub const LONGEST_TRYING: Span = HOUR.times(6);
/// How long a text is tried while the operator has to fix something: credit that runs out on a Friday night is
/// topped up on Monday.
pub const LONGEST_FAULT: Span = HOUR.times(72);
/// A text is given up once Nexmo may have taken it this often, so that nobody gets it a hundred times because
/// responses get lost.
pub const MOST_PERHAPS_TAKEN: i64 = 3;
/// Time since the first try after which a reply is given up.
pub const LONGEST_POSTING: Span = HOUR.times(24);
/// Time since it came after which the answer to a keyword is given up: nobody wants one the next day.
pub const LONGEST_OBEYING: Span = HOUR;
/// The shortest wait after a fault that the operator has to fix.
pub const OPERATORS_PAUSE: Span = MINUTE;
/// The wait before a text is tried from another number.
pub const NEXT_NUMBER: Span = SECOND;

/// The longest wait of a failed text.
const LONGEST_WAIT: Span = MINUTE.times(5);
/// The longest wait of a text that failed for a fault that the operator has to fix.
const LONGEST_FAULT_WAIT: Span = MINUTE.times(15);

/// The longest random wait of a throttled text. A longer one would waste the rate limit at the end of a rush;
/// with a shorter one, each text would be refused more often.
const LONGEST_THROTTLE: Span = SECOND.times(40);
/// The longest wait of a failed reply.
const LONGEST_POST_WAIT: Span = MINUTE.times(15);

/// An exponential wait from one second up to `longest`, half of it fixed and half random.
///
/// `failures` counts from 1; `random` is uniform over `u32`.
fn exponential(failures: i64, random: u32, longest: Span) -> Span {
    let whole = SECOND.times(1 << doublings(failures)).min(longest);
    let half = whole / 2;
    half + half.random_part(random)
}

/// How often the first wait is doubled before the wait after the `times`th try.
fn doublings(times: i64) -> u32 {
    u32::try_from(times - 1).unwrap_or(0).min(20)
}

/// The wait after the `failures`th failed try of a text.
pub fn after_failure(failures: i64, random: u32) -> Span {
    exponential(failures, random, LONGEST_WAIT)
}

/// The wait after the `faults`th try in a row that failed for a fault that the operator has to fix: a minute,
/// doubled each time, up to a quarter of an hour. An eighth of it is random, but never less than a minute.
pub fn after_operators_fault(faults: i64, random: u32) -> Span {
    let whole = (OPERATORS_PAUSE.times(1 << doublings(faults))).min(LONGEST_FAULT_WAIT);
    let eighth = whole / 8;
    OPERATORS_PAUSE.max(whole - eighth + eighth.random_part(random))
}

/// The wait after Nexmo throttled a text for the `times`th time in a row: the wait that Nexmo asks for, plus
/// a growing random wait that spreads out texts refused at the same time.
pub fn after_throttle(times: i64, asked: Option<Span>, random: u32) -> Span {
    let asked = asked.unwrap_or(SECOND / 2);
    let longest = SECOND.times(1 << doublings(times)).min(LONGEST_THROTTLE);
    asked + longest.random_part(random)
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
    fn failed_tries_are_at_most_five_minutes_apart() {
        assert!(after_failure(1_000, u32::MAX) <= MINUTE * 5);
        assert!(after_failure(1_000, 0) >= MINUTE * 2);
    }

    #[test]
    fn an_operators_fault_waits_a_minute_and_then_twice_as_long_up_to_a_quarter_of_an_hour() {
        assert_eq!(after_operators_fault(1, 0), MINUTE);
        assert_eq!(after_operators_fault(2, u32::MAX).as_millis(), 119_999);
        assert!(after_operators_fault(4, 0) >= MINUTE * 7);
        assert!(after_operators_fault(1_000, u32::MAX) <= MINUTE * 15);
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
