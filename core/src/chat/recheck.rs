//! The recheck: whether a message is still unread, requested from the chat before the message is texted.

use serde_json::Value;

use super::status::Status;
use crate::ids::{ConversationId, MessageId, UserId};

/// The outcome of a recheck for one user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recheck {
    /// The user's present status.
    Status(Status),
    /// The user is no longer among the recipients.
    NotListed,
    /// The message or its conversation was deleted.
    Gone,
    /// The user has read it, or wants to hear nothing of such messages.
    ReadOrMuted,
    /// It is so old that the chat no longer knows whether it is unread.
    TooOld,
    /// No usable response: the status from the webhooks counts.
    Unknown,
}

/// What the chat is asked about messages of a conversation.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The user who is to be texted.
    pub user_id: &'a UserId,
    /// The conversation.
    pub conversation_id: &'a ConversationId,
    /// The messages.
    pub message_ids: &'a [MessageId],
}

/// The chat's answer about one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rechecked {
    /// What it says of the message's status.
    pub recheck: Recheck,
    /// The parts that the message has now, if the response has any.
    pub parts: Option<Vec<Value>>,
}

impl Rechecked {
    /// A response without parts.
    pub fn without_parts(recheck: Recheck) -> Self {
        Self {
            recheck,
            parts: None,
        }
    }
}
