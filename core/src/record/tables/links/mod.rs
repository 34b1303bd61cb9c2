//! Links: which number stands for which conversation of the user, until when.

mod claims;
mod said;
mod texted;

pub use said::{Said, SaidReply};

use super::{Rows, Store, made::Table, shown::Shown};
use crate::{
    ids::ConversationId,
    params,
    phone::{Number, Phone},
    storage::{Columns, FromRow, StoreError},
    time::Timestamp,
};

/// The table's definition.
pub const CREATE: [&str; 1] = ["CREATE TABLE links (
        number TEXT, conversation_id TEXT, expires_at INTEGER NOT NULL,
        introduced INTEGER NOT NULL, phone TEXT, phone_pending TEXT, claimed_until INTEGER,
        perhaps_texted INTEGER NOT NULL DEFAULT 0, phone_perhaps TEXT,
        retired INTEGER NOT NULL DEFAULT 0, texted_at INTEGER,
        shown TEXT, shown_position TEXT, said TEXT, repeated_at INTEGER, heard_at INTEGER,
        PRIMARY KEY (number, conversation_id)) WITHOUT ROWID"];

/// From version 1 to version 2. Version 1 kept the phone of a text that Nexmo may have taken as the pending
/// one.
pub const TO_VERSION_2: [&str; 5] = [
    "ALTER TABLE links ADD COLUMN perhaps_texted INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE links ADD COLUMN phone_perhaps TEXT",
    "ALTER TABLE links ADD COLUMN retired INTEGER NOT NULL DEFAULT 0",
    "UPDATE links SET perhaps_texted = 1
     WHERE phone_pending IS NOT NULL AND claimed_until IS NULL AND introduced = 0
     AND NOT EXISTS (SELECT 1 FROM links AS other
         WHERE other.number = links.number AND other.introduced = 1)",
    "UPDATE links SET phone_perhaps = phone_pending, phone_pending = NULL
     WHERE phone_pending IS NOT NULL AND claimed_until IS NULL",
];

/// From version 2 to version 3.
pub const TO_VERSION_3: [&str; 1] = ["ALTER TABLE links ADD COLUMN texted_at INTEGER"];

/// From version 3 to version 4.
pub const TO_VERSION_4: [&str; 2] = [
    "ALTER TABLE links ADD COLUMN shown TEXT",
    "ALTER TABLE links ADD COLUMN shown_position TEXT",
];

/// From version 4 to version 5.
pub const TO_VERSION_5: [&str; 3] = [
    "ALTER TABLE links ADD COLUMN said TEXT",
    "ALTER TABLE links ADD COLUMN repeated_at INTEGER",
    "ALTER TABLE links ADD COLUMN heard_at INTEGER",
];

const COLUMNS: &str = "number, conversation_id, expires_at, introduced, perhaps_texted, retired, \
     phone, phone_perhaps, phone_pending, claimed_until, heard_at, shown, shown_position";

/// A link: this number stands for this conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// One of the operator's numbers.
    pub number: Number,
    /// The conversation.
    pub conversation_id: ConversationId,
    /// When the number may go to another conversation.
    pub expires_at: Timestamp,
    /// Whether Nexmo has accepted a text on the link.
    pub introduced: bool,
    /// Whether Nexmo may have taken a text on the link without our knowing.
    pub perhaps_texted: bool,
    /// Whether texts leave from a newer link, because Nexmo refused this number for the phone. Replies still
    /// count.
    pub retired: bool,
    /// The phone that the last accepted text went to.
    pub phone: Option<Phone>,
    /// The phone of the last text that Nexmo may have taken since, if that is another phone.
    pub phone_perhaps: Option<Phone>,
    /// The phone of the text that is being sent, if that is another phone.
    pub phone_pending: Option<Phone>,
    /// The end of the claim that uses the link, until the claim's outcome is stored.
    pub claimed_until: Option<Timestamp>,
    /// When a text last came in on the link.
    pub heard_at: Option<Timestamp>,
    /// The last message whose words a text on the link showed.
    pub shown: Option<Shown>,
}

