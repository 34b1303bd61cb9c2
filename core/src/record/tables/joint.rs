//! Questions to several tables in one statement, each put together from the tables' own queries: a
//! statement is a large part of what an event costs.

use super::{
    Store, notices, parts, replies,
    seen::{self, Seen},
};
use crate::{ids::MessageId, params, storage::StoreError, time::Timestamp};

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
        let row = self.read_first(
            &statement,
            params![id, since_hour, since_hour + 1, since_hour + 2],
        )?;
        let Some(row) = row else {
            return Ok(Known::Seen(None));
        };
        let mut columns = row.columns();
        let (waits, state): (bool, Option<String>) = (columns.next()?, columns.next()?);
        Ok(match waits {
            true => Known::Waits,
            false => Known::Seen(state.as_deref().map(Seen::read)),
        })
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
        let row = self.read_first(&statement, params![notices_after, replies_after])?;
        let Some(row) = row else { return Ok(None) };
        let mut columns = row.columns();
        let wakes: [Option<Timestamp>; 3] = [columns.next()?, columns.next()?, columns.next()?];
        Ok(wakes.into_iter().flatten().min())
    }
}
