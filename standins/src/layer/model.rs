//! What Layer stores: users, conversations, messages.

use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};
use tokio::time::Instant;

use super::event::Event;
use super::hook::{Delivery, Hook};

/// A version of Layer's APIs and webhooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// 1.0
    V1_0,
    /// 1.1
    V1_1,
    /// 2.0
    V2_0,
    /// 3.0
    V3_0,
}

impl Version {
    /// `1.0`, `1.1`, `2.0` or `3.0`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "1.0" => Self::V1_0,
            "1.1" => Self::V1_1,
            "2.0" => Self::V2_0,
            "3.0" => Self::V3_0,
            _ => return None,
        })
    }

    /// As written in headers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::V1_0 => "1.0",
            Self::V1_1 => "1.1",
            Self::V2_0 => "2.0",
            Self::V3_0 => "3.0",
        }
    }

    /// Whether people are identities here (from 2.0).
    #[must_use]
    pub fn has_identities(self) -> bool {
        self >= Self::V2_0
    }
}

/// A user with the identity that the application gave them.
#[derive(Clone, Debug, Default)]
pub struct User {
    /// The application's own id.
    pub user_id: String,
    /// Identity: `display_name`.
    pub display_name: String,
    /// Identity: free text, not normalised.
    pub phone_number: Option<String>,
    /// Identity.
    pub first_name: Option<String>,
    /// Identity.
    pub last_name: Option<String>,
    /// Identity.
    pub email_address: Option<String>,
    /// Identity.
    pub avatar_url: Option<String>,
    /// Identity.
    pub metadata: BTreeMap<String, String>,
    /// 2.x: `identity_type` is `bot`.
    pub bot: bool,
    /// A user without an identity: 404.
    pub no_identity: bool,
}

impl User {
    /// A user with a name and a phone.
    #[must_use]
    pub fn new(user_id: &str, display_name: &str, phone_number: &str) -> Self {
        Self {
            user_id: user_id.to_owned(),
            display_name: display_name.to_owned(),
            phone_number: Some(phone_number.to_owned()),
            ..Self::default()
        }
    }
}

/// What a conversation is created from.
#[derive(Clone, Debug, Default)]
pub struct NewConversation {
    /// User ids, 25 at most.
    pub participants: Vec<String>,
    /// Nested objects of strings.
    pub metadata: Map<String, Value>,
    /// The one conversation of exactly these users.
    pub distinct: bool,
}

impl NewConversation {
    /// Between these users, without metadata.
    #[must_use]
    pub fn of(participants: &[&str]) -> Self {
        let participants = participants.iter().map(|user| (*user).to_owned()).collect();
        Self {
            participants,
            ..Self::default()
        }
    }
}

/// A conversation.
#[derive(Clone, Debug)]
pub struct Conversation {
    /// A UUID.
    pub id: String,
    /// User ids.
    pub participants: Vec<String>,
    /// Nested objects of strings.
    pub metadata: Map<String, Value>,
    /// See [`NewConversation::distinct`].
    pub distinct: bool,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Answered by 410.
    pub deleted: bool,
}

/// Who sent a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sender {
    /// A user id.
    User(String),
    /// The Platform API under a name (1.x: `sender.name`).
    Bot(String),
}

impl Sender {
    /// The user id, unless it is a bot.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        match self {
            Self::User(id) => Some(id),
            Self::Bot(_) => None,
        }
    }
}

/// A part of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// With its parameters.
    pub mime_type: String,
    /// `None`: rich content, of which only an address is given.
    pub body: Option<String>,
    /// `base64` or nothing.
    pub encoding: Option<String>,
}

impl Part {
    /// A `text/plain` part.
    #[must_use]
    pub fn text(body: &str) -> Self {
        Self::new("text/plain", body)
    }

    /// A part of another type.
    #[must_use]
    pub fn new(mime_type: &str, body: &str) -> Self {
        Self {
            mime_type: mime_type.to_owned(),
            body: Some(body.to_owned()),
            encoding: None,
        }
    }
}

