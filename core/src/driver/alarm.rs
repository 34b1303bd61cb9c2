//! The object's one alarm. It is never postponed: if it rings early, it only sets itself again, which is
//! cheaper than moving it for each event.

use std::cell::Cell;

use super::{Driver, Object, hold::Hold};
use crate::{
    record::{
        claim::LEASE,
        wake::{Room, Served},
    },
    time::{MINUTE, SECOND, Span, Timestamp},
};

/// If work is due already, the alarm is set this long from now, so that a wake-up that changes nothing does
/// not repeat at once.
pub const SHORTEST_PAUSE: Span = SECOND;
/// An alarm that is set no more than this after the wanted time is not moved: moving it costs a row.
pub const ALARM_SLACK: Span = Span::from_millis(250);
/// An alarm that should have rung this long ago is taken for lost and set again.
pub const ALARM_LOST_AFTER: Span = MINUTE;

/// The alarm that this instance of the object set last, or holds.
#[derive(Default)]
pub(super) struct Alarm {
    /// When it rings. While one is held, the latest moment at which that is over.
    at: Cell<Option<Timestamp>>,
    pub(super) hold: Hold,
    /// The room for which the last turn found that this alarm rings before anything else is due, or at most
    /// [`ALARM_SLACK`] later. `None` if that is unknown.
    compared: Cell<Option<Room>>,
}

impl Alarm {
    /// When it rings; `None` while one is held.
    pub fn at(&self) -> Option<Timestamp> {
        self.at.get().filter(|_| !self.hold.is_on())
    }

    /// What the alarm serves, if it is still to ring and was early enough for all that waited after the last turn.
    pub fn serves_all(&self, now: Timestamp) -> Option<Served> {
        let at = self.at.get().filter(|at| *at > now)?;
        let room = self.compared.get()?;
        let wake = self.hold.wake().unwrap_or(Some(at));
        Some(Served { room, wake })
    }

    /// The alarm was compared with the next wake-up, or, with `None`, may no longer serve it.
    pub fn compared(&self, room: Option<Room>) {
        self.compared.set(room);
    }

    /// Holds the alarm that rings at `now`.
    pub fn hold(&self, now: Timestamp) {
        let until = now + LEASE + ALARM_SLACK;
        self.hold.begin(now, until);
        self.at.set(Some(until));
    }

    /// Forgets the alarm, because it rang or may be lost, and ends a hold. Returns the last wake-up that a turn
    /// found under the hold.
    pub fn forget(&self) -> Option<Timestamp> {
        self.at.set(None);
        self.compared.set(None);
        self.hold.end()
    }

    /// Whether the alarm is set early enough for a wake-up at `wake`.
    fn serves(&self, wake: Timestamp, now: Timestamp) -> bool {
        let lost = match self.hold.is_on() {
            true => now,
            false => now - ALARM_LOST_AFTER,
        };
        let serving = lost..=wake + ALARM_SLACK;
        self.at.get().is_some_and(|at| serving.contains(&at))
    }
}

impl<O: Object> Driver<O> {
    /// Sets the alarm to `wake`, unless it is set to that time or an earlier one, or at most [`ALARM_SLACK`]
    /// later. Returns `false` if that failed.
    pub(super) fn set_alarm(&self, wake: Timestamp) -> bool {
        let now = self.object.now();
        let at = if wake <= now {
            now + SHORTEST_PAUSE
        } else {
            wake
        };
        if self.alarm.serves(at, now) {
            return true;
        }
        let is_set = self.object.set_alarm(at);
        if is_set {
            self.alarm.hold.end();
            self.alarm.at.set(Some(at));
        }
        is_set
    }
}
