//! When the record must be woken next. Computed from its rows alone, because an alarm can be lost.

use super::{Record, claim::LEASE};
use crate::{storage::StoreError, time::Timestamp};

/// Which kinds of work may be claimed now. The driver limits how many attempts run at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Whether another text may be claimed.
    pub texts: bool,
    /// Whether another reply may be claimed.
    pub replies: bool,
}

/// A computed wake-up, valid until the next write.
#[derive(Clone, Copy)]
pub(super) struct KnownWake {
    room: Room,
    writes: u32,
    wake: Option<Timestamp>,
}

/// A wake-up that serves all that waited before a turn, which saves looking for it.
#[derive(Clone, Copy, Debug)]
pub struct Served {
    /// For what there was room.
    pub room: Room,
    /// The wake-up, or an earlier one; `None` if nothing waited.
    pub wake: Option<Timestamp>,
}

impl Record<'_> {
    /// The earliest time at which work is due or a lease ends; `None` if nothing waits.
    ///
    /// Work that is due already but has no room is left out: a running attempt starts it when it ends. If
    /// there is nothing else to wake up for, returns one lease from now, in case the running attempts crash.
    pub fn next_wake(&self, room: Room) -> Result<Option<Timestamp>, StoreError> {
        let writes = self.store.writes();
        let known = self.wake.get();
        if let Some(known) = known.filter(|known| known.room == room && known.writes == writes) {
            return Ok(known.wake);
        }
        let new = self.store.new_wake();
        let wake = match self.served.filter(|served| served.room == room) {
            Some(served) if !self.store.wakes_changed() && new.is_none_or(|at| at > self.now) => {
                [served.wake, new].into_iter().flatten().min()
            }
            _ => self.find_wake(room)?,
        };
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
