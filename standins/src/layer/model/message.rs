//! Messages, and requests to post them.

use crate::clock::now_ms;
use tokio::time::Instant;
use uuid::Uuid;

/// The sender of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sender {
    /// A user id.
    User(String),
    /// A bot: a name given to the Platform API (1.x: `sender.name`).
    Bot(String),
}

impl Sender {
    /// The user id; `None` for a bot.
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
    /// Including its parameters.
    pub mime_type: String,
    /// `None`: rich content, given as a URL.
    pub body: Option<String>,
    /// `base64` or `None`.
    pub encoding: Option<String>,
}

impl Part {
    /// A `text/plain` part.
    #[must_use]
    pub fn text(body: &str) -> Self {
        Self::new("text/plain", body)
    }

    /// A part whose bytes are elsewhere, such as a photo: rich content.
    #[must_use]
    pub fn content(mime_type: &str) -> Self {
        Self {
            body: None,
            ..Self::new(mime_type, "")
        }
    }

    /// A part of the given type.
    #[must_use]
    pub fn new(mime_type: &str, body: &str) -> Self {
        Self {
            mime_type: mime_type.to_owned(),
            body: Some(body.to_owned()),
            encoding: None,
        }
    }
}

/// The state of a message for one participant; it only moves forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Receipt {
    /// No receipt so far.
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
    /// A UUID; `None` for a message to a channel.
    pub conversation: Option<String>,
    /// The sender.
    pub sender: Sender,
    /// In order.
    pub parts: Vec<Part>,
    /// Milliseconds since 1970.
    pub sent_at: i64,
    /// Increases by 65,536 with each message.
    pub position: u64,
    /// User ids and states; the sender's own is `Read`.
    pub status: Vec<(String, Receipt)>,
    /// Deleted: requests for it get 404.
    pub deleted: bool,
    /// Posted through the Platform API, not by a client.
    pub platform: bool,
    /// The `If-None-Match` header of the post.
    pub dedupe: Option<String>,
}

impl Message {
    /// A message that is not stored yet: position and states are still missing.
    pub(crate) fn draft(conversation: Option<&str>, sender: Sender, parts: Vec<Part>) -> Self {
        Self {
            id: Uuid::new_v4().to_string(),
            conversation: conversation.map(ToOwned::to_owned),
            sender,
            parts,
            sent_at: now_ms(),
            position: 0,
            status: Vec::new(),
            deleted: false,
            platform: false,
            dedupe: None,
        }
    }

    /// Whether it is in this conversation and not deleted.
    pub(crate) fn is_in(&self, conversation: &str) -> bool {
        self.conversation.as_deref() == Some(conversation) && !self.deleted
    }

    /// Whether the user is a recipient who has not read it.
    pub(crate) fn is_unread_for(&self, user: &str) -> bool {
        let mut states = self.status.iter();
        states.any(|(one, receipt)| one == user && *receipt != Receipt::Read)
    }

    /// The bodies of all parts, one per line.
    #[must_use]
    pub fn text(&self) -> String {
        let bodies = self.parts.iter().filter_map(|part| part.body.as_deref());
        bodies.collect::<Vec<_>>().join("\n")
    }
}

/// A request to post a message through the Platform API, accepted or not.
#[derive(Clone, Debug)]
pub struct Post {
    /// The conversation in the path.
    pub conversation: String,
    /// The `If-None-Match` header.
    pub dedupe: Option<String>,
    /// The raw body.
    pub body: String,
    /// The response's status.
    pub status: u16,
    /// Whether it repeated an earlier post, so that no message was created.
    pub repeat: bool,
    /// When it was received.
    pub at: Instant,
}

/// The Platform API's response to a post with a known UUID.
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
