//! What happens to the record from outside.

use serde_json::value::RawValue;
use texting::{
    chat::status::Status,
    record::{
        Record,
        command::{InboundText, Outcome, Sent},
        notice::Dropped,
        store::StoreError,
    },
};

use crate::{
    names::{conversation_id, message_id},
    parties::layer::Layer,
};

/// A webhook, or another record's word.
#[derive(Clone, Debug)]
pub enum Event {
    Message {
        message: u32,
        status: Status,
    },
    Receipt {
        message: u32,
        status: Status,
    },
    Receipts {
        conversation: u32,
        positions: (u64, u64),
        status: Status,
    },
    MessageDeleted(u32),
    ConversationDeleted(u32),
    Left(u32),
    Text(InboundText),
    Disown {
        phone: String,
        number: String,
    },
}

impl Event {
    /// Tells the record, as the Durable Object does.
    pub fn tell(&self, record: &Record<'_>, layer: &Layer) -> Result<Outcome, StoreError> {
        match self {
            Self::Message { message, status } => record.message(&sent(*message, *status, layer)),
            Self::Receipt { message, status } => record.receipt(&message_id(*message), *status),
            Self::Receipts {
                conversation,
                positions,
                status,
            } => record.receipts(&conversation_id(*conversation), *positions, *status),
            Self::MessageDeleted(message) => record.message_deleted(&message_id(*message)),
            Self::ConversationDeleted(conversation) => {
                record.conversation_over(&conversation_id(*conversation), Dropped::Deleted)
            }
            Self::Left(conversation) => {
                record.conversation_over(&conversation_id(*conversation), Dropped::Left)
            }
            Self::Text(text) => record.text(text),
            Self::Disown { phone, number } => {
                record.disown(phone, number).map(|()| Outcome::Stored)
            }
        }
    }
}

fn sent(number: u32, status: Status, layer: &Layer) -> Sent {
    let message = layer.message(number);
    Sent {
        message_id: message_id(number),
        conversation_id: conversation_id(message.conversation),
        position: message.position,
        sent_at: message.sent_at,
        status,
        message: RawValue::from_string(layer.json(number).to_string()).unwrap(),
    }
}
