//! Ids of inbound texts that were stored. The key begins with the period (the column `span`: its index since
//! the epoch), so that old ids are deleted by range.

use super::{Rows, Store, made::Table};
use crate::{ids::TextId, params, storage::StoreError};

/// The table's definition.
pub const CREATE: [&str; 1] = ["CREATE TABLE heard (
        span INTEGER, message_id TEXT, PRIMARY KEY (span, message_id)) WITHOUT ROWID"];

/// The table.
pub struct HeardTexts<'a>(Rows<'a>);

impl<'a> HeardTexts<'a> {
    /// The table in a record's store.
    pub fn new(store: &'a Store<'a>) -> Self {
        Self(Rows::of(store, Table::Heard))
    }

    /// Whether a text was stored in this period or the one before.
    pub fn contains(&self, period: i64, id: &TextId) -> Result<bool, StoreError> {
        self.0.exists(
            "SELECT 1 FROM heard WHERE span IN (?1, ?2) AND message_id = ?3",
            params![period, period - 1, id],
        )
    }

    /// Stores a text's id in this period, and deletes the ids older than the period before.
    pub fn insert(&self, period: i64, id: &TextId) -> Result<(), StoreError> {
        self.0.insert(
            "INSERT INTO heard (span, message_id) VALUES (?1, ?2)",
            params![period, id],
        )?;
        self.0
            .write("DELETE FROM heard WHERE span < ?1", params![period - 1])
    }
}
