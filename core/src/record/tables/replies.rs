//! Replies that are to be posted, and keywords that are to be obeyed.
//!
//! A *lane* is a queue of them that is worked off in order, one at a time. Each conversation has one, and all
//! keywords of the user share one. `wake_at` is set on the first row of each lane only.

use super::{Rows, Store, made::Table, shown::Shown};
use crate::{
    ids::{ConversationId, TextId, TextReference},
    params,
    phone::{Number, Phone},
    sms::keyword::Keyword,
    storage::{Columns, FromRow, StoreError},
    time::Timestamp,
};

/// The table's definition.
pub const CREATE: [&str; 3] = [
    "CREATE TABLE replies (
        seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, message_id TEXT NOT NULL,
        lane TEXT NOT NULL, phone TEXT NOT NULL, number TEXT NOT NULL, body TEXT NOT NULL,
        received_at INTEGER NOT NULL, due_at INTEGER NOT NULL, wake_at INTEGER,
        lease_until INTEGER, claims INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0,
        shown TEXT, shown_position TEXT)",
    "CREATE INDEX replies_in_order ON replies (lane, seq)",
    "CREATE INDEX replies_to_wake ON replies (wake_at) WHERE wake_at IS NOT NULL",
];

/// From version 3 to version 4.
pub const TO_VERSION_4: [&str; 2] = [
    "ALTER TABLE replies ADD COLUMN shown TEXT",
    "ALTER TABLE replies ADD COLUMN shown_position TEXT",
];

/// The earliest wake-up after `?2`, as a query of its own.
pub(super) const EARLIEST: &str = "SELECT min(wake_at) FROM replies WHERE wake_at > ?2";

const COLUMNS: &str = "seq, claims, kind, lane, body, message_id, phone, number, body, received_at, due_at, tries, shown, \
     shown_position";

/// What an attempt does about an inbound text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Post it into this conversation.
    Post(ConversationId),
    /// Do what the keyword asks for, outside the record: tell KV, text an answer.
    Obey(Keyword),
    /// Tell KV that the phone wants no texts, as of this moment: its carrier says so.
    CarrierStop(Timestamp),
    /// Tell KV that Nexmo may have taken this try, so that every receipt about it matters.
    NoteOpen(TextReference),
}

/// The word of [`Action::Post`].
const POST: &str = "post";
/// The word of [`Action::CarrierStop`].
const CARRIER_STOP: &str = "carrier_stop";
/// The word of [`Action::NoteOpen`].
const NOTE_OPEN: &str = "note_open";
/// The lane of all keywords.
const KEYWORDS: &str = "";

impl Action {
    /// The word in storage and logs.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Post(_) => POST,
            Self::Obey(keyword) => keyword.word(),
            Self::CarrierStop(_) => CARRIER_STOP,
            Self::NoteOpen(_) => NOTE_OPEN,
        }
    }

    /// The lane: the conversation's id, empty for keywords. What has nothing to wait for has one of its own.
    fn lane(&self) -> &str {
        match self {
            Self::Post(conversation_id) => conversation_id,
            Self::Obey(_) | Self::CarrierStop(_) => KEYWORDS,
            Self::NoteOpen(reference) => reference,
        }
    }

    /// The conversation that it is about; empty if it is about none.
    pub fn conversation(&self) -> &str {
        match self {
            Self::Post(conversation_id) => conversation_id,
            Self::Obey(_) | Self::CarrierStop(_) | Self::NoteOpen(_) => "",
        }
    }

    /// Whether a person wrote what it acts on.
    pub fn is_persons(&self) -> bool {
        matches!(self, Self::Post(_) | Self::Obey(_))
    }

    /// Whether the reply is posted into a conversation.
    pub fn is_post(&self) -> bool {
        matches!(self, Self::Post(_))
    }
}

/// A reply as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Its place in the order of arrival.
    pub seq: i64,
    /// How often it was claimed; identifies the open claim.
    pub claims: i64,
    /// What is to be done.
    pub action: Action,
    /// Nexmo's id of the text; for a long text, of the part with the lowest index that was held.
    pub message_id: TextId,
    /// The phone that it came from.
    pub phone: Phone,
    /// The number that it went to.
    pub number: Number,
    /// What it says.
    pub body: String,
    /// When it came in.
    pub received_at: Timestamp,
    /// When it is due, or tried again.
    pub due_at: Timestamp,
    /// Failed tries so far.
    pub tries: i64,
    /// The last message that a text on the link had shown when the reply came in.
    pub shown: Option<Shown>,
}

/// A reply that is to be stored.
pub struct NewReply<'a> {
    /// What is to be done.
    pub action: &'a Action,
    /// Nexmo's id of the text.
    pub message_id: &'a TextId,
    /// The phone that it came from.
    pub phone: &'a Phone,
    /// The number that it went to.
    pub number: &'a Number,
    /// What it says.
    pub body: &'a str,
    /// The last message that a text on the link has shown.
    pub shown: Option<&'a Shown>,
}

/// The table.
pub struct Replies<'a>(Rows<'a>);

impl<'a> Replies<'a> {
    /// The table in a record's store.
    pub fn new(store: &'a Store<'a>) -> Self {
        Self(Rows::of(store, Table::Replies))
    }

