//! The rows of notices: what is stored of one, and the reading of it.

use crate::{
    chat::status::Status,
    ids::{ConversationId, MessageId, Position},
    record::ending::Dropped,
    storage::{Columns, FromRow, StoreError},
    time::Timestamp,
};

/// The columns that a [`Notice`] is read from.
pub(super) const COLUMNS: &str = "message_id, conversation_id, status, due_at, wake_at, lease_until, claims, tries, \
     throttled, first_try_at, gone";
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
    /// When it is to be texted, or tried again.
    pub due_at: Timestamp,
    /// Set only on the conversation's active notice: when it is due, or when its lease ends.
    pub wake_at: Option<Timestamp>,
    /// The end of its last claim's lease, until the outcome of that claim is stored.
    pub lease_until: Option<Timestamp>,
    /// How often it was claimed; identifies the open claim.
    pub claims: i64,
    /// Failed tries, without those that Nexmo throttled.
    pub tries: i64,
    /// Tries in a row that Nexmo throttled.
    pub throttled: i64,
    /// When it was first claimed.
    pub first_try_at: Option<Timestamp>,
    /// Why it is to be dropped, if that became known while a claim was open.
    pub gone: Option<Dropped>,
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
    /// Failed tries, this one included, without those that Nexmo throttled.
    pub tries: i64,
    /// Tries in a row that Nexmo throttled, this one included.
    pub throttled: i64,
    /// When it is due again.
    pub due_at: Timestamp,
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
            tries: columns.next()?,
            throttled: columns.next()?,
            first_try_at: columns.next()?,
            gone: gone(columns.next()?),
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
