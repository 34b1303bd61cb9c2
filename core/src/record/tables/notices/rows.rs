//! The rows of notices: what is stored of one, and the reading of it.

use serde_json::json;

use crate::{
    chat::status::Status,
    ids::{ConversationId, MessageId, Position},
    phone::Number,
    record::ending::Dropped,
    storage::{Columns, FromRow, StoreError},
    time::Timestamp,
};

/// The columns that a [`Notice`] is read from.
pub(super) const COLUMNS: &str = "message_id, conversation_id, status, due_at, wake_at, lease_until, claims, \
     first_try_at, gone, tries, throttled, perhaps_taken, faults, fault_at, refused_numbers, covers, \
     waits_for, put_off_until";
/// The columns that a [`Place`] is read from.
pub(super) const PLACE: &str = "message_id, position, sent_at, arrived";

/// A notice as it is stored, without the message itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The unread message.
    pub message_id: MessageId,
    /// The conversation of the message.
    pub conversation_id: ConversationId,
    /// The furthest status that is known.
    pub status: Status,
    /// The end of its delay.
    pub due_at: Timestamp,
    /// Set only on the conversation's active notice: when it is due, or when its lease ends.
    pub wake_at: Option<Timestamp>,
    /// The end of its last claim's lease, until the outcome of that claim is stored.
    pub lease_until: Option<Timestamp>,
    /// How often it was claimed; identifies the open claim.
    pub claims: i64,
    /// When its first try began, later by the time that it was held back since.
    pub first_try_at: Option<Timestamp>,
    /// Why it is to be dropped, if that became known while a claim was open.
    pub gone: Option<Dropped>,
    /// What became of its tries.
    pub tries: Tries,
    /// The messages that the text of its open claim covers; empty if that is only its own.
    pub covers: Covers,
    /// What it is held back for, in words for the operator.
    pub waits_for: Option<String>,
    /// When it is to be tried again after a try that failed, or no longer held back.
    pub put_off_until: Option<Timestamp>,
}

/// The messages that one text covers, in order. Stored only for a digest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Covers(pub Vec<MessageId>);

impl Covers {
    /// The stored form; `None` for a text about one message.
    pub(super) fn stored(&self) -> Option<String> {
        (self.0.len() > 1).then(|| json!(self.0).to_string())
    }

    /// What is unreadable counts as nothing: the notice with the claim covers itself.
    fn read(stored: Option<&str>) -> Self {
        let read = stored.and_then(|stored| serde_json::from_str(stored).ok());
        Self(read.unwrap_or_default())
    }
}

/// A notice, and where it stands among those of its conversation.
pub struct PlacedNotice {
    /// The notice.
    pub notice: Notice,
    /// Its place.
    pub place: Place,
}

/// Why and until when a notice is held back. That is no try.
pub struct Hold<'a> {
    /// Until when.
    pub until: Timestamp,
    /// How long from now.
    pub lasts: i64,
    /// What it waits for, in words for the operator.
    pub waits_for: &'a str,
}

/// What became of a notice's tries so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tries {
    /// Failed tries, without those that Nexmo throttled and those that it may have taken.
    pub tries: i64,
    /// Tries in a row that Nexmo throttled.
    pub throttled: i64,
    /// Tries of which Nexmo may have taken the text.
    pub perhaps_taken: i64,
    /// Tries in a row that failed for a fault that the operator has to fix.
    pub faults: i64,
    /// When a try last failed for such a fault.
    pub fault_at: Option<Timestamp>,
    /// The numbers from which Nexmo sends no text to the phone.
    pub refused_numbers: RefusedNumbers,
}

/// The numbers from which Nexmo sends no text to a phone, in the order in which they were tried.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RefusedNumbers(pub Vec<Number>);

impl RefusedNumbers {
    /// The stored form; `None` if there is none.
    pub(super) fn stored(&self) -> Option<String> {
        let numbers: Vec<&str> = self.0.iter().map(Number::as_str).collect();
        (!numbers.is_empty()).then(|| numbers.join(","))
    }

