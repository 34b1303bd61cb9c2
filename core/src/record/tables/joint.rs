//! Questions to several tables in one statement, each put together from the tables' own queries: a
//! statement is a large part of what an event costs.

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

/// What the record knows of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// A notice waits for it.
    Waits,
    /// No notice waits; this was seen of it, if anything.
    Seen(Option<Seen>),
}

impl Store<'_> {
    /// What is known of a message since one hour, the hour and the two after it.
    pub fn known(&self, id: &MessageId, since_hour: i64) -> Result<Known, StoreError> {
        let statement = format!("SELECT ({}), ({})", notices::EXISTS, seen::STATE);
        let params = params![id, since_hour, since_hour + 1, since_hour + 2];
        let known = self.first(&statement, params)?;
        Ok(known.unwrap_or(Known::Seen(None)))
    }

    /// The earliest wake-up: of notices and replies after a moment each, of parts at all.
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
