//! What a chat has: identities and conversations.

use serde_json::Value;

/// The outcome of a question for a resource of the chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resource {
    /// The resource, a JSON object.
    Found(Value),
    /// It does not exist (404), or not any more (410).
    Gone,
    /// No usable response; a retry may help.
    Failed {
        /// Why, for the log.
        why: String,
    },
}
