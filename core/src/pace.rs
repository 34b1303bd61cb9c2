//! The pace of one number: when each text that Nexmo throttled for coming too soon may be tried again.
//!
//! Nexmo rejects what exceeds a number's rate instead of queueing it, and says how long to wait; a US number takes one
//! text a second (Nexmo's pages on throughput). If texts that were refused together each wait as long as they are told,
//! they come together again. Here each gets a moment of its own.

use crate::time::{SECOND, Span, Timestamp};

/// The moments of one number. They are forgotten when nobody has asked for some time: then texts collide once more.
#[derive(Debug, Default)]
pub struct Pace {
    /// The longest wait up to a second that Nexmo asked for since somebody waits.
    longest_asked: Option<Span>,
    /// The first moment that nobody has.
    free_from: Timestamp,
}

impl Pace {
    /// Returns how long a text waits until its moment. Nexmo throttled it `now`, and asked it to wait for `asked`. If Nexmo
    /// asked for no wait, the account was too fast, and the number's rate is unknown unless others of its texts wait:
    /// then there is no moment.
    ///
    /// Between two moments lies a tenth more than must, as no text arrives at the millisecond.
    pub fn wait(&mut self, now: Timestamp, asked: Option<Span>) -> Option<Span> {
        if self.free_from <= now {
            self.longest_asked = None;
            asked?;
        }
        let asked = asked.unwrap_or_default();
        self.learn(asked);
        let moment = self.free_from.max(now + asked);
        let between = self.between_texts();
        self.free_from = moment + between + between / 10;
        Some(moment - now)
    }

    /// A longer wait than a second is a pause, which says nothing of the rate.
    fn learn(&mut self, asked: Span) {
        if (Span::from_millis(1)..=SECOND).contains(&asked) {
            self.longest_asked = self.longest_asked.max(Some(asked));
        }
    }

    /// The time that must lie between two texts: no shorter than the waits that Nexmo asked for, and a second divided by a
    /// whole number, as rates are so many texts a second. A second as long as nothing is known.
    fn between_texts(&self) -> Span {
        let longest = self.longest_asked.unwrap_or(SECOND);
        SECOND / (SECOND.as_millis() / longest.as_millis())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::time::MINUTE;

    const NOON: Timestamp = Timestamp::from_millis(1_700_000_000_000);

    fn millis(millis: i64) -> Span {
        Span::from_millis(millis)
    }

    /// The wait of a text that was asked to wait for so many milliseconds.
    fn wait(pace: &mut Pace, now: Timestamp, asked: i64) -> Span {
        pace.wait(now, Some(millis(asked))).unwrap()
    }

    #[test]
    fn texts_refused_together_get_moments_somewhat_over_a_second_apart() {
        for first in [501, 990, 1_000] {
            let mut pace = Pace::default();
            let waits = [0, 20, 40].map(|later| {
                let now = NOON + millis(later);
                wait(&mut pace, now, first - later) + millis(later)
            });
            assert_eq!(waits, [first, first + 1_100, first + 2_200].map(millis));
        }
    }

    #[test]
    fn a_number_that_asks_for_short_waits_is_used_more_often() {
        let mut pace = Pace::default();
        let waits = [0; 3].map(|_| wait(&mut pace, NOON, 100));
        assert_eq!(waits, [100, 210, 320].map(millis));
    }

    #[test]
    fn after_a_rush_a_text_waits_as_long_as_nexmo_asks() {
        let mut pace = Pace::default();
        wait(&mut pace, NOON, 1_000);
        assert_eq!(wait(&mut pace, NOON + MINUTE, 702), millis(702));
    }

    #[test]
    fn a_long_pause_says_nothing_of_the_rate() {
        let mut pace = Pace::default();
        assert_eq!(wait(&mut pace, NOON, 60_000), MINUTE);
        assert_eq!(wait(&mut pace, NOON, 100), MINUTE + millis(1_100));
        assert_eq!(wait(&mut pace, NOON, 100), MINUTE + millis(1_210));
    }

    #[test]
    fn what_was_learnt_in_one_rush_is_forgotten_in_the_next() {
        let mut pace = Pace::default();
        wait(&mut pace, NOON, 1_000);
        let later = [0; 2].map(|_| wait(&mut pace, NOON + MINUTE, 100));
        assert_eq!(later, [100, 210].map(millis));
    }

    #[test]
    fn a_text_that_was_too_fast_for_the_account_gets_a_moment_only_behind_others_of_its_number() {
        let mut pace = Pace::default();
        assert_eq!(pace.wait(NOON, None), None);
        wait(&mut pace, NOON, 1_000);
        assert_eq!(pace.wait(NOON, None), Some(millis(2_100)));
        assert_eq!(pace.wait(NOON + MINUTE, None), None);
    }

    proptest! {
        #[test]
        fn no_text_is_early_and_no_two_have_the_same_moment(
            refusals in prop::collection::vec((0..5_000_i64, 1..2_000_i64), 1..40)
        ) {
            let (mut pace, mut now, mut last) = (Pace::default(), NOON, None);
            for (later, asked) in refusals {
                now = now + millis(later);
                let wait = wait(&mut pace, now, asked);
                prop_assert!(wait >= millis(asked));
                prop_assert!(last < Some(now + wait));
                last = Some(now + wait);
            }
        }
    }
}
