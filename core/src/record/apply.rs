//! Which rule handles which event.

use super::{
    Record,
    command::{Event, Outcome},
    ending::Dropped,
};
use crate::storage::StoreError;

impl Record<'_> {
    /// Handles an event and stores its effect. Returns what became of it.
    pub fn apply(&self, event: &Event) -> Result<Outcome, StoreError> {
        match event {
            Event::Message(sent) => self.message(sent),
            Event::Receipt { message_id, status } => self.receipt(message_id, *status),
            Event::Receipts(receipts) => self.receipts(receipts),
            Event::ReadUpTo {
                conversation_id,
                message_id,
            } => self.read_up_to(conversation_id, message_id),
            Event::MessageDeleted { message_id } => self.message_deleted(message_id),
            Event::ConversationDeleted { conversation_id } => {
                self.conversation_over(conversation_id, Dropped::Deleted)
            }
            Event::Left { conversation_id } => {
                self.conversation_over(conversation_id, Dropped::Left)
            }
            Event::Text(text) => self.text(text),
            Event::DeliveryReceipt(receipt) => self.delivery_receipt(receipt),
            Event::Disown { phone, number } => self.disown(number, phone).map(|()| Outcome::Stored),
            Event::Several(events) => self.apply_all(events),
        }
    }

    fn apply_all(&self, events: &[Event]) -> Result<Outcome, StoreError> {
        let mut outcome = Outcome::Known;
        for event in events {
            if self.apply(event)? == Outcome::Stored {
                outcome = Outcome::Stored;
            }
        }
        Ok(outcome)
    }
}
