//! Receipts: delivered and read.

use crate::layer::handle::{Layer, Shared};
use crate::layer::model::{Event, Message, Receipt, Version};
use crate::layer::state::{Refused, State};
use crate::lock::lock;
use std::sync::Arc;

impl Layer {
    /// A client reports that the message was delivered.
    ///
    /// # Errors
    /// Unknown message, or the receipt changes nothing.
    pub fn mark_delivered(&self, message: &str, user: &str) -> Result<Event, Refused> {
        self.receipt(message, user, Receipt::Delivered)
    }

    /// A user read the message.
    ///
    /// # Errors
    /// Unknown message, or the receipt changes nothing.
    pub fn mark_read(&self, message: &str, user: &str) -> Result<Event, Refused> {
        self.receipt(message, user, Receipt::Read)
    }

    /// A user read all messages of a conversation. From 2.0 this is one receipt for a range of positions (the
    /// returned event); webhooks of 1.x get one call for each message.
    ///
    /// # Errors
    /// Unknown conversation, or nothing was unread.
    pub fn mark_all_read(&self, conversation: &str, user: &str) -> Result<Event, Refused> {
        self.shared.read_all(conversation, user, u64::MAX)
    }

    fn receipt(&self, message: &str, user: &str, receipt: Receipt) -> Result<Event, Refused> {
        let mut state = lock(&self.shared.state);
        let found = advance(&mut state, message, user, receipt)?;
        let events = self.shared.events(&state);
        let event = events.receipt(&found, user, receipt, found.position);
        drop(state);
        self.shared.publish(&event);
        Ok(event)
    }
}

impl Shared {
    /// Marks a user's messages as read, up to a position; see [`Layer::mark_all_read`].
    pub(crate) fn read_all(
        self: &Arc<Self>,
        conversation: &str,
        user: &str,
        to: u64,
    ) -> Result<Event, Refused> {
        let mut state = lock(&self.state);
        state.open(conversation)?;
        let ids: Vec<_> = state
            .messages
            .iter()
            .filter(|one| one.conversation.as_deref() == Some(conversation) && one.position <= to)
            .map(|one| one.id.clone())
            .collect();
        let read = ids
            .iter()
            .filter_map(|id| advance(&mut state, id, user, Receipt::Read).ok());
        let read: Vec<_> = read.collect();
        let (Some(first), Some(last)) = (read.first(), read.last()) else {
            return Err(Refused::NoEffect);
        };
        let events = self.events(&state);
        let whole = events.receipt(last, user, Receipt::Read, first.position);
        let single = read
            .iter()
            .map(|one| events.receipt(one, user, Receipt::Read, one.position));
        let single: Vec<_> = single.collect();
        drop(state);
        self.publish_to(&whole, Version::has_identities);
        for event in single {
            self.publish_to(&event, |version| !version.has_identities());
        }
        Ok(whole)
    }
}

/// Stores a receipt and returns the message.
fn advance(
    state: &mut State,
    message: &str,
    user: &str,
    receipt: Receipt,
) -> Result<Message, Refused> {
    let found = state.message_mut(message).filter(|found| !found.deleted);
    let found = found.ok_or(Refused::Unknown("message"))?;
    let entry = found.status.iter_mut().find(|(one, _)| one == user);
    let (_, known) = entry.ok_or(Refused::NoParticipant)?;
    if *known >= receipt {
        return Err(Refused::NoEffect);
    }
    *known = receipt;
    Ok(found.clone())
}
