//! What Layer stores.

use super::model::{Conversation, Delivery, Event, Hook, Message, Post, Repeat, User};
use std::collections::{BTreeMap, HashMap};

/// Why a user's action was refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No such user, conversation or message, or it is deleted.
    #[error("there is no such {0}")]
    Unknown(&'static str),
    /// The user is not a participant of the conversation.
    #[error("the user is not a participant")]
    NoParticipant,
    /// The receipt changes nothing, as the sender's own.
    #[error("the receipt has no effect")]
    NoEffect,
    /// More than 25 participants, or none.
    #[error("a conversation has 1 to 25 participants")]
    Participants,
}

/// Everything that Layer stores.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) users: BTreeMap<String, User>,
    pub(crate) conversations: HashMap<String, Conversation>,
    /// Ids of all conversations, oldest first.
    pub(crate) order: Vec<String>,
    pub(crate) messages: Vec<Message>,
    /// Indexes of messages by their ids.
    pub(crate) by_id: HashMap<String, usize>,
    pub(crate) hooks: Vec<Hook>,
    pub(crate) events: Vec<Event>,
    pub(crate) deliveries: Vec<Delivery>,
    pub(crate) posts: Vec<Post>,
    pub(crate) repeat: Repeat,
    /// Whether `recipient_status` is null.
    pub(crate) hide_statuses: bool,
    /// Whether webhook calls are suppressed.
    pub(crate) silent: bool,
}

impl State {
    pub(crate) fn message(&self, id: &str) -> Option<&Message> {
        self.by_id
            .get(id)
            .and_then(|&index| self.messages.get(index))
    }

    /// The message, unless it or its conversation is deleted.
    pub(crate) fn readable_message(&self, id: &str) -> Option<&Message> {
        let found = self.message(id).filter(|found| !found.deleted)?;
        let conversation = found.conversation.as_ref();
        let conversation = conversation.and_then(|id| self.conversations.get(id));
        (!conversation.is_some_and(|conversation| conversation.deleted)).then_some(found)
    }

    pub(crate) fn message_mut(&mut self, id: &str) -> Option<&mut Message> {
        let index = *self.by_id.get(id)?;
        self.messages.get_mut(index)
    }

    /// The conversation, if it exists and is not deleted.
    pub(crate) fn open(&self, conversation: &str) -> Result<&Conversation, Refused> {
        let found = self
            .conversations
            .get(conversation)
            .filter(|found| !found.deleted);
        found.ok_or(Refused::Unknown("conversation"))
    }

    /// Stores a message at the next position. No two are sent in the same millisecond, so that their order shows
    /// in every version of the API.
    pub(crate) fn append(&mut self, mut message: Message) -> Message {
        if let Some(last) = self.messages.last() {
            message.sent_at = message.sent_at.max(last.sent_at.saturating_add(1));
        }
        let count = u64::try_from(self.messages.len()).unwrap_or(u64::MAX);
        message.position = count.saturating_add(1).saturating_mul(65_536);
        self.by_id.insert(message.id.clone(), self.messages.len());
        self.messages.push(message.clone());
        message
    }
}
