//! Ids of inbound texts that were stored, keyed by a span of time first, so that forgetting is one range
//! delete.

use super::Store;
use crate::{ids::TextId, params, storage::StoreError};

pub(super) const TABLE: &str = "heard";

/// Version 1 of the table.
pub const CREATE: [&str; 1] = ["CREATE TABLE heard (
        span INTEGER, message_id TEXT, PRIMARY KEY (span, message_id)) WITHOUT ROWID"];

/// The table.
pub struct HeardTexts<'a>(&'a Store<'a>);

impl<'a> HeardTexts<'a> {
    /// The table in a record's store.
    pub fn new(store: &'a Store<'a>) -> Self {
        Self(store)
    }

    /// Whether a text was stored in a span or the one before.
    pub fn contains(&self, span: i64, id: &TextId) -> Result<bool, StoreError> {
        self.0.exists(
            "SELECT 1 FROM heard WHERE span IN (?1, ?2) AND message_id = ?3",
            params![span, span - 1, id],
        )
    }

    /// Remembers a text, and forgets those of all spans but this and the one before.
    pub fn insert(&self, span: i64, id: &TextId) -> Result<(), StoreError> {
        self.0.write(
            "INSERT INTO heard (span, message_id) VALUES (?1, ?2)",
            params![span, id],
        )?;
        self.0
            .write("DELETE FROM heard WHERE span < ?1", params![span - 1])
    }
}
