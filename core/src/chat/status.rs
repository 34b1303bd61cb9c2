//! The status of a message for one recipient.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::storage::stored_as_word;

/// The status of a message for a recipient. It only moves forward (`client/rest/receipts` in Layer's docs).
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
    /// Sent, not delivered yet.
    Sent,
    /// Delivered to one of the recipient's devices.
    Delivered,
    /// Read.
    Read,
}

stored_as_word!(Status, "a status");

impl Status {
    /// Reads the word of a status.
    pub fn read(word: &str) -> Option<Self> {
        word.parse().ok()
    }

    /// The word of the status.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// The statuses that justify a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportOn {
    /// Whether `sent` does.
    pub sent: bool,
    /// Whether `delivered` does.
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

    /// Whether reaching this status can make a difference: `delivered` makes none if it is treated like
    /// `sent`.
    pub fn changes_at(self, status: Status) -> bool {
        status != Status::Delivered || self.sent != self.delivered
    }
}
