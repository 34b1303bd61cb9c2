//! Queries over several tables, composed of the tables' own queries. They save statements, which are a large
//! part of an event's CPU time.

use super::{
    Store,
    made::Table,
    notices, parts, replies,
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

/// The tables whose rows have times at which the record must be woken.
const WITH_WAKES: [Table; 3] = [Table::Notices, Table::Replies, Table::Parts];

impl Store<'_> {
    fn has_any(&self, tables: &[Table]) -> bool {
        tables.iter().any(|table| self.made().has(*table))
    }

    /// Whether a row that has such a time was written, except for those inserted with a [known](Self::new_wake) one.
    pub fn wakes_changed(&self) -> bool {
        WITH_WAKES.iter().any(|table| self.written().has(*table))
    }

    /// A table's own query, or if the table is not there, one without a result that has the same parameters.
    fn query(&self, table: Table, query: &'static str, without: &'static str) -> &'static str {
        match self.made().has(table) {
            true => query,
            false => without,
        }
    }

    /// What is known about a message, by its notice or by the hour `since_hour` and the two after it.
    pub fn known(&self, id: &MessageId, since_hour: i64) -> Result<Known, StoreError> {
        if !self.has_any(&[Table::Notices, Table::Seen]) {
            return Ok(Known::Seen(None));
        }
        let statement = format!(
            "SELECT ({}), ({})",
            self.query(Table::Notices, notices::EXISTS, "SELECT ?1 IS NULL"),
            self.query(
                Table::Seen,
                seen::STATE,
                "SELECT NULL WHERE ?2 + ?3 + ?4 = 0"
            )
        );
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
        if !self.has_any(&WITH_WAKES) {
            return Ok(None);
        }
        let statement = format!(
            "SELECT ({}), ({}), ({})",
            self.query(
                Table::Notices,
                notices::EARLIEST,
                "SELECT NULL WHERE ?1 = 0"
            ),
            self.query(
                Table::Replies,
                replies::EARLIEST,
                "SELECT NULL WHERE ?2 = 0"
            ),
            self.query(Table::Parts, parts::EARLIEST, "SELECT NULL")
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
