//! When the object's one alarm is set. It is never postponed: an alarm that each event put off would never
//! ring, while one that rings early finds out when the next is wanted.

use std::cell::Cell;

use super::{Driver, Object};
use crate::time::{MINUTE, SECOND, Span, Timestamp};

/// A wake-up that changed nothing is not repeated sooner than this.
pub const SHORTEST_PAUSE: Span = SECOND;
/// An alarm that is late by no more than this is not moved: moving it costs a row.
pub const ALARM_SLACK: Span = Span::from_millis(250);
/// An alarm that should have rung this long ago is lost.
pub const ALARM_LOST_AFTER: Span = MINUTE;

/// When this instance of the object set the alarm to.
#[derive(Default)]
pub(super) struct Alarm(Cell<Option<Timestamp>>);

impl Alarm {
    pub fn at(&self) -> Option<Timestamp> {
        self.0.get()
    }

    /// Forgets the alarm: it rang, or nothing is to be taken for granted.
    pub fn rang(&self) {
        self.0.set(None);
    }

    /// Whether an alarm is set that serves a wake-up at a moment.
    fn serves(&self, wake: Timestamp, now: Timestamp) -> bool {
        let serving = now - ALARM_LOST_AFTER..=wake + ALARM_SLACK;
        self.at().is_some_and(|at| serving.contains(&at))
    }
}

impl<O: Object> Driver<O> {
    /// Sets the alarm, unless one is set at or before that moment (and a little later).
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
