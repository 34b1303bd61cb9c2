//! Webhook events, their headers and signatures.

use super::hook::Hook;
use super::version::Version;
use crate::http::Outgoing;
use crate::json::Json;
use crate::sign::layer_signature;
use serde_json::{Map, Value};

/// The type of an event in both formats.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kinds {
    /// In 1.x, such as `message.sent`.
    pub(crate) old: &'static str,
    /// From 2.0, such as `Message.created`.
    pub(crate) new: &'static str,
}

/// The body of an event in both formats.
#[derive(Clone, Debug)]
pub(crate) struct Rendered {
    pub(crate) old: Json,
    pub(crate) new: Json,
}

/// An event, ready to be sent to webhooks of any version.
#[derive(Clone, Debug)]
pub struct Event {
    /// A UUID for de-duplication, the same in all versions.
    pub id: String,
    pub(crate) kinds: Kinds,
    pub(crate) rendered: Rendered,
}

impl Event {
    /// The type: `message.sent` in 1.x, `Message.created` from 2.0.
    #[must_use]
    pub fn kind(&self, version: Version) -> &'static str {
        if version.has_identities() {
            self.kinds.new
        } else {
            self.kinds.old
        }
    }

    /// The exact, compact body; `config` as given at registration.
    #[must_use]
    pub fn body(&self, version: Version, config: Option<&Map<String, Value>>) -> String {
        let json = if version.has_identities() {
            &self.rendered.new
        } else {
            &self.rendered.old
        };
        match config {
            Some(config) => json
                .clone()
                .with("config", Value::Object(config.clone()))
                .text(),
            None => json.text(),
        }
    }

    /// The signed request to a webhook, with this body.
    #[must_use]
    pub fn request(&self, hook: &Hook, app_id: &str, body: &str) -> Outgoing {
        let header = |name: &str, value: String| (name.to_owned(), value);
        let content_type = format!(
            "application/vnd.layer.webhooks+json; version={}",
            hook.version.name()
        );
        let signature = layer_signature(&hook.secret, body);
        Outgoing {
            method: "POST".to_owned(),
            url: hook.target_url.clone(),
            headers: vec![
                header(
                    "layer-webhook-event-type",
                    self.kind(hook.version).to_owned(),
                ),
                header("layer-webhook-signature", signature),
                header("layer-webhook-request-id", self.id.clone()),
                header("layer-webhook-id", hook.uri(app_id)),
                // Captured with 2.0 bodies, too.
                header("user-agent", "layer-webhooks/1.0".to_owned()),
                header("content-type", content_type),
            ],
            body: body.to_owned(),
        }
    }
}

/// Whether webhooks of this version can receive events of this type.
pub(crate) fn is_event_type(kind: &str, version: Version) -> bool {
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
