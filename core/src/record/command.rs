//! What the Worker tells and asks a user's record, and what it answers.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::{layer::status::Status, time::Millis};

/// One thing that a user's record is told or asked.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// A message was sent to this user.
    Message(Box<Sent>),
    /// This user's receipt for one message moved to a state.
    Receipt {
        /// UUID of the message.
        message_id: String,
        /// The state that the message reached.
        status: Status,
    },
    /// This user's receipts for a stretch of a conversation moved to a state.
    Receipts {
        /// UUID of the conversation.
        conversation_id: String,
        /// First position covered.
        from: u64,
        /// Last position covered.
        to: u64,
        /// The state that these messages reached.
        status: Status,
    },
    /// A message was deleted for everybody.
    MessageDeleted {
        /// UUID of the message.
        message_id: String,
    },
    /// A conversation was deleted for everybody.
    ConversationDeleted {
        /// UUID of the conversation.
        conversation_id: String,
    },
    /// This user is no longer a participant.
    Left {
        /// UUID of the conversation.
        conversation_id: String,
    },
    /// A text came in from a phone that stands for this user.
    Text(InboundText),
    /// Another user was texted from this number at this phone: replies from there are theirs now.
    Disown {
        /// The phone, E.164 digits.
        phone: String,
        /// The number, E.164 digits.
        number: String,
    },
    /// Everything that an operator may see of the record.
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
#[derive(Debug, Serialize)]
pub struct Sent {
    /// UUID of the message.
    pub message_id: String,
    /// UUID of the conversation.
    pub conversation_id: String,
    /// Place in the conversation, from API 2.0.
    pub position: Option<u64>,
    /// When the sender sent it, milliseconds since the epoch; 0 when Layer did not say.
    pub sent_at: Millis,
    /// This user's state for it.
    pub status: Status,
    /// The `message` of Layer's webhook, as it came.
    pub message: Box<RawValue>,
}

/// A text from a phone to one of the operator's numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InboundText {
    /// Nexmo's id of the text (of the part, when it is one of several).
    pub message_id: String,
    /// The phone that it came from, E.164 digits.
    pub phone: String,
    /// The number that it went to, E.164 digits.
    pub number: String,
    /// What it says.
    pub text: String,
    /// Its place in a longer text.
    pub part: Option<Part>,
}

/// The place of a text in a longer one (Nexmo's `concat-*`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// `concat-ref`: the same for all parts of a text; reused over time.
    pub reference: String,
    /// `concat-total`: how many parts there are, 2 to 255.
    pub total: u8,
    /// `concat-part`: which one this is, from 1.
    pub index: u8,
}

/// What a record answers to a [`Command`] (other than [`Command::Show`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

const OUTCOMES: [(Outcome, &str); 5] = [
    (Outcome::Stored, "stored"),
    (Outcome::Known, "known"),
    (Outcome::NoLink, "no_link"),
    (Outcome::NotTheirPhone, "not_their_phone"),
    (Outcome::NoSuchFailure, "no_such_failure"),
];

impl Outcome {
    /// Its word in answers.
    pub fn word(self) -> &'static str {
        let mut all = OUTCOMES.iter();
        all.find(|(outcome, _)| *outcome == self)
            .map_or("", |(_, word)| word)
    }

    /// Reads the word of an outcome.
    pub fn read(word: &str) -> Option<Self> {
        let mut all = OUTCOMES.iter();
        all.find(|(_, known)| *known == word)
            .map(|(outcome, _)| *outcome)
    }
}
