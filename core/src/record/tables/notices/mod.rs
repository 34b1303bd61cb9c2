//! Notices: one row each, with the message's JSON.
//!
//! `wake_at` is set on one row per conversation, the active notice. The next wake-up is the first entry of a
//! partial index, however many notices there are.

mod claims;
mod rows;

pub use rows::{
    Covers, Hold, NewNotice, Notice, NoticeWithMessage, Place, PlacedNotice, Postponement,
    RefusedNumbers, Remains, Tries, refused_numbers,
};

use super::{Rows, Store, made::Table};
use crate::{
    chat::status::Status,
    ids::{ConversationId, MessageId, Position},
    params,
    record::ending::Dropped,
    storage::StoreError,
    time::Timestamp,
};
use rows::{COLUMNS, PLACE};

/// The table's definition. Without a rowid, table and key are one b-tree: an insert is one row written, not
/// two.
pub const CREATE: [&str; 3] = [
    "CREATE TABLE notices (
        message_id TEXT PRIMARY KEY, conversation_id TEXT NOT NULL,
        position TEXT, sent_at INTEGER NOT NULL, arrived INTEGER NOT NULL,
        status TEXT NOT NULL, message TEXT NOT NULL,
        due_at INTEGER NOT NULL, wake_at INTEGER, lease_until INTEGER,
        claims INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0,
        throttled INTEGER NOT NULL DEFAULT 0, first_try_at INTEGER, gone TEXT,
        perhaps_taken INTEGER NOT NULL DEFAULT 0, faults INTEGER NOT NULL DEFAULT 0,
        fault_at INTEGER, refused_numbers TEXT, covers TEXT, waits_for TEXT,
        put_off_until INTEGER) WITHOUT ROWID",
    "CREATE INDEX notices_in_order ON notices (conversation_id, position, sent_at, arrived)",
    "CREATE INDEX notices_to_wake ON notices (wake_at) WHERE wake_at IS NOT NULL",
];

/// From version 1 to version 2.
pub const TO_VERSION_2: [&str; 4] = [
    "ALTER TABLE notices ADD COLUMN perhaps_taken INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE notices ADD COLUMN faults INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE notices ADD COLUMN fault_at INTEGER",
    "ALTER TABLE notices ADD COLUMN refused_numbers TEXT",
];

/// From version 2 to version 3.
pub const TO_VERSION_3: [&str; 3] = [
    "ALTER TABLE notices ADD COLUMN covers TEXT",
    "ALTER TABLE notices ADD COLUMN waits_for TEXT",
    "ALTER TABLE notices ADD COLUMN put_off_until INTEGER",
];

/// The earliest wake-up after `?1`, as a query of its own.
pub(super) const EARLIEST: &str = "SELECT min(wake_at) FROM notices WHERE wake_at > ?1";
/// Whether the message `?1` has a notice, as a query of its own.
pub(super) const EXISTS: &str = "SELECT EXISTS (SELECT 1 FROM notices WHERE message_id = ?1)";

/// The table.
pub struct Notices<'a>(Rows<'a>);

impl<'a> Notices<'a> {
    /// The table in a record's store.
    pub fn new(store: &'a Store<'a>) -> Self {
        Self(Rows::of(store, Table::Notices))
    }

    /// The notice of a message.
    pub fn find(&self, message_id: &MessageId) -> Result<Option<Notice>, StoreError> {
        let statement = format!("SELECT {COLUMNS} FROM notices WHERE message_id = ?1");
        self.0.first(&statement, params![message_id])
    }

    /// The notices of those messages that still have one, in the given order.
    pub fn find_all(&self, ids: &[MessageId]) -> Result<Vec<Notice>, StoreError> {
        let found = ids.iter().map(|id| self.find(id));
        let found: Vec<Option<Notice>> = found.collect::<Result<_, _>>()?;
        Ok(found.into_iter().flatten().collect())
    }

    /// The active notice with the earliest `wake_at`, if that is not after `now`.
    pub fn first_due(&self, now: Timestamp) -> Result<Option<NoticeWithMessage>, StoreError> {
        let statement = format!(
            "SELECT {COLUMNS}, message FROM notices WHERE wake_at <= ?1 ORDER BY wake_at LIMIT 1"
        );
        self.0.first(&statement, params![now])
    }

    /// All notices of a conversation.
    pub fn of_conversation(&self, id: &ConversationId) -> Result<Vec<Notice>, StoreError> {
        let statement = format!("SELECT {COLUMNS} FROM notices WHERE conversation_id = ?1");
        self.0.all(&statement, params![id])
    }

    /// The notices of a conversation as the index orders them, at most `limit` of them: those without a position
    /// come first.
    pub fn by_index(
        &self,
        id: &ConversationId,
        limit: i64,
    ) -> Result<Vec<PlacedNotice>, StoreError> {
        let statement = format!(
            "SELECT {COLUMNS}, {PLACE} FROM notices WHERE conversation_id = ?1
             ORDER BY position, sent_at, arrived LIMIT ?2"
        );
        self.0.all(&statement, params![id, limit])
    }

    /// The message of a notice, JSON.
    pub fn message(&self, id: &MessageId) -> Result<Option<String>, StoreError> {
        self.0.first(
            "SELECT message FROM notices WHERE message_id = ?1",
            params![id],
        )
    }

