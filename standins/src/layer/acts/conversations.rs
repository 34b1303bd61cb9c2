//! Users, conversations and who takes part in them.

use crate::clock::now_ms;
use crate::layer::handle::Layer;
use crate::layer::model::{Conversation, Event, Message, NewConversation, User};
use crate::layer::state::{Refused, State};
use crate::lock::lock;
use uuid::Uuid;

impl Layer {
    /// Creates a user or replaces the user's identity.
    pub fn create_user(&self, user: User) {
        lock(&self.shared.state)
            .users
            .insert(user.user_id.clone(), user);
        self.shared.traffic.changed();
    }

    /// Creates a conversation and returns its UUID; returns the existing one if it is distinct.
    ///
    /// # Errors
    /// [`Refused::Participants`].
    pub fn create_conversation(&self, new: NewConversation) -> Result<String, Refused> {
        if new.participants.is_empty() || new.participants.len() > 25 {
            return Err(Refused::Participants);
        }
        let mut state = lock(&self.shared.state);
        if let Some(found) = distinct(&state, &new) {
            return Ok(found);
        }
        let conversation = Conversation {
            id: Uuid::new_v4().to_string(),
            participants: new.participants,
            metadata: new.metadata,
            distinct: new.distinct,
            created_at: now_ms(),
            deleted: false,
        };
        let id = conversation.id.clone();
        let event = self
            .shared
            .events(&state)
            .conversation_created(&conversation);
        state.conversations.insert(id.clone(), conversation);
        state.order.push(id.clone());
        drop(state);
        self.shared.publish(&event);
        Ok(id)
    }

    /// Holds conversations and messages that are given as they are, in their order. No webhook tells of them.
    pub fn hold(&self, conversations: Vec<Conversation>, messages: Vec<Message>) {
        let mut state = lock(&self.shared.state);
        for conversation in conversations {
            state.order.push(conversation.id.clone());
            state
                .conversations
                .insert(conversation.id.clone(), conversation);
        }
        for message in messages {
            let index = state.messages.len();
            state.by_id.insert(message.id.clone(), index);
            state.messages.push(message);
        }
    }

    /// Deletes a conversation for all participants.
    ///
    /// # Errors
    /// Unknown conversation.
    pub fn delete_conversation(&self, conversation: &str) -> Result<Event, Refused> {
        let mut state = lock(&self.shared.state);
        let found = state.open(conversation)?.clone();
        let event = self.shared.events(&state).conversation_deleted(&found);
        if let Some(found) = state.conversations.get_mut(conversation) {
            found.deleted = true;
        }
        drop(state);
        self.shared.publish(&event);
        Ok(event)
    }

    /// A user leaves a conversation.
    ///
    /// # Errors
    /// Unknown conversation, or the user is not a participant.
    pub fn leave(&self, conversation: &str, user: &str) -> Result<Event, Refused> {
        let left = self.change(conversation, |found| {
            let before = found.participants.len();
            found.participants.retain(|one| one != user);
            found.participants.len() < before
        })?;
        Ok(self.publish_membership(&left, user, false))
    }

    /// A user joins a conversation.
    ///
    /// # Errors
    /// Unknown conversation, or the user is already a participant.
    pub fn join(&self, conversation: &str, user: &str) -> Result<Event, Refused> {
        let joined = self.change(conversation, |found| {
            let new = !found.has(user);
            if new {
                found.participants.push(user.to_owned());
            }
            new
        })?;
        Ok(self.publish_membership(&joined, user, true))
    }

    fn publish_membership(&self, conversation: &Conversation, user: &str, joined: bool) -> Event {
        let state = lock(&self.shared.state);
        let event = self
            .shared
            .events(&state)
            .membership(conversation, user, joined);
        drop(state);
        self.shared.publish(&event);
        event
    }

    /// Applies `act`, which returns whether it changed the participants.
    fn change(
        &self,
        conversation: &str,
        act: impl FnOnce(&mut Conversation) -> bool,
    ) -> Result<Conversation, Refused> {
        let mut state = lock(&self.shared.state);
        let found = state
            .conversations
            .get_mut(conversation)
            .filter(|found| !found.deleted);
        let found = found.ok_or(Refused::Unknown("conversation"))?;
        if act(found) {
            Ok(found.clone())
        } else {
            Err(Refused::NoParticipant)
        }
    }
}

/// The id of the distinct conversation with the same participants.
fn distinct(state: &State, new: &NewConversation) -> Option<String> {
    let sorted = |users: &[String]| {
        let mut users = users.to_vec();
        users.sort();
        users
    };
    let same = |one: &&Conversation| {
        one.distinct && !one.deleted && sorted(&one.participants) == sorted(&new.participants)
    };
    if !new.distinct {
        return None;
    }
    state
        .conversations
        .values()
        .find(same)
        .map(|found| found.id.clone())
}
