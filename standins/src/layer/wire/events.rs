//! Webhook events in both formats: 1.x, and from 2.0.

use super::objects::{Renderer, identity_uri};
use crate::clock::{layer_time, now_ms};
use crate::json::{Json, object};
use crate::layer::model::{
    Conversation, Event, Kinds, Message, Receipt, Rendered, Sender, Version,
};
use crate::layer::state::State;
use uuid::Uuid;

/// Builds events from the current state.
pub(crate) struct EventBuilder<'a>(Renderer<'a>);

/// Members of an event's body, after those that all events have.
struct Members {
    old: Vec<(&'static str, Json)>,
    new: Vec<(&'static str, Json)>,
}

impl Members {
    /// One member, rendered in both formats.
    fn both(name: &'static str, render: impl Fn(Version) -> Json) -> Self {
        Self {
            old: vec![(name, render(Version::V1_0))],
            new: vec![(name, render(Version::V2_0))],
        }
    }
}

impl<'a> EventBuilder<'a> {
    pub(crate) fn new(app_id: &'a str, state: &'a State) -> Self {
        Self(Renderer::new(app_id, state))
    }

    pub(crate) fn message_sent(&self, message: &Message) -> Event {
        let kinds = Kinds {
            old: "message.sent",
            new: "Message.created",
        };
        // As captured: the event of a new message has the message's own UUID.
        let id = message.id.clone();
        self.event(kinds, id, Some(&message.sender), self.message(message))
    }

    pub(crate) fn message_deleted(&self, message: &Message) -> Event {
        let kinds = Kinds {
            old: "message.deleted",
            new: "Message.deleted",
        };
        let actor = Some(&message.sender);
        self.event(kinds, new_id(), actor, self.message(message))
    }

    /// `message` is the last that the receipt covers, `from` the position of the first.
    pub(crate) fn receipt(
        &self,
        message: &Message,
        user: &str,
        receipt: Receipt,
        from: u64,
    ) -> Event {
        let (old, name) = match receipt {
            Receipt::Read => ("message.read", "Read"),
            _ => ("message.delivered", "Delivery"),
        };
        let positions = object([("from", from.into()), ("to", message.position.into())]);
        let receipt = object([("type", name.into()), ("positions", positions)]);
        let conversation = self.0.reference(message.conversation.as_deref());
        let members = Members {
            old: vec![("message", self.0.message(message, Version::V1_0))],
            new: vec![("receipt", receipt), ("conversation", conversation)],
        };
        let kinds = Kinds {
            old,
            new: "Receipt.created",
        };
        let actor = Sender::User(user.to_owned());
        self.event(kinds, new_id(), Some(&actor), members)
    }

    pub(crate) fn conversation_created(&self, conversation: &Conversation) -> Event {
        let kinds = Kinds {
            old: "conversation.created",
            new: "Conversation.created",
        };
        self.event(kinds, new_id(), None, self.conversation(conversation))
    }

    pub(crate) fn conversation_deleted(&self, conversation: &Conversation) -> Event {
        let kinds = Kinds {
            old: "conversation.deleted",
            new: "Conversation.deleted",
        };
        self.event(kinds, new_id(), None, self.conversation(conversation))
    }

    /// A user joined or left; `conversation` is its state afterwards.
    pub(crate) fn membership(
        &self,
        conversation: &Conversation,
        user: &str,
        joined: bool,
    ) -> Event {
        let kinds = Kinds {
            old: "conversation.updated.participants",
            new: if joined {
                "Participation.created"
            } else {
                "Participation.deleted"
            },
        };
        let change = object([("id", identity_uri(user).into()), ("user_id", user.into())]);
        let old = self.0.conversation(conversation, Version::V1_0);
        let members = Members {
            old: vec![("conversation", old)],
            new: vec![
                ("conversation", self.0.reference(Some(&conversation.id))),
                ("changes", Json::List(vec![change])),
            ],
        };
        let actor = Sender::User(user.to_owned());
        self.event(kinds, new_id(), Some(&actor), members)
    }

    fn message(&self, message: &Message) -> Members {
        Members::both("message", |version| self.0.message(message, version))
    }

    fn conversation(&self, conversation: &Conversation) -> Members {
        Members::both("conversation", |version| {
            self.0.conversation(conversation, version)
        })
    }

    fn event(&self, kinds: Kinds, id: String, actor: Option<&Sender>, members: Members) -> Event {
        let at = layer_time(now_ms());
        let old = old_body(&kinds, &id, &at, actor);
        let head = object([
            ("id", id.as_str().into()),
            ("type", kinds.new.into()),
            ("created_at", at.into()),
        ]);
        let actor = actor.map_or(Json::NULL, |actor| self.0.sender(actor, Version::V2_0));
        let new = object([("event", head), ("actor", actor)]);
        let rendered = Rendered {
            old: append(old, members.old),
            new: append(new, members.new),
        };
        Event {
            id,
            kinds,
            rendered,
        }
    }
}

fn old_body(kinds: &Kinds, id: &str, at: &str, actor: Option<&Sender>) -> Json {
    let head = object([
        ("created_at", at.into()),
        ("type", kinds.old.into()),
        ("id", id.into()),
    ]);
    let head = match actor {
        Some(Sender::User(id)) => head.with("actor", object([("user_id", id.as_str().into())])),
        Some(Sender::Bot(name)) => head.with("actor", object([("name", name.as_str().into())])),
        None => head,
    };
    object([("event", head)])
}

fn append(json: Json, members: Vec<(&str, Json)>) -> Json {
    let members = members.into_iter();
    members.fold(json, |json, (name, value)| json.with(name, value))
}

fn new_id() -> String {
    Uuid::new_v4().to_string()
}
