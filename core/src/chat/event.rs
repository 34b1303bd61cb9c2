//! Events of a chat.

use std::fmt;

use serde::Serialize;
use serde_json::value::RawValue;

use super::status::Status;
use crate::{
    ids::{ConversationId, MessageId, Position, UserId},
    time::Timestamp,
};

/// An event of a chat. The users of an event about a message never include its sender.
#[derive(Debug)]
pub enum ChatEvent {
    /// A user sent a message.
    Sent(SentMessage),
    /// A message reached a status for some users.
    Receipt {
        /// The message.
        message_id: MessageId,
        /// The status that each user reached.
        users: Vec<(UserId, Status)>,
        /// How many recipients the message has, if the chat says so.
        recipients: Option<usize>,
    },
    /// A range of messages reached a status for one user.
    Receipts {
        /// The user.
        user_id: UserId,
        /// The range and the status.
        receipts: Receipts,
    },
    /// Users have read a conversation up to a message.
    ReadUpTo {
        /// The conversation.
        conversation_id: ConversationId,
        /// The message.
        message_id: MessageId,
        /// The users.
        users: Vec<UserId>,
    },
    /// A message was deleted for everybody.
    MessageDeleted {
        /// The message.
        message_id: MessageId,
        /// Its recipients.
        users: Vec<UserId>,
    },
    /// A conversation was deleted for everybody.
    ConversationDeleted {
        /// The conversation.
        conversation_id: ConversationId,
        /// Its participants.
        users: Vec<UserId>,
    },
    /// Users are no longer participants.
    Left {
        /// The conversation.
        conversation_id: ConversationId,
        /// The users who left.
        users: Vec<UserId>,
    },
}

/// A message that a user sent.
pub struct SentMessage {
    /// The message.
    pub message_id: MessageId,
    /// The conversation of the message.
    pub conversation_id: ConversationId,
    /// Its position in the conversation, if known.
    pub position: Option<Position>,
    /// When it was sent; the epoch when unknown.
    pub sent_at: Timestamp,
    /// The user who sent it.
    pub sender: UserId,
    /// The status of each recipient. May include the sender.
    pub statuses: Vec<(UserId, Status)>,
    /// The JSON of the message, unchanged.
    pub message: Box<RawValue>,
}

/// Receipts of one user for a range of positions in a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Receipts {
    /// The conversation.
    pub conversation_id: ConversationId,
    /// The first position covered.
    pub from: Position,
    /// The last position covered, not below `from`.
    pub to: Position,
    /// The status that the messages reached.
    pub status: Status,
}

impl fmt::Debug for SentMessage {
    /// Leaves out the message itself, which must not be logged.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SentMessage")
            .field("message_id", &self.message_id)
            .field("conversation_id", &self.conversation_id)
            .field("position", &self.position)
            .field("sent_at", &self.sent_at)
            .field("sender", &self.sender)
            .field("statuses", &self.statuses)
            .finish_non_exhaustive()
    }
}