    fn read(stored: Option<String>) -> Self {
        let stored = stored.unwrap_or_default();
        let numbers = stored.split(',').filter(|number| !number.is_empty());
        Self(numbers.map(Number::from_digits).collect())
    }
}

/// A notice and its message.
pub struct NoticeWithMessage {
    /// The notice.
    pub notice: Notice,
    /// The message as the chat's webhook carried it, JSON.
    pub message: String,
}

/// A notice that is to be stored.
pub struct NewNotice<'a> {
    /// The unread message.
    pub message_id: &'a MessageId,
    /// The conversation of the message.
    pub conversation_id: &'a ConversationId,
    /// The message's position, if the chat gave one.
    pub position: Option<Position>,
    /// When the message was sent.
    pub sent_at: Timestamp,
    /// The furthest status that is known.
    pub status: Status,
    /// The message as the chat's webhook carried it, JSON.
    pub message: &'a str,
    /// When it is to be texted.
    pub due_at: Timestamp,
}

/// Where a notice stands among those of its conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The message.
    pub message_id: MessageId,
    /// The message's position, if the chat gave one.
    pub position: Option<Position>,
    /// When the message was sent.
    pub sent_at: Timestamp,
    /// When the message arrived, increased if need be so that it differs among messages with the same
    /// position and time of sending.
    pub arrived: Timestamp,
}

/// What a failure keeps of a notice, so that it can be tried again.
pub struct Remains {
    /// The message as the chat's webhook carried it, JSON.
    pub message: String,
    /// The furthest status that was known.
    pub status: Status,
    /// The message's position, if the chat gave one.
    pub position: Option<Position>,
    /// When the message was sent.
    pub sent_at: Timestamp,
}

/// When a notice that failed is tried again.
pub struct Postponement {
    /// What became of its tries, this one included.
    pub tries: Tries,
    /// When it is tried again.
    pub until: Timestamp,
    /// When its first try began, if that is not stored yet.
    pub first_try_at: Timestamp,
}

/// The numbers from which Nexmo refused to text the phone, for any of these notices.
pub fn refused_numbers(notices: &[Notice]) -> impl Iterator<Item = &Number> {
    notices
        .iter()
        .flat_map(|notice| &notice.tries.refused_numbers.0)
}

impl FromRow for Notice {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, StoreError> {
        Ok(Notice {
            message_id: columns.next()?,
            conversation_id: columns.next()?,
            status: columns.next()?,
            due_at: columns.next()?,
            wake_at: columns.next()?,
            lease_until: columns.next()?,
            claims: columns.next()?,
            first_try_at: columns.next()?,
            gone: gone(columns.next()?),
            tries: Tries {
                tries: columns.next()?,
                throttled: columns.next()?,
                perhaps_taken: columns.next()?,
                faults: columns.next()?,
                fault_at: columns.next()?,
                refused_numbers: RefusedNumbers::read(columns.next()?),
            },
            covers: Covers::read(columns.next::<Option<String>>()?.as_deref()),
            waits_for: columns.next()?,
            put_off_until: columns.next()?,
        })
    }
}

/// A reason that this version does not know counts as none.
fn gone(word: Option<String>) -> Option<Dropped> {
    word.and_then(|word| word.parse().ok())
}

/// Reads the columns of a notice and the message.
impl FromRow for NoticeWithMessage {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            notice: Notice::from_row(columns)?,
            message: columns.next()?,
        })
    }
}

/// Reads the columns of a notice and those of its place.
impl FromRow for PlacedNotice {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            notice: Notice::from_row(columns)?,
            place: Place::from_row(columns)?,
        })
    }
}

impl FromRow for Place {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, StoreError> {
        Ok(Place {
            message_id: columns.next()?,
            position: columns.next()?,
            sent_at: columns.next()?,
            arrived: columns.next()?,
        })
    }
}

impl FromRow for Remains {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, StoreError> {
        Ok(Remains {
            message: columns.next()?,
            status: columns.next()?,
            position: columns.next()?,
            sent_at: columns.next()?,
        })
    }
}
