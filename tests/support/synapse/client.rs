//! People who use a homeserver: their accounts and rooms. What they write is in `messages.rs`.

use std::sync::atomic::AtomicU64;

use serde_json::{Value, json};

use super::api::Api;

/// The type of the event that has a room encrypted.
const ENCRYPTION: &str = "m.room.encryption";

/// A user with a session.
pub struct Person {
    /// `@name:server`.
    pub id: String,
    pub(super) api: Api,
    /// Numbers what was sent.
    pub(super) sent: AtomicU64,
}

/// A room to create. The default has no name and nobody else in it.
#[derive(Clone, Default)]
pub struct NewRoom<'a> {
    pub name: Option<&'a str>,
    pub invite: &'a [&'a Person],
    /// A conversation of two, which clients show under the other's name.
    pub direct: bool,
    pub encrypted: bool,
    /// The version of the room, if it is not the newest that the homeserver makes.
    pub version: Option<&'a str>,
}

impl Person {
    /// A user who is registered.
    pub fn new(id: String, api: Api) -> Self {
        let sent = AtomicU64::new(0);
        Self { id, api, sent }
    }

    /// Changes the name that others see.
    pub async fn set_display_name(&self, name: &str) {
        let path = ["profile", &self.id, "displayname"];
        self.api.put(&path, &json!({ "displayname": name })).await;
    }

    /// Ends all sessions of the user, and with them this one.
    pub async fn logout_all(&self) {
        self.api.post(&["logout", "all"], &json!({})).await;
    }

    /// Creates a room, and returns its id.
    pub async fn create_room(&self, room: &NewRoom<'_>) -> String {
        let invite: Vec<&str> = room.invite.iter().map(|person| &*person.id).collect();
        let preset = if room.direct {
            "trusted_private_chat"
        } else {
            "private_chat"
        };
        let mut order = json!({ "preset": preset, "invite": invite, "is_direct": room.direct });
        if let Some(name) = room.name {
            order["name"] = name.into();
        }
        if let Some(version) = room.version {
            order["room_version"] = version.into();
        }
        if room.encrypted {
            order["initial_state"] = json!([{ "type": ENCRYPTION, "content": encryption() }]);
        }
        let answer = self.api.post(&["createRoom"], &order).await;
        answer["room_id"].as_str().unwrap().to_owned()
    }

    /// Creates a room and has everybody join it.
    pub async fn room_with(&self, others: &[&Self]) -> String {
        let room = NewRoom {
            invite: others,
            ..NewRoom::default()
        };
        let room = self.create_room(&room).await;
        for person in others {
            person.join(&room).await;
        }
        room
    }

    /// Accepts an invitation.
    pub async fn join(&self, room: &str) {
        self.in_room(room, "join", &json!({})).await;
    }

    /// Leaves a room, or declines an invitation.
    pub async fn leave(&self, room: &str) {
        self.in_room(room, "leave", &json!({})).await;
    }

    /// Invites somebody.
    pub async fn invite(&self, room: &str, person: &Self) {
        let whom = json!({ "user_id": person.id });
        self.in_room(room, "invite", &whom).await;
    }

    /// Removes somebody from a room.
    pub async fn kick(&self, room: &str, person: &Self) {
        let whom = json!({ "user_id": person.id });
        self.in_room(room, "kick", &whom).await;
    }

    /// Removes somebody from a room for ever.
    pub async fn ban(&self, room: &str, person: &Self) {
        let whom = json!({ "user_id": person.id });
        self.in_room(room, "ban", &whom).await;
    }

    /// Has what is written in a room from now on encrypted.
    pub async fn encrypt(&self, room: &str) {
        let path = ["rooms", room, "state", ENCRYPTION];
        self.api.put(&path, &encryption()).await;
    }

    /// Wants no notifications of a room, as "Mute" in a client does.
    pub async fn mute(&self, room: &str) {
        let path = ["pushrules", "global", "override", room];
        let of_the_room = json!({ "kind": "event_match", "key": "room_id", "pattern": room });
        let rule = json!({ "conditions": [of_the_room], "actions": [] });
        self.api.put(&path, &rule).await;
    }

    async fn in_room(&self, room: &str, action: &str, body: &Value) {
        self.api.post(&["rooms", room, action], body).await;
    }
}

fn encryption() -> Value {
    json!({ "algorithm": "m.megolm.v1.aes-sha2" })
}
