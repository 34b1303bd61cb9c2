//! The question whether a message is still unread, asked again before it is texted.

use super::status::Status;

/// What the chat answers about one user's state for a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recheck {
    /// The user's status.
    Status(Status),
    /// The user is no longer among the recipients.
    NotListed,
    /// The message, or its conversation, is deleted.
    Gone,
    /// No usable answer: what the webhooks said counts.
    Unknown,
}
