//! What happened in a chat.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::status::Status;
use crate::{
    ids::{ConversationId, MessageId, Position, UserId},
    time::Timestamp,
};

/// What happened in a chat. The sender of a message is never among the users of a later event about it.
#[derive(Debug)]
pub enum ChatEvent {
    /// Somebody sent a message.
    Sent(SentMessage),
    /// One message moved to a status for these users.
    Receipt {
        /// The message.
        message_id: MessageId,
        /// Each user with the status reached.
        users: BTreeMap<UserId, Status>,
    },
    /// A stretch of a conversation moved to a status for one user.
    Receipts {
        /// The user whose receipts they are.
        user_id: UserId,
        /// The stretch and the status.
        receipts: Receipts,
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
        /// Those who left.
        users: Vec<UserId>,
    },
}

/// A message that a user sent.
pub struct SentMessage {
    /// The message.
    pub message_id: MessageId,
    /// The conversation of the message.
    pub conversation_id: ConversationId,
    /// Its position, if the chat gave one.
    pub position: Option<Position>,
    /// When it was sent; the epoch when the chat did not say.
    pub sent_at: Timestamp,
    /// Who sent it.
    pub sender: UserId,
    /// The status of each recipient. The sender may be among them.
    pub statuses: BTreeMap<UserId, Status>,
    /// The message as it came.
    pub message: Box<RawValue>,
}

/// Receipts of one user for a stretch of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipts {
    /// The conversation.
    pub conversation_id: ConversationId,
    /// First position covered.
    pub from: Position,
    /// Last position covered, not below `from`.
    pub to: Position,
    /// The status that these messages reached.
    pub status: Status,
}

impl fmt::Debug for SentMessage {
    /// All but the message itself, which no log may show.
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
