//! How far a message has come for one recipient.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::storage::stored_as_word;

/// A recipient's status. It only ever moves forward (`client/rest/receipts` of Layer's docs).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Status {
    /// On the recipient's list, not delivered yet.
    Sent,
    /// On one of the recipient's devices.
    Delivered,
    /// Read.
    Read,
}

stored_as_word!(Status, "a status");

impl Status {
    /// Reads the word for a status.
    pub fn read(word: &str) -> Option<Self> {
        word.parse().ok()
    }

    /// The word for the status.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// The statuses that justify a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportOn {
    /// A message that is not delivered yet.
    pub sent: bool,
    /// A delivered but unread message.
    pub delivered: bool,
}

impl ReportOn {
    /// Whether a message with this status justifies a text.
    pub fn justifies(self, status: Status) -> bool {
        match status {
            Status::Sent => self.sent,
            Status::Delivered => self.delivered,
            Status::Read => false,
        }
    }

    /// Whether moving on to this status can change what becomes of a message: `delivered` cannot when it
    /// is treated like `sent`.
    pub fn changes_at(self, status: Status) -> bool {
        status != Status::Delivered || self.sent != self.delivered
    }
}
