//! Sending and deleting messages.

use crate::layer::handle::{Layer, Shared};
use crate::layer::model::{Event, Message, Part, Receipt, Sender};
use crate::layer::state::Refused;
use crate::lock::lock;
use std::sync::Arc;

/// A message and its event.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The message as stored.
    pub message: Message,
    /// `message.sent`, `Message.created`.
    pub event: Event,
}

impl Layer {
    /// A participant or a bot sends a message.
    ///
    /// # Errors
    /// Unknown conversation, or the user is not a participant.
    pub fn send_message(
        &self,
        conversation: &str,
        sender: Sender,
        parts: Vec<Part>,
    ) -> Result<Sent, Refused> {
        {
            let state = lock(&self.shared.state);
            let found = state.open(conversation)?;
            if sender.user().is_some_and(|user| !found.has(user)) {
                return Err(Refused::NoParticipant);
            }
        }
        let draft = Message::draft(Some(conversation), sender, parts);
        Ok(self.shared.add(draft))
    }

    /// A participant sends one `text/plain` part.
    ///
    /// # Errors
    /// As [`Self::send_message`].
    pub fn say(&self, conversation: &str, user: &str, text: &str) -> Result<Sent, Refused> {
        self.send_message(
            conversation,
            Sender::User(user.to_owned()),
            vec![Part::text(text)],
        )
    }

    /// A user sends a message to a channel with these members. It has no conversation.
    pub fn send_to_channel(&self, user: &str, recipients: &[&str], text: &str) -> Sent {
        let mut draft = Message::draft(None, Sender::User(user.to_owned()), vec![Part::text(text)]);
        draft.status = recipients
            .iter()
            .map(|user| ((*user).to_owned(), Receipt::Sent))
            .collect();
        self.shared.add(draft)
    }

    /// Changes what a message says. No webhook tells of it.
    ///
    /// # Errors
    /// Unknown message.
    pub fn change_parts(&self, message: &str, parts: Vec<Part>) -> Result<(), Refused> {
        let mut state = lock(&self.shared.state);
        let found = state.message_mut(message).filter(|found| !found.deleted);
        found.ok_or(Refused::Unknown("message"))?.parts = parts;
        Ok(())
    }

    /// Deletes a message for all participants.
    ///
    /// # Errors
    /// Unknown message.
    pub fn delete_message(&self, message: &str) -> Result<Event, Refused> {
        let mut state = lock(&self.shared.state);
        let found = state.message_mut(message).filter(|found| !found.deleted);
        let found = found.ok_or(Refused::Unknown("message"))?;
        found.deleted = true;
        let found = found.clone();
        let event = self.shared.events(&state).message_deleted(&found);
        drop(state);
        self.shared.publish(&event);
        Ok(event)
    }
}

impl Shared {
    /// Stores a message and publishes its event.
    pub(crate) fn add(self: &Arc<Self>, mut draft: Message) -> Sent {
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
        let event = self.events(&state).message_sent(&message);
        drop(state);
        self.publish(&event);
        Sent { message, event }
    }
}