    /// The notices of a conversation between two positions, both included.
    pub fn between(
        &self,
        conversation_id: &ConversationId,
        first: Position,
        last: Position,
    ) -> Result<Vec<Notice>, StoreError> {
        let statement = format!(
            "SELECT {COLUMNS} FROM notices
             WHERE conversation_id = ?1 AND position >= ?2 AND position <= ?3"
        );
        self.0
            .all(&statement, params![conversation_id, first, last])
    }

    /// The notices of a conversation up to that of a message: sent and arrived before it. None if that message has no
    /// notice.
    pub fn up_to(
        &self,
        conversation_id: &ConversationId,
        last: &MessageId,
    ) -> Result<Vec<Notice>, StoreError> {
        let statement = format!(
            "SELECT {COLUMNS} FROM notices WHERE conversation_id = ?1
             AND (sent_at, arrived) <= (SELECT sent_at, arrived FROM notices WHERE message_id = ?2)
             AND due_at <= (SELECT due_at FROM notices WHERE message_id = ?2)"
        );
        self.0.all(&statement, params![conversation_id, last])
    }

    /// The messages of a conversation that arrived before one that has a notice, and have one too.
    pub fn arrived_before(
        &self,
        conversation_id: &ConversationId,
        last: &MessageId,
    ) -> Result<Vec<MessageId>, StoreError> {
        self.0.all(
            "SELECT message_id FROM notices WHERE conversation_id = ?1
             AND due_at < (SELECT due_at FROM notices WHERE message_id = ?2)",
            params![conversation_id, last],
        )
    }

    /// The first notice of a conversation as the index orders them: those without a position come first.
    pub fn first_by_index(&self, id: &ConversationId) -> Result<Option<Place>, StoreError> {
        let statement = format!(
            "SELECT {PLACE} FROM notices WHERE conversation_id = ?1
             ORDER BY position, sent_at, arrived LIMIT 1"
        );
        self.0.first(&statement, params![id])
    }

    /// Of a conversation's notices without a position the first, and of those with one the first, in this order.
    pub fn firsts(&self, id: &ConversationId) -> Result<Vec<Place>, StoreError> {
        let statement = format!(
            "SELECT * FROM (SELECT {PLACE} FROM notices WHERE conversation_id = ?1
                AND position IS NULL ORDER BY sent_at, arrived LIMIT 1)
             UNION ALL SELECT * FROM (SELECT {PLACE} FROM notices WHERE conversation_id = ?1
                AND position IS NOT NULL ORDER BY position, sent_at, arrived LIMIT 1)"
        );
        self.0.all(&statement, params![id])
    }

    /// Stores a notice. Its `arrived` is later than that of all others with the same position and time of
    /// sending. `active`: whether it is its conversation's active one.
    pub fn insert(
        &self,
        new: &NewNotice<'_>,
        active: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let wake = active.then_some(new.due_at);
        self.0.insert_waking(
            wake,
            "INSERT INTO notices (message_id, conversation_id, position, sent_at, arrived, status,
                message, due_at, wake_at)
             VALUES (?1, ?2, ?3, ?4, max(?5, ifnull((SELECT max(arrived) + 1 FROM notices
                 WHERE conversation_id = ?2 AND position IS ?3 AND sent_at = ?4), 0)), ?6, ?7, ?8, ?9)",
            params![
                new.message_id,
                new.conversation_id,
                new.position,
                new.sent_at,
                now,
                new.status,
                new.message,
                new.due_at,
                wake
            ],
        )
    }

    /// Sets a notice's status.
    pub fn set_status(&self, id: &MessageId, status: Status) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE notices SET status = ?1 WHERE message_id = ?2",
            params![status, id],
        )
    }

    /// Marks a notice whose claim is open as to be dropped.
    pub fn set_gone(&self, id: &MessageId, why: Dropped) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE notices SET gone = ?1 WHERE message_id = ?2",
            params![why, id],
        )
    }

    /// Makes a notice the active one, which wakes the record when it is due. Changes nothing if it is active
    /// already.
    pub fn activate(&self, id: &MessageId) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE notices SET wake_at = max(due_at, ifnull(put_off_until, 0))
             WHERE message_id = ?1 AND wake_at IS NULL",
            params![id],
        )
    }

    /// Makes a notice inactive and closes its claim. Afterwards no notice of the conversation is active: the caller
    /// must activate one.
    pub fn deactivate(&self, id: &MessageId) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE notices SET wake_at = NULL, lease_until = NULL, covers = NULL WHERE message_id = ?1",
            params![id],
        )
    }

    /// Deletes a notice.
    pub fn delete(&self, id: &MessageId) -> Result<(), StoreError> {
        self.0
            .write("DELETE FROM notices WHERE message_id = ?1", params![id])
    }

    /// The position of a notice's message, if it has one; `None` without a notice.
    pub fn position(&self, id: &MessageId) -> Result<Option<Option<Position>>, StoreError> {
        self.0.first(
            "SELECT position FROM notices WHERE message_id = ?1",
            params![id],
        )
    }

    /// What a failure keeps of a notice.
    pub fn remains(&self, id: &MessageId) -> Result<Option<Remains>, StoreError> {
        self.0.first(
            "SELECT message, status, position, sent_at FROM notices WHERE message_id = ?1",
            params![id],
        )
    }

    /// The notices that are due first.
    pub fn first_by_due_time(&self, limit: i64) -> Result<Vec<Notice>, StoreError> {
        let statement = format!("SELECT {COLUMNS} FROM notices ORDER BY due_at LIMIT ?1");
        self.0.all(&statement, params![limit])
    }

    /// The number of notices.
    pub fn count(&self) -> Result<i64, StoreError> {
        self.0.count()
    }
}
