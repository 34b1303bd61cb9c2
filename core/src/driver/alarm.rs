//! The object's one alarm. It is never postponed: if it rings early, it only sets itself again, which is
//! cheaper than moving it for each event.

use std::cell::Cell;

use super::{Driver, Object};
use crate::time::{MINUTE, SECOND, Span, Timestamp};

/// If work is due already, the alarm is set this long from now, so that a wake-up that changes nothing does
/// not repeat at once.
pub const SHORTEST_PAUSE: Span = SECOND;
/// An alarm that is set no more than this after the wanted time is not moved: moving it costs a row.
pub const ALARM_SLACK: Span = Span::from_millis(250);
/// An alarm that should have rung this long ago is taken for lost and set again.
pub const ALARM_LOST_AFTER: Span = MINUTE;

/// The time of the alarm that this instance of the object set last.
#[derive(Default)]
pub(super) struct Alarm(Cell<Option<Timestamp>>);

impl Alarm {
    pub fn at(&self) -> Option<Timestamp> {
        self.0.get()
    }

    /// Forgets the alarm, because it rang or may be lost.
    pub fn rang(&self) {
        self.0.set(None);
    }

    /// Whether the alarm is set early enough for a wake-up at `wake`.
    fn serves(&self, wake: Timestamp, now: Timestamp) -> bool {
        let serving = now - ALARM_LOST_AFTER..=wake + ALARM_SLACK;
        self.at().is_some_and(|at| serving.contains(&at))
    }
}

impl<O: Object> Driver<O> {
    /// Sets the alarm to `wake`, unless it is set to that time or an earlier one, or at most [`ALARM_SLACK`]
    /// later.
    pub(super) fn set_alarm(&self, wake: Timestamp) {
        let now = self.object.now();
        let at = if wake <= now {
            now + SHORTEST_PAUSE
        } else {
            wake
        };
        if !self.alarm.serves(at, now) && self.object.set_alarm(at) {
            self.alarm.0.set(Some(at));
        }
    }
}
