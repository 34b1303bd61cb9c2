//! Webhook events in both generations, their headers and signatures.

use super::model::{Conversation, Message, Receipt, Sender, State, Version};
use super::wire::{Wire, identity_uri};
use crate::client::Outgoing;
use crate::clock::{layer_time, now_ms};
use crate::json::{Json, object};
use crate::sign::layer_signature;
use serde_json::{Map, Value};

/// Something that happened, ready to be sent to webhooks of either generation.
#[derive(Clone, Debug)]
pub struct Event {
    /// A UUID, for de-duplication; in both generations the same.
    pub id: String,
    old: (&'static str, Json),
    new: (&'static str, Json),
}

impl Event {
    /// The type: `message.sent` in 1.x, `Message.created` from 2.0.
    #[must_use]
    pub fn kind(&self, version: Version) -> &'static str {
        if version.has_identities() {
            self.new.0
        } else {
            self.old.0
        }
    }

    /// The exact body, compact; `config` as given at registration.
    #[must_use]
    pub fn body(&self, version: Version, config: Option<&Map<String, Value>>) -> String {
        let json = if version.has_identities() {
            &self.new.1
        } else {
            &self.old.1
        };
        match config {
            Some(config) => json
                .clone()
                .with("config", Value::Object(config.clone()))
                .text(),
            None => json.text(),
        }
    }

    /// The whole signed request as Layer sends it; `hook` is a webhook's URI.
    #[must_use]
    pub fn request(
        &self,
        version: Version,
        url: &str,
        hook: &str,
        secret: &str,
        body: &str,
    ) -> Outgoing {
        let header = |name: &str, value: String| (name.to_owned(), value);
        let content_type = format!(
            "application/vnd.layer.webhooks+json; version={}",
            version.name()
        );
        Outgoing {
            method: "POST".to_owned(),
            url: url.to_owned(),
            headers: vec![
                header("layer-webhook-event-type", self.kind(version).to_owned()),
                header("layer-webhook-signature", layer_signature(secret, body)),
                header("layer-webhook-request-id", self.id.clone()),
                header("layer-webhook-id", hook.to_owned()),
                // Captured so with 2.0 bodies, too.
                header("user-agent", "layer-webhooks/1.0".to_owned()),
                header("content-type", content_type),
            ],
            body: body.to_owned(),
        }
    }
}

/// Builds the events of one moment.
pub(super) struct Scribe<'a> {
    wire: Wire<'a>,
}

struct Kinds(&'static str, &'static str);

impl<'a> Scribe<'a> {
    pub(super) fn new(app: &'a str, state: &'a State) -> Self {
        Self {
            wire: Wire { app, state },
        }
    }

    pub(super) fn message_sent(&self, message: &Message) -> Event {
        // In captured requests the event of a new message has the message's own UUID.
        let kinds = Kinds("message.sent", "Message.created");
        let body = |version| vec![("message", self.wire.message(message, version))];
        self.event(
            kinds,
            &message.id,
            Some(&message.sender),
            body(Version::V1_0),
            body(Version::V2_0),
        )
    }

    pub(super) fn message_deleted(&self, message: &Message, actor: Option<&Sender>) -> Event {
        let kinds = Kinds("message.deleted", "Message.deleted");
        let body = |version| vec![("message", self.wire.message(message, version))];
        self.event(
            kinds,
            &fresh(),
            actor,
            body(Version::V1_0),
            body(Version::V2_0),
        )
    }

    /// `from`: position of the first message that the receipt covers; `message` is the last.
    pub(super) fn receipt(
        &self,
        message: &Message,
        user: &str,
        receipt: Receipt,
        from: u64,
    ) -> Event {
        let (kind, name) = match receipt {
            Receipt::Read => ("message.read", "Read"),
            _ => ("message.delivered", "Delivery"),
        };
        let positions = object([("from", from.into()), ("to", message.position.into())]);
        let new = vec![
            (
                "receipt",
                object([("type", name.into()), ("positions", positions)]),
            ),
            (
                "conversation",
                self.wire.reference(message.conversation.as_deref()),
            ),
        ];
        let old = vec![("message", self.wire.message(message, Version::V1_0))];
        let actor = Sender::User(user.to_owned());
        self.event(
            Kinds(kind, "Receipt.created"),
            &fresh(),
            Some(&actor),
            old,
            new,
        )
    }

