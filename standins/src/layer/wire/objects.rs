//! Layer's objects as JSON, in both formats: 1.x, and from 2.0.

use crate::clock::layer_time;
use crate::json::{Json, object};
use crate::layer::model::{Conversation, Hook, Message, Part, Sender, User, Version};
use crate::layer::state::State;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// The characters that `encodeURIComponent` encodes.
const USER_ID: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// Renders objects from the current state.
pub(crate) struct Renderer<'a> {
    app_id: &'a str,
    pub(crate) state: &'a State,
}

pub(super) fn identity_uri(user_id: &str) -> String {
    format!(
        "layer:///identities/{}",
        utf8_percent_encode(user_id, USER_ID)
    )
}

impl<'a> Renderer<'a> {
    pub(crate) fn new(app_id: &'a str, state: &'a State) -> Self {
        Self { app_id, state }
    }

    fn url(&self, path: &str) -> Json {
        format!("https://api.layer.com/apps/{}/{path}", self.app_id).into()
    }

    /// Id and URL of a conversation; null for a channel.
    pub(super) fn reference(&self, conversation: Option<&str>) -> Json {
        conversation.map_or(Json::NULL, |id| {
            object([
                ("id", format!("layer:///conversations/{id}").into()),
                ("url", self.url(&format!("conversations/{id}"))),
            ])
        })
    }

    fn identity(&self, user_id: &str) -> Json {
        let user = self.state.users.get(user_id);
        self.short_identity(user_id, user.map(|user| user.display_name.as_str()))
    }

    /// The short form of an identity, for `actor`, `sender` and `participants`.
    fn short_identity(&self, user_id: &str, display_name: Option<&str>) -> Json {
        let user = self.state.users.get(user_id);
        let encoded = utf8_percent_encode(user_id, USER_ID);
        object([
            ("id", identity_uri(user_id).into()),
            ("url", self.url(&format!("identities/{encoded}"))),
            ("user_id", user_id.into()),
            ("display_name", display_name.into()),
            (
                "avatar_url",
                user.and_then(|user| user.avatar_url.clone()).into(),
            ),
        ])
    }

    /// A bot has no stored identity: its name is the user id and the display name.
    pub(super) fn sender(&self, sender: &Sender, version: Version) -> Json {
        match (sender, version.has_identities()) {
            (Sender::User(id), true) => self.identity(id),
            (Sender::Bot(name), true) => self.short_identity(name, Some(name)),
            (Sender::User(id), false) => {
                object([("user_id", id.as_str().into()), ("name", Json::NULL)])
            }
            (Sender::Bot(name), false) => {
                object([("user_id", Json::NULL), ("name", name.as_str().into())])
            }
        }
    }

    fn part(&self, message: &str, index: usize, part: &Part, version: Version) -> Json {
        let content = if part.body.is_none() {
            content(message, index)
        } else {
            Json::NULL
        };
        let render = |json: Json| {
            json.with("mime_type", part.mime_type.as_str())
                .with("body", part.body.clone())
                .with("encoding", part.encoding.clone())
                .with("content", content.clone())
        };
        if version.has_identities() {
            // The real parts have UUIDs, too.
            let path = format!("messages/{message}/parts/{}", part_uuid(message, index));
            let url = format!("https://api.layer.com/{path}");
            return render(object([
                ("id", format!("layer:///{path}").into()),
                ("url", url.into()),
            ]));
        }
        render(object([(
            "id",
            format!("layer:///messages/{message}/parts/{index}").into(),
        )]))
    }

    fn recipient_status(&self, message: &Message, version: Version) -> Json {
        if self.state.hide_statuses {
            return Json::NULL;
        }
        let conversation = message.conversation.as_ref();
        let members = conversation.and_then(|id| self.state.conversations.get(id));
        let is_member =
            |user: &String| members.is_none_or(|found| found.participants.contains(user));
        let key = |user: &str| {
            if version.has_identities() {
                identity_uri(user)
            } else {
                user.to_owned()
            }
        };
        let states = message.status.iter().filter(|(user, _)| is_member(user));
        Json::Map(
            states
                .map(|(user, receipt)| (key(user), receipt.name().into()))
                .collect(),
        )
    }