/// How far a message came with one participant; it only moves forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Receipt {
    /// On the list, no receipt.
    Sent,
    /// A delivery receipt.
    Delivered,
    /// A read receipt.
    Read,
}

impl Receipt {
    /// As in `recipient_status`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
        }
    }
}

/// A message.
#[derive(Clone, Debug)]
pub struct Message {
    /// A UUID.
    pub id: String,
    /// A UUID; `None`: sent to a channel.
    pub conversation: Option<String>,
    /// Who sent it.
    pub sender: Sender,
    /// In order.
    pub parts: Vec<Part>,
    /// Milliseconds since 1970.
    pub sent_at: i64,
    /// Grows by some thousands from message to message.
    pub position: u64,
    /// By user id; the sender's own is `Read`.
    pub status: Vec<(String, Receipt)>,
    /// Answered by 404.
    pub deleted: bool,
    /// Posted through the Platform API, not by a client.
    pub platform: bool,
    /// The `If-None-Match` of the post.
    pub dedupe: Option<String>,
}

impl Message {
    /// The bodies of all parts, one below the other.
    #[must_use]
    pub fn text(&self) -> String {
        let bodies = self.parts.iter().filter_map(|part| part.body.as_deref());
        bodies.collect::<Vec<_>>().join("\n")
    }
}

/// An attempt to post a message through the Platform API, accepted or not.
#[derive(Clone, Debug)]
pub struct Post {
    /// The conversation in the path.
    pub conversation: String,
    /// `If-None-Match`.
    pub dedupe: Option<String>,
    /// The raw body.
    pub body: String,
    /// The status answered.
    pub status: u16,
    /// Whether it was a repeat of an earlier one, and so made no message.
    pub repeat: bool,
    /// When.
    pub at: Instant,
}

/// What the Platform API answers to a post whose UUID it has seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Repeat {
    /// 201 and the earlier message.
    #[default]
    Created,
    /// 200 and the earlier message.
    Ok,
    /// 409 `id_in_use` with the earlier message in `data`.
    Conflict,
}

/// Why an act of a client was refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No such user, conversation or message, or it is deleted.
    #[error("there is no {0}")]
    Unknown(&'static str),
    /// The user does not take part in the conversation.
    #[error("the user is no participant")]
    NoParticipant,
    /// A receipt that would change nothing (also: the sender's own).
    #[error("the receipt has no effect")]
    NoEffect,
    /// More than 25 participants, or none.
    #[error("a conversation has 1 to 25 participants")]
    Participants,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) users: BTreeMap<String, User>,
    pub(super) conversations: HashMap<String, Conversation>,
    /// Their ids, oldest first.
    pub(super) order: Vec<String>,
    pub(super) messages: Vec<Message>,
    pub(super) by_id: HashMap<String, usize>,
    pub(super) hooks: Vec<Hook>,
    pub(super) events: Vec<Event>,
    pub(super) deliveries: Vec<Delivery>,
    pub(super) posts: Vec<Post>,
    pub(super) repeat: Repeat,
    pub(super) hide_statuses: bool,
    pub(super) silent: bool,
}

impl State {
    pub(super) fn message(&self, id: &str) -> Option<&Message> {
        self.by_id
            .get(id)
            .and_then(|&index| self.messages.get(index))
    }

    pub(super) fn message_mut(&mut self, id: &str) -> Option<&mut Message> {
        let index = *self.by_id.get(id)?;
        self.messages.get_mut(index)
    }

    pub(super) fn open(&self, conversation: &str) -> Result<&Conversation, Refused> {
        let found = self
            .conversations
            .get(conversation)
            .filter(|found| !found.deleted);
        found.ok_or(Refused::Unknown("conversation"))
    }

    /// Stores a message and gives it its place in order.
    pub(super) fn append(&mut self, mut message: Message) -> Message {
        let count = u64::try_from(self.messages.len()).unwrap_or(u64::MAX);
        message.position = count.saturating_add(1).saturating_mul(65_536);
        self.by_id.insert(message.id.clone(), self.messages.len());
        self.messages.push(message.clone());
        message
    }
}
