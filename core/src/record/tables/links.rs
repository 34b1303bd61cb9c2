//! Links: which number stands for which conversation of the user, until when.

use super::Store;
use crate::{
    ids::ConversationId,
    params,
    phone::{Number, Phone},
    storage::{Columns, FromRow, StoreError},
    time::Timestamp,
};

pub(super) const TABLE: &str = "links";

/// Version 1 of the table.
pub const CREATE: [&str; 1] = ["CREATE TABLE links (
        number TEXT, conversation_id TEXT, expires_at INTEGER NOT NULL,
        introduced INTEGER NOT NULL, phone TEXT, phone_pending TEXT, claimed_until INTEGER,
        PRIMARY KEY (number, conversation_id)) WITHOUT ROWID"];

const COLUMNS: &str =
    "number, conversation_id, expires_at, introduced, phone, phone_pending, claimed_until";

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
    /// The phone that the last accepted text went to.
    pub phone: Option<Phone>,
    /// The phone that a text may be on its way to, if that is another phone.
    pub phone_pending: Option<Phone>,
    /// The end of the claim that uses the link, if one is open.
    pub claimed_until: Option<Timestamp>,
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
    /// The link's key.
    pub fn key(&self) -> LinkKey {
        LinkKey {
            number: self.number.clone(),
            conversation_id: self.conversation_id.clone(),
        }
    }
}

/// The table.
pub struct Links<'a>(&'a Store<'a>);

impl<'a> Links<'a> {
    /// The table in a record's store.
    pub fn new(store: &'a Store<'a>) -> Self {
        Self(store)
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

    /// Stores a link that is not introduced yet, for a claim that ends at `claimed_until`.
    pub fn insert(
        &self,
        key: &LinkKey,
        expires_at: Timestamp,
        claimed_until: Timestamp,
    ) -> Result<(), StoreError> {
        self.0.write(
            "INSERT OR REPLACE INTO links
                (number, conversation_id, expires_at, introduced, claimed_until)
             VALUES (?1, ?2, ?3, 0, ?4)",
            params![&key.number, &key.conversation_id, expires_at, claimed_until],
        )
    }

    /// Renews a link for a claim that ends at `claimed_until`.
    pub fn claim(
        &self,
        key: &LinkKey,
        expires_at: Timestamp,
        claimed_until: Timestamp,
    ) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE links SET expires_at = ?1, claimed_until = ?2
             WHERE number = ?3 AND conversation_id = ?4",
            params![expires_at, claimed_until, &key.number, &key.conversation_id],
        )
    }

    /// Renews a link without a claim.
    pub fn renew(&self, key: &LinkKey, expires_at: Timestamp) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE links SET expires_at = ?1 WHERE number = ?2 AND conversation_id = ?3",
            params![expires_at, &key.number, &key.conversation_id],
        )
    }

    /// Marks a link as introduced and closes its claim. The pending phone, if there is one, becomes its
    /// phone.
    pub fn set_introduced(&self, key: &LinkKey, expires_at: Timestamp) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE links SET introduced = 1, expires_at = ?1, claimed_until = NULL,
                phone = coalesce(phone_pending, phone), phone_pending = NULL
             WHERE number = ?2 AND conversation_id = ?3",
            params![expires_at, &key.number, &key.conversation_id],
        )
    }

    /// Deletes the other conversations' links on a link's number. Does nothing if the link does not exist.
    pub fn delete_others(&self, key: &LinkKey) -> Result<(), StoreError> {
        self.0.write(
            "DELETE FROM links WHERE number = ?1 AND conversation_id <> ?2
             AND EXISTS (SELECT 1 FROM links WHERE number = ?1 AND conversation_id = ?2)",
            params![&key.number, &key.conversation_id],
        )
    }

    /// Deletes a link.
    pub fn delete(&self, key: &LinkKey) -> Result<(), StoreError> {
        self.0.write(
            "DELETE FROM links WHERE number = ?1 AND conversation_id = ?2",
            params![&key.number, &key.conversation_id],
        )
    }

    /// Deletes a conversation's links that are not introduced, and closes the claims on the others. Leaves
    /// alone links that are claimed until after `own_claim`.
    pub fn release(&self, id: &ConversationId, own_claim: Timestamp) -> Result<(), StoreError> {
        self.0.write(
            "DELETE FROM links WHERE conversation_id = ?1 AND introduced = 0
             AND coalesce(claimed_until, 0) <= ?2",
            params![id, own_claim],
        )?;
        self.0.write(
            "UPDATE links SET claimed_until = NULL, phone_pending = NULL
             WHERE conversation_id = ?1 AND claimed_until <= ?2",
            params![id, own_claim],
        )
    }

    /// Closes the claims on a conversation's links. Pending phones stay, as the text may have been accepted.
    pub fn unclaim(&self, id: &ConversationId) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE links SET claimed_until = NULL
             WHERE conversation_id = ?1 AND claimed_until IS NOT NULL",
            params![id],
        )
    }

    /// Stores the phone that a text is about to be sent to. Writes nothing if the last text went, or may have
    /// gone, to the same phone.
    pub fn set_pending_phone(&self, key: &LinkKey, phone: &Phone) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE links SET phone_pending = ?1 WHERE number = ?2 AND conversation_id = ?3
             AND coalesce(phone_pending, phone) IS NOT ?1",
            params![phone, &key.number, &key.conversation_id],
        )
    }

    /// Clears the phone of a number's links where it is `phone`. A pending phone stays.
    pub fn forget_phone(&self, number: &Number, phone: &Phone) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE links SET phone = NULL WHERE number = ?1 AND phone = ?2",
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
            phone: columns.next()?,
            phone_pending: columns.next()?,
            claimed_until: columns.next()?,
        })
    }
}
