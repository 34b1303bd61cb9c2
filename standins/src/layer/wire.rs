//! Layer's objects as JSON, in both generations (`reference`: webhook payloads and Server API answers).

use super::hook::Hook;
use super::model::{Conversation, Message, Part, Sender, State, User, Version};
use crate::clock::layer_time;
use crate::json::{Json, object};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// What `encodeURIComponent` leaves alone.
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

pub(super) struct Wire<'a> {
    pub(super) app: &'a str,
    pub(super) state: &'a State,
}

pub(super) fn identity_uri(user_id: &str) -> String {
    format!(
        "layer:///identities/{}",
        utf8_percent_encode(user_id, USER_ID)
    )
}

impl Wire<'_> {
    fn url(&self, path: &str) -> Json {
        format!("https://api.layer.com/apps/{}/{path}", self.app).into()
    }

    pub(super) fn reference(&self, conversation: Option<&str>) -> Json {
        conversation.map_or(Json::NULL, |id| {
            object([
                ("id", format!("layer:///conversations/{id}").into()),
                ("url", self.url(&format!("conversations/{id}"))),
            ])
        })
    }

    /// The short form of an identity, as in `actor`, `sender`, `participants`.
    pub(super) fn identity(&self, user_id: &str) -> Json {
        let user = self.state.users.get(user_id);
        let encoded = utf8_percent_encode(user_id, USER_ID);
        object([
            ("id", identity_uri(user_id).into()),
            ("url", self.url(&format!("identities/{encoded}"))),
            ("user_id", user_id.into()),
            (
                "display_name",
                user.map(|user| user.display_name.clone()).into(),
            ),
            (
                "avatar_url",
                user.and_then(|user| user.avatar_url.clone()).into(),
            ),
        ])
    }

    pub(super) fn sender(&self, sender: &Sender, version: Version) -> Json {
        match (sender, version.has_identities()) {
            (Sender::User(id), true) => self.identity(id),
            (Sender::User(id), false) => {
                object([("user_id", id.as_str().into()), ("name", Json::NULL)])
            }
            (Sender::Bot(name), true) => match self.identity(name) {
                Json::Map(members) => Json::Map(named(members, name)),
                other => other,
            },
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
        let rest = |json: Json| {
            json.with("mime_type", part.mime_type.as_str())
                .with("body", part.body.clone())
                .with("encoding", part.encoding.clone())
                .with("content", content.clone())
        };
        if version.has_identities() {
            // The message's UUID with the part's number: stable, and as opaque as the real ones.
            let path = format!("messages/{message}/parts/{}", part_uuid(message, index));
            let url = format!("https://api.layer.com/{path}");
            return rest(object([
                ("id", format!("layer:///{path}").into()),
                ("url", url.into()),
            ]));
        }
        rest(object([(
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
        let present = |user: &String| members.is_none_or(|found| found.participants.contains(user));
        let key = |user: &str| {
            if version.has_identities() {
                identity_uri(user)
            } else {
                user.to_owned()
            }
        };
        let states = message.status.iter().filter(|(user, _)| present(user));
        Json::Map(
            states
                .map(|(user, receipt)| (key(user), receipt.name().into()))
                .collect(),
        )
    }

    pub(super) fn message(&self, message: &Message, version: Version) -> Json {
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

    pub(super) fn conversation(&self, conversation: &Conversation, version: Version) -> Json {
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

    pub(super) fn full_identity(&self, user: &User, version: Version) -> Json {
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

    pub(super) fn hook(&self, hook: &Hook) -> Json {
        let json = object([
            (
                "id",
                format!("layer:///apps/{}/webhooks/{}", self.app, hook.id).into(),
            ),
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

/// A bot is an identity whose name is all that the stand-in knows.
fn named(members: Vec<(String, Json)>, name: &str) -> Vec<(String, Json)> {
    let rename = |(key, value)| {
        if key == "display_name" {
            (key, name.into())
        } else {
            (key, value)
        }
    };
    members.into_iter().map(rename).collect()
}

fn part_uuid(message: &str, index: usize) -> String {
    let tail = message.get(..24).unwrap_or(message);
    format!("{tail}{index:012x}")
}

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
