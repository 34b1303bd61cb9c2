//! The recheck: whether a message is still unread, requested from the chat before the message is texted.

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
