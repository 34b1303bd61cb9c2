//! What people do in their chat clients. Each act sends its webhooks unless they are switched off.

use super::event::{Event, Scribe};
use super::model::{
    Conversation, Message, NewConversation, Part, Receipt, Refused, Sender, State, User,
};
use super::{Layer, Shared};
use crate::clock::now_ms;
use crate::lock;
use std::sync::Arc;
use uuid::Uuid;

/// A message and the event that it caused.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The message as stored.
    pub message: Message,
    /// `message.sent`, `Message.created`.
    pub event: Event,
}

impl Layer {
    /// Stores a user, or their new identity.
    pub fn create_user(&self, user: User) {
        lock(&self.shared.state)
            .users
            .insert(user.user_id.clone(), user);
        self.shared.traffic.changed();
    }

    /// Creates a conversation (of a distinct one, finds the one there is) and returns its UUID.
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
        let event = self.scribe(&state).conversation_created(&conversation);
        state.conversations.insert(id.clone(), conversation);
        state.order.push(id.clone());
        drop(state);
        self.shared.publish(&event);
        Ok(id)
    }

    /// A participant, or a bot, sends a message.
    ///
    /// # Errors
    /// No such conversation, or the user does not take part.
    pub fn send_message(
        &self,
        conversation: &str,
        sender: Sender,
        parts: Vec<Part>,
    ) -> Result<Sent, Refused> {
        {
            let state = lock(&self.shared.state);
            let found = state.open(conversation)?;
            if sender
                .user()
                .is_some_and(|user| !found.participants.iter().any(|one| one == user))
            {
                return Err(Refused::NoParticipant);
            }
        }
        let draft = draft(Some(conversation), sender, parts);
        Ok(self.shared.add(draft))
    }

    /// [`Self::send_message`] of one `text/plain` part by a user.
    ///
    /// # Errors
    /// As there.
    pub fn say(&self, conversation: &str, user: &str, text: &str) -> Result<Sent, Refused> {
        self.send_message(
            conversation,
            Sender::User(user.to_owned()),
            vec![Part::text(text)],
        )
    }

    /// A message to a channel: it has no conversation. `recipients` are its members.
    pub fn send_to_channel(&self, user: &str, recipients: &[&str], text: &str) -> Sent {
        let mut draft = draft(None, Sender::User(user.to_owned()), vec![Part::text(text)]);
        draft.status = recipients
            .iter()
            .map(|user| ((*user).to_owned(), Receipt::Sent))
            .collect();
        self.shared.add(draft)
    }

    /// A message is deleted for all.
    ///
    /// # Errors
    /// No such message.
    pub fn delete_message(&self, message: &str) -> Result<Event, Refused> {
        let mut state = lock(&self.shared.state);
        let found = state.message_mut(message).filter(|found| !found.deleted);
        let found = found.ok_or(Refused::Unknown("message"))?;
        found.deleted = true;
        let found = found.clone();
        let event = self
            .scribe(&state)
            .message_deleted(&found, Some(&found.sender));
        drop(state);
        self.shared.publish(&event);
        Ok(event)
    }

    /// A conversation is deleted for all.
    ///
    /// # Errors
    /// No such conversation.
    pub fn delete_conversation(&self, conversation: &str) -> Result<Event, Refused> {
        let mut state = lock(&self.shared.state);
        let found = state.open(conversation)?.clone();
        let event = self.scribe(&state).conversation_deleted(&found);
        if let Some(found) = state.conversations.get_mut(conversation) {
            found.deleted = true;
        }
        drop(state);
        self.shared.publish(&event);
        Ok(event)
    }

    /// A user leaves.
    ///
    /// # Errors
    /// No such conversation, or they do not take part.
    pub fn leave(&self, conversation: &str, user: &str) -> Result<Event, Refused> {
        let left = self.change(conversation, |found| {
            let before = found.participants.len();
            found.participants.retain(|one| one != user);
            found.participants.len() < before
        })?;
        let event = self
            .scribe(&lock(&self.shared.state))
            .membership(&left, user, false);
        self.shared.publish(&event);
        Ok(event)
    }

    /// A user is added.
    ///
    /// # Errors
    /// No such conversation, or they take part already.
    pub fn join(&self, conversation: &str, user: &str) -> Result<Event, Refused> {
        let joined = self.change(conversation, |found| {
            let new = !found.participants.iter().any(|one| one == user);
            if new {
                found.participants.push(user.to_owned());
            }
            new
        })?;
        let event = self
            .scribe(&lock(&self.shared.state))
            .membership(&joined, user, true);
        self.shared.publish(&event);
        Ok(event)
    }

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

    pub(super) fn scribe<'a>(&'a self, state: &'a State) -> Scribe<'a> {
        Scribe::new(&self.shared.options.app_id, state)
    }
}

impl Shared {
    /// Stores a message and tells the webhooks.
    pub(super) fn add(self: &Arc<Self>, mut draft: Message) -> Sent {
        let mut state = lock(&self.state);
        let conversation = draft
            .conversation
            .as_ref()
            .and_then(|id| state.conversations.get(id));
        if let Some(conversation) = conversation {
            let users = conversation.participants.iter();
            draft.status = users.map(|user| (user.clone(), Receipt::Sent)).collect();
        }
        let sender = draft.sender.user().map(ToOwned::to_owned);
        for (user, receipt) in &mut draft.status {
            if Some(&*user) == sender.as_ref() {
                *receipt = Receipt::Read;
            }
        }
        let message = state.append(draft);
        let event = Scribe::new(&self.options.app_id, &state).message_sent(&message);
        drop(state);
        self.publish(&event);
        Sent { message, event }
    }
}

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

pub(super) fn draft(conversation: Option<&str>, sender: Sender, parts: Vec<Part>) -> Message {
    Message {
        id: Uuid::new_v4().to_string(),
        conversation: conversation.map(ToOwned::to_owned),
        sender,
        parts,
        sent_at: now_ms(),
        position: 0,
        status: Vec::new(),
        deleted: false,
        platform: false,
        dedupe: None,
    }
}
