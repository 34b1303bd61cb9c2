//! Reads the JSON of commands. Their types derive how they are written; reading them field by field, with the reader that
//! all other JSON has, makes the Worker 7 KB smaller.

use super::command::{Event, Sent};
use crate::{
    chat::{event::Receipts, status::Status},
    fields::{FieldProblem, Fields},
    ids::{ConversationId, MessageId, Position, TextId, TextReference},
    phone::{Number, Phone},
    sms::{
        inbound::{InboundText, Part},
        receipt::{DeliveryReceipt, Fate},
    },
    time::Timestamp,
};

type Found<T> = Result<T, FieldProblem>;

impl Event {
    /// Reads the JSON of an event. Unknown fields are ignored.
    ///
    /// # Errors
    /// The field that is missing or wrong. This version may not know the event.
    pub(super) fn read(json: &str) -> Found<Self> {
        let fields = Fields::read("command", json)?;
        let (kind, content) = fields.all().next().ok_or_else(|| fields.missing("event"))?;
        if kind == "several" {
            return several(&fields);
        }
        let of = Content(Fields::read(fields.path_of(kind), content.get())?);
        Ok(match kind {
            "message" => Self::Message(Box::new(of.sent()?)),
            "receipt" => Self::Receipt {
                message_id: of.message_id()?,
                status: of.status()?,
            },
            "receipts" => Self::Receipts(of.receipts()?),
            "read_up_to" => Self::ReadUpTo {
                conversation_id: of.conversation_id()?,
                message_id: of.message_id()?,
            },
            "message_deleted" => Self::MessageDeleted {
                message_id: of.message_id()?,
            },
            "conversation_deleted" => Self::ConversationDeleted {
                conversation_id: of.conversation_id()?,
            },
            "left" => Self::Left {
                conversation_id: of.conversation_id()?,
            },
            "text" => Self::Text(of.inbound()?),
            "delivery_receipt" => Self::DeliveryReceipt(of.delivery_receipt()?),
            "disown" => Self::Disown {
                phone: of.phone()?,
                number: of.number()?,
            },
            _ => return Err(FieldProblem::new(fields.path_of(kind), "is not an event")),
        })
    }
}

fn several(fields: &Fields<'_>) -> Found<Event> {
    let events = fields.must("several", fields.list("several"))?;
    let events = events.into_iter().map(|event| Event::read(event.get()));
    events.collect::<Found<_>>().map(Event::Several)
}

/// The fields of an event.
struct Content<'a>(Fields<'a>);

impl Content<'_> {
    fn text(&self, name: &str) -> Found<String> {
        let text = self.0.must(name, self.0.text(name))?;
        Ok(text.into_owned())
    }

    fn message_id(&self) -> Found<MessageId> {
        self.text("message_id").map(MessageId::new)
    }

    fn conversation_id(&self) -> Found<ConversationId> {
        self.text("conversation_id").map(ConversationId::new)
    }

    fn phone(&self) -> Found<Phone> {
        self.text("phone").map(Phone::from_digits)
    }

    fn number(&self) -> Found<Number> {
        self.text("number").map(Number::from_digits)
    }

    fn status(&self) -> Found<Status> {
        self.word("status", Status::read)
    }

    fn word<T>(&self, name: &str, read: fn(&str) -> Option<T>) -> Found<T> {
        let word = self.text(name)?;
        read(&word).ok_or_else(|| self.unreadable(name))
    }

    fn unreadable(&self, name: &str) -> FieldProblem {
        FieldProblem::new(self.0.path_of(name), "cannot be read")
    }

    fn position(&self, name: &str) -> Found<Option<Position>> {
        Ok(self.0.number(name)?.map(Position::new))
    }

    fn count(&self, name: &str) -> Found<u8> {
        let count = self.0.must(name, self.0.number(name))?;
        u8::try_from(count).map_err(|_| self.unreadable(name))
    }

    fn sent(&self) -> Found<Sent> {
        let raw = |name: &str| self.0.raw(name).ok_or_else(|| self.0.missing(name));
        let sent_at = raw("sent_at")?.get().parse();
        Ok(Sent {
            message_id: self.message_id()?,
            conversation_id: self.conversation_id()?,
            position: self.position("position")?,
            sent_at: Timestamp::from_millis(sent_at.map_err(|_| self.unreadable("sent_at"))?),
            status: self.status()?,
            message: raw("message")?.to_owned(),
        })
    }

    fn receipts(&self) -> Found<Receipts> {
        Ok(Receipts {
            conversation_id: self.conversation_id()?,
            from: self.0.must("from", self.position("from"))?,
            to: self.0.must("to", self.position("to"))?,
            status: self.status()?,
        })
    }

    fn inbound(&self) -> Found<InboundText> {
        let part = self.0.object("part")?.map(Content);
        Ok(InboundText {
            message_id: self.text("message_id").map(TextId::new)?,
            phone: self.phone()?,
            number: self.number()?,
            text: self.text("text")?,
            part: part.map(|part| part.part()).transpose()?,
        })
    }

    fn part(&self) -> Found<Part> {
        Ok(Part {
            reference: self.text("reference")?,
            total: self.count("total")?,
            index: self.count("index")?,
        })
    }

    fn delivery_receipt(&self) -> Found<DeliveryReceipt> {
        let reference = self.0.text("reference")?;
        Ok(DeliveryReceipt {
            reference: reference.map(TextReference::new),
            message_id: self.text("message_id").map(TextId::new)?,
            phone: self.phone()?,
            number: self.number()?,
            fate: self.word("fate", Fate::read)?,
        })
    }
}