    pub(super) fn conversation_created(&self, conversation: &Conversation) -> Event {
        let kinds = Kinds("conversation.created", "Conversation.created");
        let body = |version| {
            vec![(
                "conversation",
                self.wire.conversation(conversation, version),
            )]
        };
        self.event(
            kinds,
            &fresh(),
            None,
            body(Version::V1_0),
            body(Version::V2_0),
        )
    }

    pub(super) fn conversation_deleted(&self, conversation: &Conversation) -> Event {
        let kinds = Kinds("conversation.deleted", "Conversation.deleted");
        let body = |version| {
            vec![(
                "conversation",
                self.wire.conversation(conversation, version),
            )]
        };
        self.event(
            kinds,
            &fresh(),
            None,
            body(Version::V1_0),
            body(Version::V2_0),
        )
    }

    /// `conversation` as it is afterwards.
    pub(super) fn membership(
        &self,
        conversation: &Conversation,
        user: &str,
        joined: bool,
    ) -> Event {
        let new_kind = if joined {
            "Participation.created"
        } else {
            "Participation.deleted"
        };
        let old = vec![(
            "conversation",
            self.wire.conversation(conversation, Version::V1_0),
        )];
        let change = object([("id", identity_uri(user).into()), ("user_id", user.into())]);
        let new = vec![
            ("conversation", self.wire.reference(Some(&conversation.id))),
            ("changes", Json::List(vec![change])),
        ];
        let actor = Sender::User(user.to_owned());
        self.event(
            Kinds("conversation.updated.participants", new_kind),
            &fresh(),
            Some(&actor),
            old,
            new,
        )
    }

    fn event(
        &self,
        Kinds(old_kind, new_kind): Kinds,
        id: &str,
        actor: Option<&Sender>,
        old: Vec<(&str, Json)>,
        new: Vec<(&str, Json)>,
    ) -> Event {
        let at = layer_time(now_ms());
        let head = object([
            ("created_at", at.as_str().into()),
            ("type", old_kind.into()),
            ("id", id.into()),
        ]);
        let head = match actor {
            Some(Sender::User(id)) => head.with("actor", object([("user_id", id.as_str().into())])),
            Some(Sender::Bot(name)) => head.with("actor", object([("name", name.as_str().into())])),
            None => head,
        };
        let old = fill(object([("event", head)]), old);
        let head = object([
            ("id", id.into()),
            ("type", new_kind.into()),
            ("created_at", at.into()),
        ]);
        let actor = actor.map_or(Json::NULL, |actor| self.wire.sender(actor, Version::V2_0));
        let new = fill(object([("event", head), ("actor", actor)]), new);
        Event {
            id: id.to_owned(),
            old: (old_kind, old),
            new: (new_kind, new),
        }
    }
}

fn fill(json: Json, members: Vec<(&str, Json)>) -> Json {
    members
        .into_iter()
        .fold(json, |json, (name, value)| json.with(name, value))
}

fn fresh() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// Whether a webhook of this version can ask for this event.
pub(super) fn exists(kind: &str, version: Version) -> bool {
    const OLD: [&str; 8] = [
        "message.sent",
        "message.delivered",
        "message.read",
        "message.deleted",
        "conversation.created",
        "conversation.updated.participants",
        "conversation.updated.metadata",
        "conversation.deleted",
    ];
    const NEW: [&str; 14] = [
        "Message.created",
        "Message.deleted",
        "Message.updated",
        "Receipt.created",
        "Conversation.created",
        "Conversation.updated",
        "Conversation.deleted",
        "Participation.created",
        "Participation.deleted",
        "Channel.created",
        "Channel.updated",
        "Channel.deleted",
        "Membership.created",
        "Membership.deleted",
    ];
    const PARTS: [&str; 3] = [
        "MessagePart.created",
        "MessagePart.updated",
        "MessagePart.deleted",
    ];
    match version {
        Version::V1_0 | Version::V1_1 => OLD.contains(&kind),
        Version::V2_0 => NEW.contains(&kind),
        Version::V3_0 => NEW.contains(&kind) || PARTS.contains(&kind),
    }
}
