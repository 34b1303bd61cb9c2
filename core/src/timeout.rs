//! When a timeout counts: a response that has arrived counts, whatever the timer says.

use crate::time::{SECOND, Span, Timestamp};

/// A timer that rings no later than this rings on time.
const PUNCTUAL: Span = SECOND;
/// How long the responses that are there need to be read.
const A_MOMENT: Span = Span::from_millis(20);
/// The same after the whole process stood still, when many responses are read at once.
const AFTER_A_PAUSE: Span = SECOND.times(2);

/// How much longer to wait for a response once the timer for `deadline` has rung at `now`. Where the runtime
/// looks at timers first, a response may be there already; a late timer shows that the whole process stood
/// still.
pub fn grace(deadline: Timestamp, now: Timestamp) -> Span {
    match now - deadline <= PUNCTUAL {
        true => A_MOMENT,
        false => AFTER_A_PAUSE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timer_that_rings_late_leaves_seconds_to_read_what_is_there() {
        let deadline = Timestamp::from_millis(10_000);
        assert_eq!(grace(deadline, deadline), A_MOMENT);
        assert_eq!(grace(deadline, deadline + SECOND), A_MOMENT);
        assert_eq!(grace(deadline, deadline + SECOND * 5), AFTER_A_PAUSE);
    }
}