/// The key of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkKey {
    /// One of the operator's numbers.
    pub number: Number,
    /// The conversation.
    pub conversation_id: ConversationId,
}

impl Link {
    /// Whether Nexmo took a text on the link, or may have: replies to the number are the conversation's.
    pub fn is_texted(&self) -> bool {
        self.introduced || self.perhaps_texted
    }

    /// Whether a text from `phone` is a reply on this link: a text went there, may have gone there, or may be
    /// on its way there.
    pub fn counts_from(&self, phone: &Phone) -> bool {
        [&self.phone, &self.phone_perhaps, &self.phone_pending]
            .into_iter()
            .flatten()
            .any(|own| own.is_same(phone))
    }

    /// The link's key.
    pub fn key(&self) -> LinkKey {
        LinkKey {
            number: self.number.clone(),
            conversation_id: self.conversation_id.clone(),
        }
    }
}

/// The table.
pub struct Links<'a>(Rows<'a>);

impl<'a> Links<'a> {
    /// The table in a record's store.
    pub fn new(store: &'a Store<'a>) -> Self {
        Self(Rows::of(store, Table::Links))
    }

    /// All links of the user.
    pub fn all(&self) -> Result<Vec<Link>, StoreError> {
        let statement = format!("SELECT {COLUMNS} FROM links ORDER BY number, conversation_id");
        self.0.all(&statement, params![])
    }

    /// Whether a link exists.
    pub fn contains(&self, key: &LinkKey) -> Result<bool, StoreError> {
        self.0.exists(
            "SELECT 1 FROM links WHERE number = ?1 AND conversation_id = ?2",
            params![&key.number, &key.conversation_id],
        )
    }

    /// A text came in on a link at `now`: renews the link.
    pub fn renew(
        &self,
        key: &LinkKey,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE links SET expires_at = ?1, heard_at = ?4
             WHERE number = ?2 AND conversation_id = ?3",
            params![expires_at, &key.number, &key.conversation_id, now],
        )
    }

    /// Marks a link from which no text is to leave while the conversation has a newer one.
    pub fn retire(&self, key: &LinkKey) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE links SET retired = 1 WHERE number = ?1 AND conversation_id = ?2",
            params![&key.number, &key.conversation_id],
        )
    }

    /// Deletes the other conversations' links on a link's number, except one on which a text is on its way at
    /// `now`. Does nothing if the link does not exist.
    pub fn delete_others(&self, key: &LinkKey, now: Timestamp) -> Result<(), StoreError> {
        self.0.write(
            "DELETE FROM links WHERE number = ?1 AND conversation_id <> ?2
             AND (phone_pending IS NULL OR coalesce(claimed_until, 0) <= ?3)
             AND EXISTS (SELECT 1 FROM links WHERE number = ?1 AND conversation_id = ?2)",
            params![&key.number, &key.conversation_id, now],
        )
    }

    /// Deletes a link.
    pub fn delete(&self, key: &LinkKey) -> Result<(), StoreError> {
        self.0.write(
            "DELETE FROM links WHERE number = ?1 AND conversation_id = ?2",
            params![&key.number, &key.conversation_id],
        )
    }

    /// Forgets that texts on a number's links went to `phone`, to the letter. A pending phone stays.
    pub fn forget_phone(&self, number: &Number, phone: &Phone) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE links SET phone = nullif(phone, ?2), phone_perhaps = nullif(phone_perhaps, ?2)
             WHERE number = ?1 AND ?2 IN (phone, phone_perhaps)",
            params![number, phone],
        )
    }
}

/// Reads [`COLUMNS`].
impl FromRow for Link {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, StoreError> {
        Ok(Link {
            number: columns.next()?,
            conversation_id: columns.next()?,
            expires_at: columns.next()?,
            introduced: columns.next()?,
            perhaps_texted: columns.next()?,
            retired: columns.next()?,
            phone: columns.next()?,
            phone_perhaps: columns.next()?,
            phone_pending: columns.next()?,
            claimed_until: columns.next()?,
            heard_at: columns.next()?,
            shown: Shown::next(columns)?,
        })
    }
}
