//! Conversations.

use serde_json::{Map, Value};

/// A conversation to create.
#[derive(Clone, Debug, Default)]
pub struct NewConversation {
    /// User ids, 25 at most.
    pub participants: Vec<String>,
    /// Nested objects of strings.
    pub metadata: Map<String, Value>,
    /// At most one distinct conversation exists for exactly these users.
    pub distinct: bool,
}

impl NewConversation {
    /// With these participants, without metadata.
    #[must_use]
    pub fn of(participants: &[&str]) -> Self {
        let participants = participants.iter().map(|user| (*user).to_owned()).collect();
        Self {
            participants,
            ..Self::default()
        }
    }
}

/// A conversation.
#[derive(Clone, Debug)]
pub struct Conversation {
    /// A UUID.
    pub id: String,
    /// User ids.
    pub participants: Vec<String>,
    /// Nested objects of strings.
    pub metadata: Map<String, Value>,
    /// See [`NewConversation::distinct`].
    pub distinct: bool,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Deleted: requests for it get 410.
    pub deleted: bool,
}

impl Conversation {
    pub(crate) fn has(&self, user: &str) -> bool {
        self.participants.iter().any(|one| one == user)
    }
}
