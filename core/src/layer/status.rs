//! How far a message has come for one recipient.

use serde::Serialize;

/// Layer's recipient status. It only ever moves forward (`client/rest/receipts` of Layer's docs).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// On the recipient's list, not delivered yet.
    Sent,
    /// On one of the recipient's devices.
    Delivered,
    /// Read.
    Read,
}

impl Status {
    /// Reads Layer's word for a status.
    pub fn read(word: &str) -> Option<Self> {
        match word {
            "sent" => Some(Self::Sent),
            "delivered" => Some(Self::Delivered),
            "read" => Some(Self::Read),
            _ => None,
        }
    }

    /// Layer's word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
        }
    }
}
