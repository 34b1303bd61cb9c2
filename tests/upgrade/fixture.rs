//! What is known of the state of the first release: what the chat holds, and what was sent.

use std::{collections::BTreeMap, fs, path::PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use standins::{Conversation, Inbound, Message, Part, Receipt, Sender, Via};

/// What stands beside the state.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Fixture {
    /// When the first release was killed, in milliseconds since 1970.
    pub made_at: i64,
    /// By their names in `make.rs`: whom they are with and what they are about.
    pub conversations: BTreeMap<String, Talk>,
    pub messages: Vec<Said>,
    /// Bodies of the chat's webhooks of the last hour that were delivered.
    pub webhooks: Vec<String>,
    /// Bodies of webhooks that the first release never got, by the name of the conversation.
    pub late_webhooks: BTreeMap<String, String>,
    /// Texts from phones that were delivered: the parameters of Nexmo's webhook.
    pub inbound: Vec<Parameters>,
    /// Parts of texts that the first release never got, by the name of the conversation.
    pub late_parts: BTreeMap<String, Parameters>,
    /// Texts that Nexmo had accepted.
    pub texts: Vec<Texted>,
    /// What `GET /admin/users/{id}` answered last.
    pub records: BTreeMap<String, Value>,
    /// What `GET /admin/statistics` answered last.
    pub statistics: Value,
}

pub type Parameters = Vec<(String, String)>;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Talk {
    pub id: String,
    pub participants: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Texted {
    pub phone: String,
    pub number: String,
    pub text: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Said {
    pub id: String,
    pub conversation: String,
    pub sender: String,
    pub text: String,
    pub sent_at: i64,
    pub position: u64,
    pub read_by: Vec<String>,
    pub recipients: Vec<String>,
    /// Of a reply: the id that keeps it from being posted twice.
    pub dedupe: Option<String>,
}

/// The folder of the state and of what is known of it.
pub fn folder() -> PathBuf {
    PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/upgrade/first-release"
    ))
}

impl Fixture {
    pub fn read() -> Self {
        let json = fs::read_to_string(folder().join("known.json")).unwrap();
        serde_json::from_str(&json).unwrap()
    }

    pub fn write(&self) {
        let json = serde_json::to_string_pretty(self).unwrap();
        fs::write(folder().join("known.json"), json + "\n").unwrap();
    }

    /// The conversations, as the chat holds them.
    pub fn conversations(&self) -> Vec<Conversation> {
        let talks = self.conversations.values();
        let conversation = |talk: &Talk| Conversation {
            id: talk.id.clone(),
            participants: talk.participants.clone(),
            metadata: serde_json::Map::new(),
            distinct: false,
            created_at: self.made_at,
            deleted: false,
        };
        talks.map(conversation).collect()
    }

    /// The messages, as the chat holds them.
    pub fn messages(&self) -> Vec<Message> {
        self.messages.iter().map(Said::message).collect()
    }
}

impl Said {
    pub fn of(message: &Message) -> Self {
        let has_read =
            |(user, receipt): &(String, Receipt)| (*receipt == Receipt::Read).then(|| user.clone());
        Self {
            id: message.id.clone(),
            conversation: message.conversation.clone().unwrap(),
            sender: message.sender.user().unwrap().to_owned(),
            text: message.text(),
            sent_at: message.sent_at,
            position: message.position,
            read_by: message.status.iter().filter_map(has_read).collect(),
            recipients: message
                .status
                .iter()
                .map(|(user, _)| user.clone())
                .collect(),
            dedupe: message.dedupe.clone(),
        }
    }

    fn message(&self) -> Message {
        let receipt = |user: &String| match self.read_by.contains(user) {
            true => (user.clone(), Receipt::Read),
            false => (user.clone(), Receipt::Sent),
        };
        Message {
            id: self.id.clone(),
            conversation: Some(self.conversation.clone()),
            sender: Sender::User(self.sender.clone()),
            parts: vec![Part::text(&self.text)],
            sent_at: self.sent_at,
            position: self.position,
            status: self.recipients.iter().map(receipt).collect(),
            deleted: false,
            platform: self.dedupe.is_some(),
            dedupe: self.dedupe.clone(),
        }
    }
}

/// A text from a phone, or a part of one, as Nexmo pushes it.
pub fn inbound(params: &Parameters) -> Inbound {
    Inbound {
        params: params.clone(),
        via: Via::Get,
    }
}
