//! Receipts for ranges of positions, remembered because a message in the range may arrive after its receipt.
//! Keys begin with the hour (the column `span`), as in [`seen`](super::seen).

use super::{Rows, Store, made::Table};
use crate::{
    chat::status::Status,
    ids::{ConversationId, Position},
    params,
    storage::StoreError,
};

/// The table's definition.
pub const CREATE: [&str; 1] = ["CREATE TABLE ranges (
        span INTEGER, conversation_id TEXT, first TEXT, last TEXT, status TEXT,
        PRIMARY KEY (span, conversation_id, first, last, status)) WITHOUT ROWID"];

/// The table.
pub struct Ranges<'a>(Rows<'a>);

impl<'a> Ranges<'a> {
    /// The table in a record's store.
    pub fn new(store: &'a Store<'a>) -> Self {
        Self(Rows::of(store, Table::Ranges))
    }

    /// Remembers a receipt for the positions from `first` to `last`.
    pub fn insert(
        &self,
        hour: i64,
        conversation_id: &ConversationId,
        first: Position,
        last: Position,
        status: Status,
    ) -> Result<(), StoreError> {
        self.0.insert(
            "INSERT OR IGNORE INTO ranges (span, conversation_id, first, last, status)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![hour, conversation_id, first, last, status],
        )
    }

    /// The furthest status that the receipts of the hour `since_hour` and the two after it give a position.
    pub fn furthest(
        &self,
        since_hour: i64,
        conversation_id: &ConversationId,
        position: Position,
    ) -> Result<Option<Status>, StoreError> {
        let words: Vec<String> = self.0.all(
            "SELECT DISTINCT status FROM ranges WHERE span IN (?1, ?1 + 1, ?1 + 2)
             AND conversation_id = ?2 AND first <= ?3 AND last >= ?3",
            params![since_hour, conversation_id, position],
        )?;
        // A status that this version does not know is left out.
        Ok(words.iter().filter_map(|word| Status::read(word)).max())
    }

    /// Deletes the receipts before an hour.
    pub fn delete_before(&self, hour: i64) -> Result<(), StoreError> {
        self.0
            .write("DELETE FROM ranges WHERE span < ?1", params![hour])
    }
}
