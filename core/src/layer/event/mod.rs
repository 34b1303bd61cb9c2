//! What Layer's webhooks tell, in both generations of names and shapes, as one type.
//!
//! 1.0 (`message.sent`…) has the actor inside `event` and plain user ids; 2.0 and 3.0
//! (`Message.created`…) have it beside `event`, and identities. Each reader takes either form.

mod conversation;
mod message;

use serde_json::value::RawValue;
use thiserror::Error;

use super::ids;
use crate::{
    chat::event::ChatEvent,
    fields::{Fields, Problem},
    ids::{ConversationId, UserId},
    sms::surrogates,
};

/// What a webhook's body turned out to be.
#[derive(Debug)]
pub enum Received {
    /// An event that may concern users.
    Event(ChatEvent),
    /// Nothing that concerns us; the reason is for a debug log.
    Ignored(&'static str),
}

/// Why a webhook's body could not be read. Never holds what a user wrote.
#[derive(Debug, PartialEq, Eq, Error)]
pub enum Unreadable {
    /// Not Layer's, or cut off: to be answered with 400.
    #[error("the body is not JSON: {0}")]
    NotJson(String),
    /// Not one of Layer's webhooks: to be answered with 400.
    #[error("the body has no event.type")]
    NoEventType,
    /// Of another registration: to be answered with 400, so that Layer deactivates that one.
    #[error("config.name is \"{name}\", which is not the name of this webhook")]
    ForeignConfig {
        /// The name that came, cut to 100 characters.
        name: String,
    },
    /// An event that we need in a shape that we do not know. To be answered with 200 and logged as
    /// an error: one lasting failure would deactivate the whole app's webhook.
    #[error("cannot read the {event_type} event: the field {field} {problem}")]
    Shape {
        /// The event's type.
        event_type: &'static str,
        /// The path of the field that is wrong.
        field: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl Unreadable {
    /// The HTTP status that Layer should be answered with.
    pub fn http_status(&self) -> u16 {
        match self {
            Self::NotJson(_) | Self::NoEventType | Self::ForeignConfig { .. } => 400,
            Self::Shape { .. } => 200,
        }
    }
}

/// Why a body yields no event.
#[derive(Debug)]
enum NoEvent {
    /// It does not concern us.
    Ignored(&'static str),
    /// A field is not what it must be.
    Unreadable(Problem),
}

impl From<Problem> for NoEvent {
    fn from(problem: Problem) -> Self {
        Self::Unreadable(problem)
    }
}

type Read = fn(&Fields) -> Result<ChatEvent, NoEvent>;

/// The events that we need, with their readers.
const READERS: [(&str, Read); 11] = [
    ("message.sent", message::sent),
    ("message.delivered", message::delivered),
    ("message.read", message::read),
    ("message.deleted", message::deleted),
    ("conversation.deleted", conversation::deleted),
    (
        "conversation.updated.participants",
        conversation::participants,
    ),
    ("Message.created", message::sent),
    ("Message.deleted", message::deleted),
    ("Receipt.created", conversation::receipt),
    ("Conversation.deleted", conversation::deleted),
    ("Participation.deleted", conversation::participation_deleted),
];

/// Reads a webhook's body. A `config.name` other than `webhook_name` is refused; without one, the
/// body is taken to be ours.
pub fn read(body: &[u8], webhook_name: &str) -> Result<Received, Unreadable> {
    let json = str::from_utf8(body).map_err(|e| Unreadable::NotJson(e.to_string()))?;
    let json = surrogates::repaired(json);
    let whole = Fields::read("", &json).map_err(|_| not_an_object(&json))?;
    let event = whole
        .object("event")
        .ok()
        .flatten()
        .ok_or(Unreadable::NoEventType)?;
    let event_type = event
        .text("type")
        .ok()
        .flatten()
        .ok_or(Unreadable::NoEventType)?;
    ours(&whole, webhook_name)?;
    let Some((event_type, read)) = READERS.iter().find(|(name, _)| *name == event_type) else {
        return Ok(Received::Ignored("an event of a type that is not needed"));
    };
    match read(&whole) {
        Ok(event) => Ok(Received::Event(event)),
        Err(NoEvent::Ignored(why)) => Ok(Received::Ignored(why)),
        Err(NoEvent::Unreadable(Problem { field, problem })) => Err(Unreadable::Shape {
            event_type,
            field,
            problem,
        }),
    }
}

fn not_an_object(json: &str) -> Unreadable {
    match serde_json::from_str::<&RawValue>(json) {
        Ok(_) => Unreadable::NoEventType,
        Err(e) => Unreadable::NotJson(e.to_string()),
    }
}

fn ours(whole: &Fields, webhook_name: &str) -> Result<(), Unreadable> {
    let config = whole.object("config").ok().flatten();
    let Some(raw) = config.as_ref().and_then(|config| config.raw("name")) else {
        return Ok(());
    };
    let name = crate::fields::text(raw).unwrap_or_else(|| raw.get().into());
    if name == webhook_name {
        return Ok(());
    }
    Err(Unreadable::ForeignConfig {
        name: name.chars().take(100).collect(),
    })
}

/// Who caused the event: inside `event` in 1.0, beside it from 2.0.
fn actor(whole: &Fields) -> Result<Option<UserId>, Problem> {
    let inside = match whole.object("event")? {
        Some(event) => event.object("actor")?,
        None => None,
    };
    match inside {
        Some(actor) => user(&actor),
        None => whole.object("actor")?.as_ref().map_or(Ok(None), user),
    }
}

/// The user behind a `sender`, an actor or an identity; `None` for a bot.
fn user(identity: &Fields) -> Result<Option<UserId>, Problem> {
    if is_bot(identity)? {
        return Ok(None);
    }
    let plain = identity.text("user_id")?.filter(|id| !id.is_empty());
    if let Some(id) = plain {
        return Ok(Some(UserId::new(id)));
    }
    Ok(identity
        .text("id")?
        .map(|id| ids::user_of(&id))
        .filter(|id| !id.is_empty()))
}

/// Whether an identity of 2.0 is a bot's.
fn is_bot(identity: &Fields) -> Result<bool, Problem> {
    let kind = identity.text("identity_type")?;
    Ok(kind.is_some_and(|kind| kind.eq_ignore_ascii_case("bot")))
}

/// The UUID in the `id` of a message or a conversation.
fn uuid(resource: &Fields) -> Result<String, Problem> {
    let id = resource.must("id", resource.text("id"))?;
    ids::uuid_of(&id).ok_or_else(|| Problem::new(resource.path_of("id"), "does not hold a UUID"))
}

/// The conversation inside.
fn conversation_in(parent: &Fields) -> Result<Option<ConversationId>, Problem> {
    let conversation = parent.object("conversation")?;
    conversation.as_ref().map(conversation_id).transpose()
}

fn conversation_id(conversation: &Fields) -> Result<ConversationId, Problem> {
    uuid(conversation).map(ConversationId::new)
}

#[cfg(test)]
mod tests;
