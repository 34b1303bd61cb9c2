//! Layer: who is in which conversation, which messages there are and who has read them.

use std::collections::HashMap;

use serde_json::{Value, json};
use texting::{
    chat::status::Status, http::HttpResponse, identity::IdentityOutcome, layer::identity::identity,
    time::Timestamp,
};

use super::{Luck, Mood, answer, reset};
use crate::{
    names::{PHONES, USER, conversation_id, message_id},
    random::Random,
};

/// What Layer's Identity service knows of our user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Person {
    Phone(usize),
    NoPhone,
    OddPhone,
    Nobody,
}

#[derive(Clone, Debug)]
pub struct Conversation {
    pub deleted: bool,
    pub member: bool,
    /// Whether its messages have positions, as from 2.0.
    pub positioned: bool,
    pub last_position: u64,
}

#[derive(Clone, Debug)]
pub struct Message {
    pub conversation: u32,
    pub position: Option<u64>,
    pub sent_at: Timestamp,
    pub status: Status,
    pub deleted: bool,
    pub text: String,
    /// Whether the user wants to hear nothing of it, which only a Matrix homeserver knows.
    pub muted: bool,
}

/// What the user's identity says of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wishes {
    /// The time zone that it names.
    pub zone: Option<&'static str>,
    /// Whether it says no to texts.
    pub says_no: bool,
}

pub struct Layer {
    pub mood: Mood,
    pub person: Person,
    pub wishes: Wishes,
    /// Whether it refuses every post for good.
    pub refusing_posts: bool,
    pub conversations: Vec<Conversation>,
    pub messages: Vec<Message>,
    posts: HashMap<String, u32>,
}

/// A post that Layer had not seen before.
pub struct Posted {
    pub reply: HttpResponse,
    pub is_new: bool,
}

impl Layer {
    pub fn new() -> Self {
        Self {
            mood: Mood::Fine,
            person: Person::Phone(0),
            wishes: Wishes {
                zone: None,
                says_no: false,
            },
            refusing_posts: false,
            conversations: Vec::new(),
            messages: Vec::new(),
            posts: HashMap::new(),
        }
    }

    pub fn conversation(&self, number: u32) -> &Conversation {
        &self.conversations[number as usize]
    }

    pub fn message(&self, number: u32) -> &Message {
        &self.messages[number as usize]
    }

    /// The message as webhooks carry it.
    pub fn json(&self, number: u32, now: Timestamp) -> Value {
        let message = self.message(number);
        json!({
            "id": format!("layer:///messages/{}", message_id(number)),
            "conversation": { "id": conversation_id(message.conversation) },
            "sender": { "user_id": "ada", "name": "Ada" },
            "parts": [{ "mime_type": "text/plain", "body": message.text }],
            "sent_at": written(message.sent_at),
            "received_at": written(now),
        })
    }

    fn serve(&self, random: &Random, good: impl FnOnce() -> HttpResponse) -> HttpResponse {
        match Luck::of(self.mood, random) {
            Luck::Served => good(),
            Luck::ServedThenReset | Luck::Reset => reset(),
            Luck::ServedThenFault | Luck::Fault => random_fault(random),
            Luck::Busy => answer(429, r#"{"code":110,"id":"rate_limit_exceeded"}"#),
            Luck::OperatorsFault => answer(401, r#"{"code":3,"id":"authentication_required"}"#),
        }
    }

    pub fn recheck(&self, number: u32, random: &Random) -> HttpResponse {
        let message = self.message(number);
        let conversation = self.conversation(message.conversation);
        self.serve(random, || match () {
            () if message.deleted || conversation.deleted => answer(random.of(&[404, 410]), ""),
            () if !conversation.member => answer(200, r#"{"recipient_status":{"ada":"read"}}"#),
            () => {
                let status = json!({ "ada": "read", USER: message.status.word() });
                answer(200, json!({ "recipient_status": status }).to_string())
            }
        })
    }

    pub fn get_conversation(&self, number: u32, random: &Random) -> HttpResponse {
        let deleted = self.conversation(number).deleted;
        self.serve(random, || match deleted {
            true => answer(404, ""),
            false => answer(200, r#"{"metadata":{}}"#),
        })
    }

    pub fn identity(&self, user: &str, random: &Random) -> IdentityOutcome {
        if Luck::of(self.mood, random) != Luck::Served {
            return IdentityOutcome::Failed {
                why: "HTTP 503".to_owned(),
            };
        }
        let phone = match self.person {
            _ if user != USER => Value::Null,
            Person::Phone(index) => format!("+{}", PHONES[index]).into(),
            Person::NoPhone => Value::Null,
            Person::OddPhone => "12".into(),
            Person::Nobody => return IdentityOutcome::NoSuchUser,
        };
        let name = if user == USER { "Ben" } else { "Ada" };
        let Wishes { zone, says_no } = self.wishes;
        let metadata = json!({ "time_zone": zone, "texts": if says_no { "no" } else { "yes" } });
        let answer = json!({ "display_name": name, "phone_number": phone, "metadata": metadata });
        IdentityOutcome::Found(identity(&answer))
    }

    /// Remembers the id of a post. Returns whether it is new.
    pub fn remember(&mut self, dedupe: &str, conversation: u32) -> bool {
        let known = self.posts.insert(dedupe.to_owned(), conversation);
        known.is_none()
    }

    pub fn post(&mut self, conversation: u32, dedupe: &str, random: &Random) -> Posted {
        let luck = Luck::of(self.mood, random);
        let known = self.posts.contains_key(dedupe);
        let gone = self.conversation(conversation).deleted || self.refusing_posts;
        let is_new = luck.serves() && !gone && self.remember(dedupe, conversation);
        let reply = match luck {
            Luck::Served if known => answer(409, r#"{"code":111,"id":"id_in_use"}"#),
            Luck::Served if gone => answer(random.of(&[400, 404, 410, 422]), ""),
            Luck::Served => answer(201, "{}"),
            Luck::ServedThenReset | Luck::Reset => reset(),
            Luck::ServedThenFault | Luck::Fault => random_fault(random),
            Luck::Busy => answer(429, ""),
            Luck::OperatorsFault => answer(403, r#"{"code":2,"id":"invalid_app_id"}"#),
        };
        Posted { reply, is_new }
    }
}

/// A moment as Layer writes it.
fn written(moment: Timestamp) -> String {
    let moment = chrono::DateTime::from_timestamp_millis(moment.as_millis());
    moment.unwrap().to_rfc3339()
}

pub fn random_fault(random: &Random) -> HttpResponse {
    answer(random.of(&[500, 502, 503, 504]), "")
}
