//! When the record wants to be woken: computed from its rows, never from an alarm that may be lost.

use super::{Record, claim::LEASE, store::StoreError};
use crate::{params, time::Millis};

/// A wake-up that found nothing to do is not repeated sooner than this.
pub const SHORTEST_PAUSE: Millis = 1_000;

/// Which kinds of work may be claimed now; an attempt that is under way takes up the next piece by
/// itself when it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Whether another text may be claimed.
    pub texts: bool,
    /// Whether another reply may be claimed.
    pub replies: bool,
}

impl Record<'_> {
    /// The earliest lease end or due time. What is due already counts only while there is room for
    /// it, or when nothing else brings a wake-up: the attempts that take up the room may crash.
    pub fn next_wake(&self, room: Room) -> Result<Option<Millis>, StoreError> {
        if let Some((known, wake)) = self.wake.get()
            && known == room
        {
            return Ok(wake);
        }
        let wake = self.find_wake(room)?;
        self.wake.set(Some((room, wake)));
        Ok(wake)
    }

    fn find_wake(&self, room: Room) -> Result<Option<Millis>, StoreError> {
        let after = |room: bool| if room { -1 } else { self.now };
        let earliest = self.earliest(after(room.texts), after(room.replies))?;
        if earliest.is_some() || room.texts && room.replies {
            return Ok(earliest);
        }
        Ok(self.earliest(-1, -1)?.map(|_| self.now + LEASE))
    }

    fn earliest(&self, texts: Millis, replies: Millis) -> Result<Option<Millis>, StoreError> {
        let row = self.first(
            "SELECT (SELECT min(wake_at) FROM notices WHERE wake_at > ?1),
                    (SELECT min(wake_at) FROM replies WHERE wake_at > ?2),
                    (SELECT min(give_up_at) FROM parts)",
            params![texts, replies],
        )?;
        let Some(row) = row else { return Ok(None) };
        let times = [
            row.maybe_integer(0)?,
            row.maybe_integer(1)?,
            row.maybe_integer(2)?,
        ];
        Ok(times.into_iter().flatten().min())
    }
}
