//! The recheck: whether a message is still unread, requested from the chat before the message is texted.

use serde_json::Value;

use super::status::Status;

/// The outcome of a recheck for one user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recheck {
    /// The user's present status.
    Status(Status),
    /// The user is no longer among the recipients.
    NotListed,
    /// The message or its conversation was deleted.
    Gone,
    /// No usable response: the status from the webhooks counts.
    Unknown,
}

/// The chat's response to a recheck.
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
