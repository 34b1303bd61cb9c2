//! When the record wants to be woken: computed from its rows, never from an alarm that may be lost.

use super::{Record, claim::LEASE};
use crate::{storage::StoreError, time::Timestamp};

/// Which kinds of work may be claimed now. An attempt that is under way takes up the next piece by itself
/// when it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Whether another text may be claimed.
    pub texts: bool,
    /// Whether another reply may be claimed.
    pub replies: bool,
}

/// A wake-up that holds until the record is written to.
#[derive(Clone, Copy)]
pub(super) struct KnownWake {
    room: Room,
    writes: u32,
    wake: Option<Timestamp>,
}

impl Record<'_> {
    /// The earliest lease end or due time. What is due already counts only while there is room for it, or
    /// when nothing else brings a wake-up: the attempts that take up the room may crash.
    pub fn next_wake(&self, room: Room) -> Result<Option<Timestamp>, StoreError> {
        let writes = self.store.writes();
        let known = self.wake.get();
        if let Some(known) = known.filter(|known| known.room == room && known.writes == writes) {
            return Ok(known.wake);
        }
        let wake = self.find_wake(room)?;
        self.wake.set(Some(KnownWake { room, writes, wake }));
        Ok(wake)
    }

    fn find_wake(&self, room: Room) -> Result<Option<Timestamp>, StoreError> {
        let always = Timestamp::default();
        let after = |room: bool| if room { always } else { self.now };
        let earliest = self
            .store
            .earliest_wake(after(room.texts), after(room.replies))?;
        if earliest.is_some() || room.texts && room.replies {
            return Ok(earliest);
        }
        let any = self.store.earliest_wake(always, always)?;
        Ok(any.map(|_| self.now + LEASE))
    }
}
