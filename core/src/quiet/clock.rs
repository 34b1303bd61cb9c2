//! When a zone's wall clock shows what is asked for. Found by asking the clock at a few moments: it runs steadily but
//! for the moments at which the zone's distance from UTC changes, and those are searched for.

use super::{NoClock, TimeZones, hours::TimeOfDay, zone::ZoneName};
use crate::time::{HOUR, SECOND, Span, Timestamp};

/// The clock is asked at least this often, as two changes in a row could cancel out. No zone has two within days.
const LONGEST_STEP: Span = HOUR.times(6);
/// The most steps of a search. Six of them pass a day on which the clock changes, and what is searched for comes every
/// day but one on which a change skips it.
const MOST_STEPS: usize = 24;

/// The wall clock of one zone.
pub(super) struct Clock<'a, Z> {
    pub zones: &'a Z,
    pub zone: &'a ZoneName,
}

/// What a wall clock shows at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// The moment, to the second.
    pub at: Timestamp,
    /// What the clock shows.
    pub time: TimeOfDay,
}

impl Reading {
    /// How far the clock is ahead of UTC, but for whole days. It stays the same until the zone changes.
    fn ahead(self) -> Span {
        TimeOfDay::in_utc(self.at).until(self.time)
    }
}

impl<Z: TimeZones> Clock<'_, Z> {
    /// Asks the clock at the beginning of a moment's second.
    pub fn read(&self, at: Timestamp) -> Result<Reading, NoClock> {
        let at = Timestamp::default() + SECOND * at.index_of(SECOND);
        match self.zones.time_of_day(self.zone, at) {
            Some(time) => Ok(Reading { at, time }),
            None => Err(NoClock(self.zone.clone())),
        }
    }

    /// The first moment from a reading on at which the clock shows a time that `wait` says need not be waited for.
    /// `wait` is how long a steady clock takes to the next such time.
    pub fn first(
        &self,
        from: Reading,
        wait: impl Fn(TimeOfDay) -> Span,
    ) -> Result<Reading, NoClock> {
        let mut reading = from;
        for _ in 0..MOST_STEPS {
            let wait = wait(reading.time);
            if wait == Span::ZERO {
                return Ok(reading);
            }
            let next = self.read(reading.at + wait.min(LONGEST_STEP))?;
            reading = if next.ahead() == reading.ahead() {
                next
            } else {
                self.change(reading, next)?
            };
        }
        Err(NoClock(self.zone.clone()))
    }

    /// The first reading after a change between two others, by halving what is between them.
    fn change(&self, before: Reading, after: Reading) -> Result<Reading, NoClock> {
        let (mut before, mut after) = (before, after);
        while after.at - before.at > SECOND {
            let middle = self.read(before.at + (after.at - before.at) / 2)?;
            if middle.ahead() == before.ahead() {
                before = middle;
            } else {
                after = middle;
            }
        }
        Ok(after)
    }
}