    /// Stores a reply at the end of its lane, due now.
    pub fn insert(&self, new: &NewReply<'_>, now: Timestamp) -> Result<(), StoreError> {
        let first_in_lane = self.is_empty(new.action.lane())?;
        self.0.insert(
            "INSERT INTO replies
                (kind, message_id, lane, phone, number, body, received_at, due_at, wake_at, shown,
                 shown_position)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8, ?9, ?10)",
            params![
                new.action.word(),
                new.message_id,
                new.action.lane(),
                new.phone,
                new.number,
                new.body,
                now,
                first_in_lane.then_some(now),
                new.shown.map(|shown| &shown.message_id),
                new.shown.and_then(|shown| shown.position)
            ],
        )
    }

    fn is_empty(&self, lane: &str) -> Result<bool, StoreError> {
        Ok(!self.0.exists(
            "SELECT 1 FROM replies WHERE lane = ?1 LIMIT 1",
            params![lane],
        )?)
    }

    /// The first reply of a lane with the earliest `wake_at`, if that is not after `now`.
    pub fn first_due(&self, now: Timestamp) -> Result<Option<Reply>, StoreError> {
        let statement = format!(
            "SELECT {COLUMNS} FROM replies WHERE wake_at <= ?1 ORDER BY wake_at, seq LIMIT 1"
        );
        self.0.first(&statement, params![now])
    }

    /// Opens the next claim on a reply.
    pub fn claim(&self, seq: i64, lease_until: Timestamp) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE replies SET claims = claims + 1, wake_at = ?1, lease_until = ?1
             WHERE seq = ?2",
            params![lease_until, seq],
        )
    }

    /// Moves the end of the claim `claim` on a reply, if it is open.
    pub fn extend(
        &self,
        seq: i64,
        message_id: &TextId,
        claim: i64,
        lease_until: Timestamp,
    ) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE replies SET wake_at = ?1, lease_until = ?1 WHERE seq = ?2
             AND message_id = ?3 AND claims = ?4 AND lease_until IS NOT NULL",
            params![lease_until, seq, message_id, claim],
        )
    }

    /// How often a reply was claimed; `None` if the reply is done or given up.
    pub fn claims(&self, seq: i64, message_id: &TextId) -> Result<Option<i64>, StoreError> {
        self.0.first(
            "SELECT claims FROM replies WHERE seq = ?1 AND message_id = ?2",
            params![seq, message_id],
        )
    }

    /// Whether the claim with the number `claim` on a reply is open.
    pub fn is_claimed(
        &self,
        seq: i64,
        message_id: &TextId,
        claim: i64,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.0.exists(
            "SELECT 1 FROM replies WHERE seq = ?1 AND message_id = ?2 AND claims = ?3
             AND lease_until > ?4",
            params![seq, message_id, claim, now],
        )
    }

    /// Closes the claim on a reply that is to be tried again.
    pub fn postpone(&self, seq: i64, due_at: Timestamp) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE replies SET tries = tries + 1, due_at = ?1, wake_at = ?1, lease_until = NULL
             WHERE seq = ?2",
            params![due_at, seq],
        )
    }

    /// Deletes a reply. The next in its lane becomes due.
    pub fn delete(&self, seq: i64, action: &Action) -> Result<(), StoreError> {
        self.0
            .write("DELETE FROM replies WHERE seq = ?1", params![seq])?;
        self.0.write(
            "UPDATE replies SET wake_at = due_at WHERE wake_at IS NULL AND seq =
                (SELECT min(seq) FROM replies WHERE lane = ?1)",
            params![action.lane()],
        )
    }

    /// Whether a START that came from `phone` at or after `at` is still to be written to KV.
    pub fn has_start_since(&self, phone: &Phone, at: Timestamp) -> Result<bool, StoreError> {
        self.0.exists(
            "SELECT 1 FROM replies WHERE lane = ?1 AND kind = ?2 AND phone = ?3
             AND received_at >= ?4 LIMIT 1",
            params![KEYWORDS, Keyword::Start.word(), phone, at],
        )
    }

    /// The replies that arrived first.
    pub fn first(&self, limit: i64) -> Result<Vec<Reply>, StoreError> {
        let statement = format!("SELECT {COLUMNS} FROM replies ORDER BY seq LIMIT ?1");
        self.0.all(&statement, params![limit])
    }

    /// The number of replies.
    pub fn count(&self) -> Result<i64, StoreError> {
        self.0.count()
    }
}

/// Reads [`COLUMNS`].
impl FromRow for Reply {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, StoreError> {
        Ok(Reply {
            seq: columns.next()?,
            claims: columns.next()?,
            action: action(columns)?,
            message_id: columns.next()?,
            phone: columns.next()?,
            number: columns.next()?,
            body: columns.next()?,
            received_at: columns.next()?,
            due_at: columns.next()?,
            tries: columns.next()?,
            shown: Shown::next(columns)?,
        })
    }
}

/// Reads a kind, its lane and its body, which of a carrier's STOP is the moment from which it counts.
fn action(columns: &mut Columns<'_>) -> Result<Action, StoreError> {
    let (kind, lane, body): (String, String, String) =
        (columns.next()?, columns.next()?, columns.next()?);
    Ok(match kind.as_str() {
        POST => Action::Post(ConversationId::new(lane)),
        CARRIER_STOP => {
            let millis = body.parse().map_err(|_| columns.unexpected("a moment"))?;
            Action::CarrierStop(Timestamp::from_millis(millis))
        }
        NOTE_OPEN => Action::NoteOpen(TextReference::new(lane)),
        keyword => Action::Obey(
            keyword
                .parse()
                .map_err(|_| columns.unexpected("a kind of reply"))?,
        ),
    })
}
