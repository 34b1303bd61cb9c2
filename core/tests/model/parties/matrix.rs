//! A Matrix homeserver with the rooms and messages of [`Layer`]. Nothing in a message names its recipients, and only the
//! user's notifications tell what is unread.

use std::cmp::Reverse;

use serde_json::{Value, json};
use texting::{
    chat::status::Status,
    http::HttpResponse,
    time::{HOUR, Timestamp},
};

use super::{
    Luck, answer,
    layer::{Layer, Message, Posted, random_fault},
    reset,
};
use crate::{
    names::{USER, message_id},
    random::Random,
};

/// Short pages, so that many questions take several.
const PAGE: usize = 6;

impl Layer {
    /// Whether the user's notifications have a message as unread.
    pub fn is_notified_unread(&self, message: &Message, now: Timestamp) -> bool {
        self.is_notified(message, now) && message.status != Status::Read
    }

    /// A message that was muted has no entry; one that was deleted loses it, and any other after a day.
    fn is_notified(&self, message: &Message, now: Timestamp) -> bool {
        let is_there = !message.deleted && !self.conversation(message.conversation).deleted;
        is_there && !message.muted && now - message.sent_at <= HOUR * 24
    }

    fn respond(&self, random: &Random, good: impl FnOnce() -> HttpResponse) -> HttpResponse {
        match Luck::of(self.mood, random) {
            Luck::Served => good(),
            Luck::ServedThenReset | Luck::Reset => reset(),
            Luck::ServedThenFault | Luck::Fault => random_fault(random),
            Luck::Busy => limited(random),
            Luck::OperatorsFault => answer(401, r#"{"errcode":"M_UNKNOWN_TOKEN"}"#),
        }
    }

    pub fn members(&self, conversation: u32, random: &Random) -> HttpResponse {
        let room = self.conversation(conversation);
        self.respond(random, || match (room.deleted, room.member) {
            (true, _) => forbidden(),
            (false, true) => answer(
                200,
                json!({ "joined": { "ada": {}, USER: {} } }).to_string(),
            ),
            (false, false) => answer(200, json!({ "joined": { "ada": {} } }).to_string()),
        })
    }

    /// A page of the user's notifications, the newest first, before the last one of the page before. What was read may
    /// be missing.
    pub fn notifications(
        &self,
        before: Option<u32>,
        now: Timestamp,
        random: &Random,
    ) -> HttpResponse {
        let place = |number: u32| (self.message(number).sent_at, number);
        self.respond(random, || {
            let all = (0..).zip(&self.messages).filter(|(number, message)| {
                let is_unread = self.is_notified_unread(message, now);
                is_unread || number % 3 == 0 && self.is_notified(message, now)
            });
            let mut all: Vec<u32> = all.map(|(number, _)| number).collect();
            all.retain(|number| before.is_none_or(|before| place(*number) < place(before)));
            all.sort_by_key(|number| Reverse(place(*number)));
            all.truncate(PAGE);
            let entries = all
                .iter()
                .map(|number| entry(*number, self.message(*number)));
            let entries: Vec<Value> = entries.collect();
            let next = all.last().map(u32::to_string);
            let page = json!({ "notifications": entries, "next_token": next });
            answer(200, page.to_string())
        })
    }

    pub fn event(&self, number: u32, random: &Random) -> HttpResponse {
        let message = self.message(number);
        let is_gone = message.deleted || self.conversation(message.conversation).deleted;
        self.respond(random, || match is_gone {
            true => answer(404, r#"{"errcode":"M_NOT_FOUND"}"#),
            false => {
                let content = json!({ "msgtype": "m.text", "body": message.text });
                answer(200, json!({ "content": content }).to_string())
            }
        })
    }

    pub fn name(&self, random: &Random) -> HttpResponse {
        self.respond(random, || answer(404, r#"{"errcode":"M_NOT_FOUND"}"#))
    }

    pub fn device(&self, random: &Random) -> HttpResponse {
        self.respond(random, || answer(random.of(&[200, 201]), "{}"))
    }

    /// The room was encrypted if posts are refused.
    pub fn encryption(&self, random: &Random) -> HttpResponse {
        self.respond(random, || match self.refusing_posts {
            true => answer(200, r#"{"algorithm":"m.megolm.v1.aes-sha2"}"#),
            false => answer(404, r#"{"errcode":"M_NOT_FOUND"}"#),
        })
    }

    /// A post with an id that is known posts nothing. The device of the posts may be gone.
    pub fn send(&mut self, conversation: u32, dedupe: &str, random: &Random) -> Posted {
        let luck = Luck::of(self.mood, random);
        let gone =
            !self.conversation(conversation).member || self.conversation(conversation).deleted;
        let no_device = random.percent(3);
        let is_new = luck.serves() && !gone && !no_device && self.remember(dedupe, conversation);
        let reply = match luck {
            Luck::Served if no_device => answer(400, r#"{"errcode":"M_UNKNOWN_DEVICE"}"#),
            Luck::Served if gone => forbidden(),
            Luck::Served => answer(200, r#"{"event_id":"$e"}"#),
            Luck::ServedThenReset | Luck::Reset => reset(),
            Luck::ServedThenFault | Luck::Fault => random_fault(random),
            Luck::Busy => limited(random),
            Luck::OperatorsFault => answer(401, r#"{"errcode":"M_UNKNOWN_TOKEN"}"#),
        };
        Posted { reply, is_new }
    }

    /// The user has read a room up to a message.
    pub fn mark(&mut self, message: u32, random: &Random) -> HttpResponse {
        let Message {
            conversation,
            sent_at,
            ..
        } = *self.message(message);
        if Luck::of(self.mood, random).serves() {
            for (number, other) in (0..).zip(&mut self.messages) {
                if other.conversation == conversation
                    && (other.sent_at, number) <= (sent_at, message)
                {
                    other.status = Status::Read;
                }
            }
        }
        self.respond(random, || answer(200, "{}"))
    }
}

fn entry(number: u32, message: &Message) -> Value {
    json!({
        "event": { "event_id": message_id(number) },
        "read": message.status == Status::Read,
        "ts": message.sent_at.as_millis(),
    })
}

fn forbidden() -> HttpResponse {
    answer(403, r#"{"errcode":"M_FORBIDDEN"}"#)
}

fn limited(random: &Random) -> HttpResponse {
    let wait = random.of(&[100, 2_000, 30_000]);
    let body = json!({ "errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": wait });
    answer(429, body.to_string())
}
