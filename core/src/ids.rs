//! Ids. Whoever reads one from outside checks it and wraps it in its type; after that it is trusted.
//!
//! A chat's ids are opaque: only the chat's own adapter looks inside them.

use std::{fmt, num::ParseIntError, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{newtype::newtype, time::Timestamp};

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

newtype! {
    /// Our name of one try to send a text, which its delivery receipts repeat (Nexmo's `client-ref`): unguessable, and in
    /// the order of time.
    TextReference made by new
}

impl TextReference {
    /// A reference for a try that begins at `now`. `random` returns a random number, uniform over all of `u32`.
    pub fn draw(now: Timestamp, random: impl Fn() -> u32) -> Self {
        let mut secret: String = (0..4).map(|_| format!("{:08x}", random())).collect();
        secret.truncate(SECRET_DIGITS);
        Self(format!("{}{secret}", Self::first_at(now)))
    }

    /// What comes before all references of a moment.
    pub fn first_at(moment: Timestamp) -> Self {
        Self(format!("{:0MOMENT_DIGITS$x}", moment.as_millis()))
    }

    /// When the try began; `None` if this is no reference of ours.
    pub fn began(&self) -> Option<Timestamp> {
        let millis = i64::from_str_radix(self.get(..MOMENT_DIGITS)?, 16).ok()?;
        Some(Timestamp::from_millis(millis))
    }
}

/// Hex digits of a reference's moment, in milliseconds: enough until 2527. Several texts may leave within a second, and
/// their order counts.
const MOMENT_DIGITS: usize = 11;
/// Hex digits of a reference's secret: 116 bits.
const SECRET_DIGITS: usize = 29;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_has_the_time_and_116_random_bits() {
        let at = Timestamp::from_millis(1_700_000_000_999);
        let reference = TextReference::draw(at, || 0xabc);
        assert_eq!(
            reference.as_str(),
            "18bcfe56be700000abc00000abc00000abc00000"
        );
        assert_eq!(reference.len(), 40, "all that Nexmo repeats");
        assert_eq!(reference.began(), Some(at));
        assert!(TextReference::first_at(at) < reference);
        assert_eq!(TextReference::new("no").began(), None);
    }
}
