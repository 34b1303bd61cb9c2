//! Queries over several tables, composed of the tables' own queries. They save statements, which are a large
//! part of an event's CPU time.

use super::{
    Store, notices, parts, replies,
    seen::{self, Seen},
};
use crate::{
    ids::MessageId,
    params,
    storage::{Columns, FromRow, StoreError},
    time::Timestamp,
};

/// What the record knows about a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// It has a notice.
    Waits,
    /// It has no notice. This is remembered of it, if anything.
    Seen(Option<Seen>),
}

impl Store<'_> {
    /// What is known about a message, by its notice or by the hour `since_hour` and the two after it.
    pub fn known(&self, id: &MessageId, since_hour: i64) -> Result<Known, StoreError> {
        let statement = format!("SELECT ({}), ({})", notices::EXISTS, seen::STATE);
        let params = params![id, since_hour, since_hour + 1, since_hour + 2];
        let known = self.first(&statement, params)?;
        Ok(known.unwrap_or(Known::Seen(None)))
    }

    /// The earliest wake-up: of the notices after `notices_after`, of the replies after `replies_after`, and
    /// of all parts.
    pub fn earliest_wake(
        &self,
        notices_after: Timestamp,
        replies_after: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let statement = format!(
            "SELECT ({}), ({}), ({})",
            notices::EARLIEST,
            replies::EARLIEST,
            parts::EARLIEST
        );
        let wakes = self.first(&statement, params![notices_after, replies_after])?;
        Ok(wakes.and_then(|Wakes(wakes)| wakes.into_iter().flatten().min()))
    }
}

impl FromRow for Known {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, StoreError> {
        let waits: bool = columns.next()?;
        let state: Option<String> = columns.next()?;
        Ok(match waits {
            true => Self::Waits,
            false => Self::Seen(state.as_deref().map(Seen::read)),
        })
    }
}

/// The earliest wake-up of each table that has wake-ups.
struct Wakes([Option<Timestamp>; 3]);

impl FromRow for Wakes {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, StoreError> {
        Ok(Self([columns.next()?, columns.next()?, columns.next()?]))
    }
}
