//! The events that the record gets, from webhooks and other records, with the model's numbers instead of
//! UUIDs.

use serde_json::value::RawValue;
use texting::{
    chat::{event::Receipts, status::Status},
    ids::Position,
    phone::{Number, Phone},
    record::command::{self, Sent},
    sms::{inbound::InboundText, receipt::DeliveryReceipt},
    time::Timestamp,
};

use crate::{
    names::{conversation_id, message_id},
    parties::layer::Layer,
};

/// An event from a webhook or, for [`Event::Disown`], from another record.
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
    DeliveryReceipt(DeliveryReceipt),
    Disown {
        phone: Phone,
        number: Number,
    },
}

impl Event {
    /// The event as the record gets it.
    pub fn told(&self, layer: &Layer, now: Timestamp) -> command::Event {
        match self {
            Self::Message { message, status } => {
                command::Event::Message(Box::new(sent(*message, *status, layer, now)))
            }
            Self::Receipt { message, status } => command::Event::Receipt {
                message_id: message_id(*message),
                status: *status,
            },
            Self::Receipts {
                conversation,
                positions: (from, to),
                status,
            } => command::Event::Receipts(Receipts {
                conversation_id: conversation_id(*conversation),
                from: Position::new(*from),
                to: Position::new(*to),
                status: *status,
            }),
            Self::MessageDeleted(message) => command::Event::MessageDeleted {
                message_id: message_id(*message),
            },
            Self::ConversationDeleted(conversation) => command::Event::ConversationDeleted {
                conversation_id: conversation_id(*conversation),
            },
            Self::Left(conversation) => command::Event::Left {
                conversation_id: conversation_id(*conversation),
            },
            Self::Text(text) => command::Event::Text(text.clone()),
            Self::DeliveryReceipt(receipt) => command::Event::DeliveryReceipt(receipt.clone()),
            Self::Disown { phone, number } => command::Event::Disown {
                phone: phone.clone(),
                number: number.clone(),
            },
        }
    }
}

fn sent(number: u32, status: Status, layer: &Layer, now: Timestamp) -> Sent {
    let message = layer.message(number);
    Sent {
        message_id: message_id(number),
        conversation_id: conversation_id(message.conversation),
        position: message.position.map(Position::new),
        sent_at: message.sent_at,
        status,
        message: RawValue::from_string(layer.json(number, now).to_string()).unwrap(),
    }
}