    pub(crate) fn message(&self, message: &Message, version: Version) -> Json {
        let id = &message.id;
        let conversation = message.conversation.as_deref();
        let path = match conversation {
            Some(conversation) if version.has_identities() => {
                format!("conversations/{conversation}/messages/{id}")
            }
            _ => format!("messages/{id}"),
        };
        let parts = message.parts.iter().enumerate();
        let parts = parts
            .map(|(index, part)| self.part(id, index, part, version))
            .collect();
        let json = object([
            ("id", format!("layer:///messages/{id}").into()),
            ("url", self.url(&path)),
            ("conversation", self.reference(conversation)),
            ("parts", Json::List(parts)),
            ("sent_at", layer_time(message.sent_at).into()),
            ("sender", self.sender(&message.sender, version)),
            ("recipient_status", self.recipient_status(message, version)),
        ]);
        if version.has_identities() {
            json.with("position", message.position)
        } else {
            json
        }
    }

    /// A message as the system sees it, not a user.
    pub(crate) fn system_view(&self, message: &Message, version: Version) -> Json {
        let json = self
            .message(message, version)
            .with("is_unread", Json::NULL)
            .with("received_at", Json::NULL);
        if version.has_identities() {
            json.with("channel", Json::NULL)
        } else {
            json
        }
    }

    pub(crate) fn conversation(&self, conversation: &Conversation, version: Version) -> Json {
        let id = &conversation.id;
        let one = |user: &String| {
            if version.has_identities() {
                self.identity(user)
            } else {
                user.as_str().into()
            }
        };
        object([
            ("id", format!("layer:///conversations/{id}").into()),
            ("url", self.url(&format!("conversations/{id}"))),
            (
                "messages_url",
                self.url(&format!("conversations/{id}/messages")),
            ),
            ("created_at", layer_time(conversation.created_at).into()),
            (
                "participants",
                Json::List(conversation.participants.iter().map(one).collect()),
            ),
            ("distinct", conversation.distinct.into()),
            (
                "metadata",
                Value::Object(conversation.metadata.clone()).into(),
            ),
        ])
    }

    pub(crate) fn full_identity(&self, user: &User, version: Version) -> Json {
        let json = if version.has_identities() {
            let encoded = utf8_percent_encode(&user.user_id, USER_ID);
            object([
                ("id", identity_uri(&user.user_id).into()),
                ("url", self.url(&format!("users/{encoded}/identity"))),
                ("user_id", user.user_id.as_str().into()),
                (
                    "identity_type",
                    (if user.bot { "bot" } else { "user" }).into(),
                ),
            ])
        } else {
            object([])
        };
        let metadata = user
            .metadata
            .iter()
            .map(|(key, value)| (key.clone(), value.as_str().into()));
        json.with("display_name", user.display_name.as_str())
            .with("avatar_url", user.avatar_url.clone())
            .with("first_name", user.first_name.clone())
            .with("last_name", user.last_name.clone())
            .with("phone_number", user.phone_number.clone())
            .with("email_address", user.email_address.clone())
            .with("public_key", Json::NULL)
            .with("metadata", Json::Map(metadata.collect()))
    }

    pub(crate) fn hook(&self, hook: &Hook) -> Json {
        let json = object([
            ("id", hook.uri(self.app_id).into()),
            ("url", self.url(&format!("webhooks/{}", hook.id))),
            ("version", hook.version.name().into()),
            ("target_url", hook.target_url.as_str().into()),
            ("events", Value::from(hook.events.clone()).into()),
            ("status", hook.status.name().into()),
        ]);
        let json = match &hook.status_reason {
            Some(reason) => json.with("status_reason", reason.as_str()),
            None => json,
        };
        let json = json.with("created_at", layer_time(hook.created_at));
        match &hook.config {
            Some(config) => json.with("config", Value::Object(config.clone())),
            None => json,
        }
    }
}

/// The message's UUID, its end replaced by the index of the part.
fn part_uuid(message: &str, index: usize) -> String {
    let tail = message.get(..24).unwrap_or(message);
    format!("{tail}{index:012x}")
}

/// The `content` of a part with rich content.
fn content(message: &str, index: usize) -> Json {
    let id = part_uuid(message, index);
    object([
        ("id", format!("layer:///content/{id}").into()),
        (
            "download_url",
            format!("https://content.layer.com/{id}").into(),
        ),
        ("expiration", "2030-01-01T00:00:00.000Z".into()),
        (
            "refresh_url",
            format!("https://api.layer.com/content/{id}").into(),
        ),
        ("size", 4096.into()),
    ])
}
