//! The recheck: whether a message is still unread, requested from the chat before the message is texted.

use serde_json::Value;

use super::status::Status;
use crate::{
    ids::{ConversationId, MessageId, UserId},
    time::{Span, Timestamp},
};

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
    /// It is so old that the chat no longer knows whether it is unread, and has never said so.
    TooOld,
    /// No usable response: the status from the webhooks counts.
    Unknown,
}

/// When a question is asked, and when its answer comes too late.
#[derive(Clone, Copy, Debug)]
pub struct When {
    /// Now.
    pub now: Timestamp,
    /// Answers after this count as none.
    pub deadline: Timestamp,
}

/// What the chat is asked about messages of a conversation.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The user who is to be texted.
    pub user_id: &'a UserId,
    /// The conversation.
    pub conversation_id: &'a ConversationId,
    /// The messages that the text may show, in order.
    pub shown: &'a [AskedMessage<'a>],
    /// Later ones, which it only counts. A chat is asked about them if that takes no further request.
    pub counted: &'a [MessageId],
}

/// A message that the chat is asked about.
#[derive(Clone, Copy, Debug)]
pub struct AskedMessage<'a> {
    /// The message.
    pub message_id: &'a MessageId,
    /// Its JSON as it is stored.
    pub message: &'a str,
    /// The last known status, from webhooks and earlier answers.
    pub status: Status,
}

/// The chat's answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// About each message that the text may show, in their order.
    pub shown: Vec<Rechecked>,
    /// About each one that it only counts, in their order; empty if they were not asked about.
    pub counted: Vec<Recheck>,
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

/// The chat did not say whether the messages are still unread, and without its answer no text may leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskAgain {
    /// Why, for the log.
    pub why: String,
    /// How long the chat asks to wait, if it does.
    pub wait: Option<Span>,
}
