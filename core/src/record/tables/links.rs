//! Links: which number stands for which conversation of the user, until when.

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

/// What was posted from a link lately.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The replies that were posted, the oldest first.
    pub replies: Vec<SaidReply>,
    /// When the log last said that a reply was not posted because it repeats others.
    pub logged_at: Option<Timestamp>,
}

/// A reply that was posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaidReply {
    /// The hash of its words.
    pub words: String,
    /// When it came in.
    pub at: Timestamp,
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

    /// Stores a link that is not introduced yet, for a claim that ends at `claimed_until`.
    pub fn insert(
        &self,
        key: &LinkKey,
        expires_at: Timestamp,
        claimed_until: Timestamp,
    ) -> Result<(), StoreError> {
        self.0.insert(
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

    /// What was posted from a link lately. What is unreadable counts as nothing.
    pub fn said(&self, key: &LinkKey) -> Result<Said, StoreError> {
        let said = self.0.first(
            "SELECT said, repeated_at FROM links WHERE number = ?1 AND conversation_id = ?2",
            params![&key.number, &key.conversation_id],
        )?;
        Ok(said.unwrap_or_default())
    }

    /// Stores what was posted from a link lately: each reply on a line, the hash of its words behind its moment.
    pub fn set_said(&self, key: &LinkKey, said: &Said) -> Result<(), StoreError> {
        let line = |reply: &SaidReply| format!("{} {}", reply.at.as_millis(), reply.words);
        let lines: Vec<String> = said.replies.iter().map(line).collect();
        self.0.write(
            "UPDATE links SET said = ?1, repeated_at = ?2 WHERE number = ?3 AND conversation_id = ?4",
            params![
                lines.join("\n"),
                said.logged_at,
                &key.number,
                &key.conversation_id
            ],
        )
    }

    /// When the last text of a conversation was taken, or may have been; `None` if the user has answered since.
    pub fn last_texted(&self, id: &ConversationId) -> Result<Option<Timestamp>, StoreError> {
        let last: Option<Option<Timestamp>> = self.0.first(
            "SELECT max(texted_at) FROM links WHERE conversation_id = ?1",
            params![id],
        )?;
        Ok(last.flatten())
    }

    /// Forgets when the last text of a conversation was taken: the user has answered.
    pub fn forget_last_texted(&self, id: &ConversationId) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE links SET texted_at = NULL WHERE conversation_id = ?1 AND texted_at IS NOT NULL",
            params![id],
        )
    }

    /// Marks a link as introduced at `now` and closes its claim. Its phone becomes the pending one, or that of
    /// the text in doubt, if there is one. Notes the last message that the text showed, unless one that comes after it was
    /// shown before.
    pub fn set_introduced(
        &self,
        key: &LinkKey,
        now: Timestamp,
        expires_at: Timestamp,
        shown: Option<&Shown>,
    ) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE links SET introduced = 1, expires_at = ?1, claimed_until = NULL, retired = 0,
                texted_at = ?4,
                phone = coalesce(phone_pending, phone_perhaps, phone),
                phone_pending = NULL, phone_perhaps = NULL,
                shown = CASE WHEN ?5 IS NULL OR ?6 < shown_position THEN shown ELSE ?5 END,
                shown_position =
                    CASE WHEN ?5 IS NULL OR ?6 < shown_position THEN shown_position ELSE ?6 END
             WHERE number = ?2 AND conversation_id = ?3",
            params![
                expires_at,
                &key.number,
                &key.conversation_id,
                now,
                shown.map(|shown| &shown.message_id),
                shown.and_then(|shown| shown.position)
            ],
        )
    }

    /// Marks a link as introduced, because an earlier text than the last one on it turned out to have been taken, and
    /// notes the last message that it showed. `phone`: where it went, if that is where the last one went that was taken.
    /// `texted_at`: from when the interval counts, if that is not stored. The claim of a later text stays open.
    pub fn set_proven(
        &self,
        key: &LinkKey,
        phone: Option<&Phone>,
        times: (Timestamp, Option<Timestamp>),
        shown: Option<&Shown>,
    ) -> Result<(), StoreError> {
        let (expires_at, texted_at) = times;
        self.0.write(
            "UPDATE links SET introduced = 1, expires_at = ?1, texted_at = coalesce(?4, texted_at),
                phone = coalesce(?7, phone), phone_perhaps = nullif(phone_perhaps, ?7),
                shown = CASE WHEN ?5 IS NULL OR ?6 < shown_position THEN shown ELSE ?5 END,
                shown_position =
                    CASE WHEN ?5 IS NULL OR ?6 < shown_position THEN shown_position ELSE ?6 END
             WHERE number = ?2 AND conversation_id = ?3",
            params![
                expires_at,
                &key.number,
                &key.conversation_id,
                texted_at,
                shown.map(|shown| &shown.message_id),
                shown.and_then(|shown| shown.position),
                phone
            ],
        )
    }

    /// Marks a link on which Nexmo may have taken a text by `now`, and closes its claim. The pending phone, if
    /// there is one, becomes that of the text.
    pub fn set_perhaps_texted(&self, key: &LinkKey, now: Timestamp) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE links SET perhaps_texted = 1, claimed_until = NULL, texted_at = ?3,
                phone = CASE WHEN phone_pending <> phone_perhaps THEN phone_perhaps ELSE phone END,
                phone_perhaps = coalesce(phone_pending, phone_perhaps), phone_pending = NULL
             WHERE number = ?1 AND conversation_id = ?2",
            params![&key.number, &key.conversation_id, now],
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

    /// Deletes a conversation's links on which Nexmo took no text. Leaves alone links that are claimed until
    /// after `own_claim`.
    pub fn release(&self, id: &ConversationId, own_claim: Timestamp) -> Result<(), StoreError> {
        self.0.write(
            "DELETE FROM links WHERE conversation_id = ?1 AND introduced = 0 AND perhaps_texted = 0
             AND coalesce(claimed_until, 0) <= ?2",
            params![id, own_claim],
        )
    }

    /// Deletes a conversation's links from which no text left, even if they are claimed.
    pub fn release_unused(&self, id: &ConversationId) -> Result<(), StoreError> {
        self.0.write(
            "DELETE FROM links WHERE conversation_id = ?1 AND introduced = 0 AND perhaps_texted = 0
             AND phone_pending IS NULL",
            params![id],
        )
    }

    /// Closes the claims on a conversation's links: no text was taken during them. Leaves alone links that
    /// are claimed until after `own_claim`.
    pub fn unclaim(&self, id: &ConversationId, own_claim: Timestamp) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE links SET claimed_until = NULL, phone_pending = NULL
             WHERE conversation_id = ?1 AND claimed_until <= ?2",
            params![id, own_claim],
        )
    }

    /// Moves the end of the claim on a conversation's links from `lease` to `until`.
    pub fn extend(
        &self,
        id: &ConversationId,
        lease: Timestamp,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE links SET claimed_until = ?1 WHERE conversation_id = ?2 AND claimed_until = ?3",
            params![until, id, lease],
        )
    }

    /// Stores the phone that a text is about to be sent to. Writes nothing if it is the phone of the last
    /// text.
    pub fn set_pending_phone(&self, key: &LinkKey, phone: &Phone) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE links SET phone_pending = ?1 WHERE number = ?2 AND conversation_id = ?3
             AND (phone IS NOT ?1 OR phone_perhaps IS NOT NULL OR phone_pending IS NOT NULL)",
            params![phone, &key.number, &key.conversation_id],
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

impl FromRow for Said {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, StoreError> {
        let said: Option<String> = columns.next()?;
        let reply = |line: &str| {
            let (at, words) = line.split_once(' ')?;
            let at = Timestamp::from_millis(at.parse().ok()?);
            let words = words.to_owned();
            Some(SaidReply { words, at })
        };
        Ok(Said {
            replies: said
                .iter()
                .flat_map(|said| said.lines())
                .filter_map(reply)
                .collect(),
            logged_at: columns.next()?,
        })
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
