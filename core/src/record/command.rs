//! The commands that a user record gets, and the outcomes that it returns.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use strum::{EnumString, IntoStaticStr};

use crate::{
    chat::{event::Receipts, status::Status},
    ids::{ConversationId, MessageId, Position},
    phone::{Number, Phone},
    sms::{inbound::InboundText, receipt::DeliveryReceipt},
    time::Timestamp,
};

/// A command for a user record.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Command {
    /// An event to store.
    Event(Event),
    /// An operator's command.
    Operator(OperatorCommand),
}

/// Something that happened to a user, from the chat, from Nexmo or from another user's record.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A message was sent to this user.
    Message(Box<Sent>),
    /// One message reached a status for this user.
    Receipt {
        /// The message.
        message_id: MessageId,
        /// The status that the message reached.
        status: Status,
    },
    /// The messages in a range of positions reached a status for this user.
    Receipts(Receipts),
    /// This user has read a conversation up to a message.
    ReadUpTo {
        /// The conversation.
        conversation_id: ConversationId,
        /// The message.
        message_id: MessageId,
    },
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
    /// This user left a conversation or was removed from it.
    Left {
        /// The conversation.
        conversation_id: ConversationId,
    },
    /// A text came in whose phone and number belong to this user, according to KV.
    Text(InboundText),
    /// Nexmo says what became of a text to this user.
    DeliveryReceipt(DeliveryReceipt),
    /// Another user was texted from this number on this phone: from now on, texts from the phone to the
    /// number are that user's replies.
    Disown {
        /// The phone.
        phone: Phone,
        /// The number.
        number: Number,
    },
    /// Several events, in order. They are stored together.
    Several(Vec<Event>),
}

/// An operator's command for a user record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperatorCommand {
    /// Show everything that an operator may see of the record.
    Show,
    /// Look for due work and set the alarm again.
    Wake,
    /// Try a failed text or reply again.
    Retry {
        /// The failure's number in the record ([`Failure::seq`](super::tables::failures::Failure::seq)).
        seq: i64,
    },
    /// Erase the user.
    Erase,
}

/// A message that was sent to this user.
#[derive(Debug, Serialize)]
pub struct Sent {
    /// The message.
    pub message_id: MessageId,
    /// The conversation of the message.
    pub conversation_id: ConversationId,
    /// The message's position, if the chat gave one.
    pub position: Option<Position>,
    /// When the sender sent it; the epoch if the chat did not say.
    pub sent_at: Timestamp,
    /// The status that it has for this user.
    pub status: Status,
    /// The message's JSON from the chat's webhook, unchanged.
    pub message: Box<RawValue>,
}

/// What a record returns for an [`Event`] and for most [`OperatorCommand`]s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Outcome {
    /// It is stored, or there was nothing to store.
    Stored,
    /// The record knew it already and wrote nothing.
    Known,
    /// The text's number has no link with a conversation of this user.
    NoLink,
    /// The text's number has a link, but the last text from it went to another phone: the sender counts as
    /// unknown.
    NotTheirPhone,
    /// The record keeps no failure with this number.
    NoSuchFailure,
}

impl Outcome {
    /// The word for it in responses.
    pub fn word(self) -> &'static str {
        self.into()
    }

    /// Reads an outcome from its word; `None` for a word that this version does not know.
    pub fn read(word: &str) -> Option<Self> {
        word.parse().ok()
    }
}
