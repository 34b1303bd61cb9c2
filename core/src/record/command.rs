//! What a user's record is told and asked, and what it answers.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use strum::{EnumString, IntoStaticStr};

use crate::{
    chat::{event::Receipts, status::Status},
    ids::{ConversationId, MessageId, Position},
    phone::{Number, Phone},
    sms::inbound::InboundText,
    time::Timestamp,
};

/// What a user's record is told or asked.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Command {
    /// Something happened.
    Event(Event),
    /// An operator wants something.
    Operator(OperatorCommand),
}

/// Something that happened to a user, from the chat, from Nexmo or from another user's record.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A message was sent to this user.
    Message(Box<Sent>),
    /// This user's receipt for one message moved to a status.
    Receipt {
        /// The message.
        message_id: MessageId,
        /// The status that the message reached.
        status: Status,
    },
    /// This user's receipts for a stretch of a conversation moved to a status.
    Receipts(Receipts),
    /// A message was deleted for everybody.
    MessageDeleted {
        /// The message.
        message_id: MessageId,
    },
    /// A conversation was deleted for everybody.
    ConversationDeleted {
        /// The conversation.
        conversation_id: ConversationId,
    },
    /// This user is no longer a participant.
    Left {
        /// The conversation.
        conversation_id: ConversationId,
    },
    /// A text came in from a phone that stands for this user.
    Text(InboundText),
    /// Another user was texted from this number at this phone: replies from there are theirs now.
    Disown {
        /// The phone.
        phone: Phone,
        /// The number.
        number: Number,
    },
}

/// What an operator wants of a user's record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperatorCommand {
    /// Show everything that an operator may see of the record.
    Show,
    /// Look for due work and set the alarm again.
    Wake,
    /// Try again what was given up.
    Retry {
        /// The failure's number in the record.
        seq: i64,
    },
    /// Forget everything.
    Erase,
}

/// A message as a record stores it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Sent {
    /// The message.
    pub message_id: MessageId,
    /// The conversation of the message.
    pub conversation_id: ConversationId,
    /// The message's position, if the chat gave one.
    pub position: Option<Position>,
    /// When the sender sent it; the epoch when the chat did not say.
    pub sent_at: Timestamp,
    /// This user's status for it.
    pub status: Status,
    /// The `message` of the chat's webhook, as it came.
    pub message: Box<RawValue>,
}

/// What a record answers to an [`Event`] and to most [`OperatorCommand`]s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Outcome {
    /// Stored, or nothing needed to be.
    Stored,
    /// It was known already; nothing was written.
    Known,
    /// The text's number stands for no conversation of this user.
    NoLink,
    /// The text came from a phone that this number's last text did not go to.
    NotTheirPhone,
    /// The record keeps no such failure.
    NoSuchFailure,
}

impl Outcome {
    /// The word in answers.
    pub fn word(self) -> &'static str {
        self.into()
    }

    /// Reads the word of an outcome.
    pub fn read(word: &str) -> Option<Self> {
        word.parse().ok()
    }
}
