//! Reads the events of Layer's webhooks, of every version.
//!
//! Version 1.0 (`message.sent`…) has the actor inside `event`, and plain user ids. Versions 2.0 and 3.0
//! (`Message.created`…) have the actor beside `event`, and identities. Each reader accepts both forms.

mod conversation;
mod message;

use serde_json::value::RawValue;
use thiserror::Error;

use super::ids;
use crate::{
    chat::event::ChatEvent,
    fields::{self, FieldProblem, Fields},
    ids::{ConversationId, UserId},
    json,
};

/// The content of a webhook's body.
#[derive(Debug)]
pub enum Received {
    /// An event to act on.
    Event(ChatEvent),
    /// An event to ignore, and why, for a debug log.
    Ignored(&'static str),
}

/// Why a webhook's body could not be read. Never holds what a user wrote.
#[derive(Debug, PartialEq, Eq, Error)]
pub enum Unreadable {
    /// Not from Layer, or cut off. Respond with 400.
    #[error("the body is not JSON: {0}")]
    NotJson(String),
    /// Not a webhook of Layer's. Respond with 400.
    #[error("the body has no event.type")]
    NoEventType,
    /// From another registration. Respond with 400, so that Layer deactivates that registration.
    #[error("config.name is \"{name}\", which is not the name of this webhook")]
    ForeignConfig {
        /// The name in the body, cut to 100 characters.
        name: String,
    },
    /// A needed event in an unknown shape. Respond with 200 and log an error: a lasting error response
    /// would deactivate the webhook for the whole app.
    #[error("cannot read the {event_type} event: the field {field} {problem}")]
    Shape {
        /// The event's type.
        event_type: &'static str,
        /// The path of the wrong field.
        field: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl Unreadable {
    /// The status to respond with.
    pub fn http_status(&self) -> u16 {
        match self {
            Self::NotJson(_) | Self::NoEventType | Self::ForeignConfig { .. } => 400,
            Self::Shape { .. } => 200,
        }
    }
}

/// Why there is no event to act on.
#[derive(Debug)]
enum NoEvent {
    /// The event is to be ignored.
    Ignored(&'static str),
    /// A field is wrong.
    Unreadable(FieldProblem),
}

impl From<FieldProblem> for NoEvent {
    fn from(problem: FieldProblem) -> Self {
        Self::Unreadable(problem)
    }
}

type Reader = fn(&Fields) -> Result<ChatEvent, NoEvent>;

/// The needed events by type, with their readers.
const READERS: [(&str, Reader); 11] = [
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

/// Reads a webhook's body. A body without a `config.name` counts as ours.
///
/// # Errors
/// [`Unreadable`], also when `config.name` differs from `webhook_name`.
pub fn read(body: &[u8], webhook_name: &str) -> Result<Received, Unreadable> {
    let json = json::readable(body);
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
    check_name(&whole, webhook_name)?;
    let Some((event_type, read)) = READERS.iter().find(|(name, _)| *name == event_type) else {
        return Ok(Received::Ignored("an event of a type that is not needed"));
    };
    match read(&whole) {
        Ok(event) => Ok(Received::Event(event)),
        Err(NoEvent::Ignored(why)) => Ok(Received::Ignored(why)),
        Err(NoEvent::Unreadable(FieldProblem { field, problem })) => Err(Unreadable::Shape {
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

fn check_name(whole: &Fields, webhook_name: &str) -> Result<(), Unreadable> {
    let config = whole.object("config").ok().flatten();
    let Some(raw) = config.as_ref().and_then(|config| config.raw("name")) else {
        return Ok(());
    };
    let name = fields::text(raw).unwrap_or_else(|| raw.get().into());
    if name == webhook_name {
        return Ok(());
    }
    Err(Unreadable::ForeignConfig {
        name: name.chars().take(100).collect(),
    })
}

/// The user who caused the event: inside `event` in version 1.0, beside it from 2.0.
fn actor(whole: &Fields) -> Result<Option<UserId>, FieldProblem> {
    let inside = match whole.object("event")? {
        Some(event) => event.object("actor")?,
        None => None,
    };
    match inside {
        Some(actor) => user(&actor),
        None => whole.object("actor")?.as_ref().map_or(Ok(None), user),
    }
}

/// The user of a sender, an actor or an identity; `None` for a bot.
fn user(identity: &Fields) -> Result<Option<UserId>, FieldProblem> {
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

/// Whether an identity of version 2.0 is a bot's.
fn is_bot(identity: &Fields) -> Result<bool, FieldProblem> {
    let kind = identity.text("identity_type")?;
    Ok(kind.is_some_and(|kind| kind.eq_ignore_ascii_case("bot")))
}

/// The UUID in the `id` of a message or a conversation.
fn uuid(resource: &Fields) -> Result<String, FieldProblem> {
    let id = resource.must("id", resource.text("id"))?;
    ids::uuid_of(&id)
        .ok_or_else(|| FieldProblem::new(resource.path_of("id"), "does not hold a UUID"))
}

/// The id of the conversation inside a message or an event; `None` when it has none.
fn conversation_in(parent: &Fields) -> Result<Option<ConversationId>, FieldProblem> {
    let conversation = parent.object("conversation")?;
    conversation.as_ref().map(conversation_id).transpose()
}

fn conversation_id(conversation: &Fields) -> Result<ConversationId, FieldProblem> {
    uuid(conversation).map(ConversationId::new)
}

#[cfg(test)]
mod tests;
