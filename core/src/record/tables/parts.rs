//! Parts of long texts that wait for the others.

use super::{Rows, Store, made::Table};
use crate::{
    ids::{ConversationId, TextId},
    params,
    phone::{Number, Phone},
    sms::inbound::{InboundText, Part},
    storage::{Columns, FromRow, StoreError},
    time::Timestamp,
};

/// The table's definition.
pub const CREATE: [&str; 1] = ["CREATE TABLE parts (
        phone TEXT, number TEXT, reference TEXT, total INTEGER, part INTEGER,
        message_id TEXT NOT NULL, body TEXT NOT NULL, conversation_id TEXT NOT NULL,
        give_up_at INTEGER NOT NULL,
        PRIMARY KEY (phone, number, reference, total, part)) WITHOUT ROWID"];

/// The earliest time at which a part has waited too long for the others, as a query of its own.
pub(super) const EARLIEST: &str = "SELECT min(give_up_at) FROM parts";

/// What the parts of one long text have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The phone that they came from.
    pub phone: Phone,
    /// The number that they went to.
    pub number: Number,
    /// `concat-ref`.
    pub reference: String,
    /// `concat-total`.
    pub total: i64,
}

/// One part of a long text.
pub struct HeldPart {
    /// Nexmo's id of the part.
    pub message_id: TextId,
    /// What it says.
    pub body: String,
    /// The conversation of the link that it came in on.
    pub conversation_id: ConversationId,
}

impl Group {
    /// The group that a text's part belongs to.
    pub fn of(text: &InboundText, part: &Part) -> Self {
        Self {
            phone: text.phone.clone(),
            number: text.number.clone(),
            reference: part.reference.clone(),
            total: part.total.into(),
        }
    }
}

/// The table.
pub struct Parts<'a>(Rows<'a>);

impl<'a> Parts<'a> {
    /// The table in a record's store.
    pub fn new(store: &'a Store<'a>) -> Self {
        Self(Rows::of(store, Table::Parts))
    }

    /// The body of the part with this index, if it is held.
    pub fn body(&self, group: &Group, index: u8) -> Result<Option<String>, StoreError> {
        self.0.first(
            "SELECT body FROM parts WHERE phone = ?1 AND number = ?2 AND reference = ?3
             AND total = ?4 AND part = ?5",
            params![
                &group.phone,
                &group.number,
                &group.reference,
                group.total,
                i64::from(index)
            ],
        )
    }

    /// Holds a part; `give_up_at`: how long it waits for the others.
    pub fn insert(
        &self,
        group: &Group,
        index: u8,
        part: &HeldPart,
        give_up_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.0.insert(
            "INSERT INTO parts (phone, number, reference, total, part, message_id, body,
                conversation_id, give_up_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                &group.phone,
                &group.number,
                &group.reference,
                group.total,
                i64::from(index),
                &part.message_id,
                &part.body,
                &part.conversation_id,
                give_up_at
            ],
        )
    }

    /// The held parts of a group, by index.
    pub fn of_group(&self, group: &Group) -> Result<Vec<HeldPart>, StoreError> {
        self.0.all(
            "SELECT message_id, body, conversation_id FROM parts
             WHERE phone = ?1 AND number = ?2 AND reference = ?3 AND total = ?4 ORDER BY part",
            params![&group.phone, &group.number, &group.reference, group.total],
        )
    }

    /// Deletes the parts of a group.
    pub fn delete_group(&self, group: &Group) -> Result<(), StoreError> {
        self.0.write(
            "DELETE FROM parts
             WHERE phone = ?1 AND number = ?2 AND reference = ?3 AND total = ?4",
            params![&group.phone, &group.number, &group.reference, group.total],
        )
    }

    /// The groups with a part that has waited too long for the others.
    pub fn groups_due(&self, now: Timestamp) -> Result<Vec<Group>, StoreError> {
        self.0.all(
            "SELECT phone, number, reference, total FROM parts
             GROUP BY phone, number, reference, total HAVING min(give_up_at) <= ?1",
            params![now],
        )
    }

    /// The number of held parts.
    pub fn count(&self) -> Result<i64, StoreError> {
        self.0.count()
    }
}

impl FromRow for HeldPart {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, StoreError> {
        Ok(HeldPart {
            message_id: columns.next()?,
            body: columns.next()?,
            conversation_id: columns.next()?,
        })
    }
}

impl FromRow for Group {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, StoreError> {
        Ok(Group {
            phone: columns.next()?,
            number: columns.next()?,
            reference: columns.next()?,
            total: columns.next()?,
        })
    }
}
