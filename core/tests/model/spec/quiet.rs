//! Quiet hours, by the wall clock of a zone that is always the same time ahead of UTC.

use texting::time::{DAY, HOUR, MINUTE, Span, Timestamp};

/// The longest random wait after quiet hours.
const LONGEST_SPREAD: Span = MINUTE.times(5);

/// From a time of the day to another.
#[derive(Clone, Copy, Debug)]
pub struct Quiet {
    from: Span,
    to: Span,
}

impl Quiet {
    /// From and to hours and minutes.
    pub fn new(from: (i64, i64), to: (i64, i64)) -> Self {
        let [from, to] = [from, to].map(|(hours, minutes)| HOUR * hours + MINUTE * minutes);
        Self { from, to }
    }

    /// How long it is still quiet; `None` if it is not.
    pub fn lasts(self, now: Timestamp, ahead: Span) -> Option<Span> {
        let since_it_began = within_day(now + ahead - self.from);
        let longest = self.longest();
        (since_it_began < longest).then(|| longest - since_it_began)
    }

    /// Checks that a text is held back because it is quiet, and until it is not, plus a few minutes.
    pub fn justifies(self, now: Timestamp, ahead: Span, until: Timestamp) {
        let lasts = self.lasts(now, ahead).expect("it is not quiet");
        let ends = now + lasts;
        let spread = LONGEST_SPREAD.min((DAY - self.longest()) / 4);
        assert!(
            ends <= until && until <= ends + spread,
            "quiet until {ends:?}, but the text waits until {until:?}"
        );
    }

    fn longest(self) -> Span {
        within_day(Timestamp::default() + self.to - self.from)
    }
}

fn within_day(at: Timestamp) -> Span {
    Span::from_millis(at.as_millis().rem_euclid(DAY.as_millis()))
}
