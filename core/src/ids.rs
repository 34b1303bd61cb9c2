//! Ids. Whoever reads one from outside checks it and wraps it in its type; after that it is trusted.
//!
//! A chat's ids are opaque: only the chat's own adapter looks inside them.

use std::{fmt, num::ParseIntError, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::newtype::newtype;

newtype! {
    /// A user of the chat, percent-decoded.
    UserId made by new
}

newtype! {
    /// A conversation of the chat. For Layer: its UUID in lower case.
    ConversationId made by new
}

newtype! {
    /// A message in the chat. For Layer: its UUID in lower case.
    MessageId made by new
}

newtype! {
    /// Nexmo's id of an inbound text.
    TextId made by new
}

/// The place of a message in its conversation, counted by the chat. Stored as 20 digits, since JavaScript
/// rounds integers above 2^53.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Position(u64);

impl Position {
    /// Takes the number that the chat gave.
    pub const fn new(position: u64) -> Self {
        Self(position)
    }

    /// The number that the chat gave.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:020}", self.0)
    }
}

impl FromStr for Position {
    type Err = ParseIntError;

    fn from_str(digits: &str) -> Result<Self, ParseIntError> {
        digits.parse().map(Self)
    }
}
