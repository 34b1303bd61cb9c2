//! What people write and read.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use super::client::Person;

/// How far a read receipt reaches, and who sees it.
#[derive(Clone, Copy, Debug)]
pub enum Receipt<'a> {
    /// Everybody sees it.
    Public,
    /// Only the reader sees it.
    Private,
    /// Everybody sees it. It covers the thread under this message only.
    Threaded(&'a str),
}

// Each of the methods that send something returns the id of its event.
impl Person {
    /// Writes a text.
    pub async fn say(&self, room: &str, text: &str) -> String {
        self.send(room, &text_of(text)).await
    }

    /// Writes what bots write.
    pub async fn notice(&self, room: &str, text: &str) -> String {
        let content = json!({ "msgtype": "m.notice", "body": text });
        self.send(room, &content).await
    }

    /// Sends a picture. Its data is nowhere.
    pub async fn image(&self, room: &str, name: &str) -> String {
        self.attach(room, "m.image", "image/png", name).await
    }

    /// Sends a file. Its data is nowhere.
    pub async fn file(&self, room: &str, name: &str) -> String {
        self.attach(room, "m.file", "application/pdf", name).await
    }

    /// Answers a message.
    pub async fn reply(&self, room: &str, event: &str, text: &str) -> String {
        let relation = json!({ "m.in_reply_to": { "event_id": event } });
        self.relate(room, text, relation).await
    }

    /// Writes into the thread under a message.
    pub async fn say_in_thread(&self, room: &str, root: &str, text: &str) -> String {
        let relation = json!({
            "rel_type": "m.thread",
            "event_id": root,
            "is_falling_back": true,
            "m.in_reply_to": { "event_id": root },
        });
        self.relate(room, text, relation).await
    }

    /// Replaces the text of a message.
    pub async fn edit(&self, room: &str, event: &str, text: &str) -> String {
        let mut content = text_of(&format!("* {text}"));
        content["m.new_content"] = text_of(text);
        content["m.relates_to"] = json!({ "rel_type": "m.replace", "event_id": event });
        self.send(room, &content).await
    }

    /// Sends a message with this content.
    pub async fn send(&self, room: &str, content: &Value) -> String {
        let path = [
            "rooms",
            room,
            "send",
            "m.room.message",
            &self.next_transaction(),
        ];
        event_id(&self.api.put(&path, content).await)
    }

    /// Writes what only who has the keys can read.
    pub async fn say_encrypted(&self, room: &str) -> String {
        let content = json!({
            "algorithm": "m.megolm.v1.aes-sha2",
            "ciphertext": "AwgAEpABhetEzzZzyYrxtEVUtlJnZtJcURBlQUQJ9irVeklCTs06LwgTMQj61PMUS4Vy",
            "device_id": "ADEVICE",
            "sender_key": "IlRMeOPX2e0MurIyfWEucYBRVOEEUMrOHqn/8mLqMjA",
            "session_id": "IkwqWxT2zy3DI1E/zM2Wq+CE8tr3eEpsxsVGjGrMPdw",
        });
        let path = [
            "rooms",
            room,
            "send",
            "m.room.encrypted",
            &self.next_transaction(),
        ];
        event_id(&self.api.put(&path, &content).await)
    }

    /// Deletes a message.
    pub async fn redact(&self, room: &str, event: &str) -> String {
        let path = ["rooms", room, "redact", event, &self.next_transaction()];
        event_id(&self.api.put(&path, &json!({})).await)
    }

    /// Has read everything up to this message.
    pub async fn read(&self, room: &str, event: &str, receipt: Receipt<'_>) {
        let (kind, body) = match receipt {
            Receipt::Public => ("m.read", json!({})),
            Receipt::Private => ("m.read.private", json!({})),
            Receipt::Threaded(root) => ("m.read", json!({ "thread_id": root })),
        };
        let path = ["rooms", room, "receipt", kind, event];
        self.api.post(&path, &body).await;
    }

    /// The id of the latest message of a room, if there is one.
    pub async fn last_message(&self, room: &str) -> Option<String> {
        let latest = self.latest(room).await;
        let message = latest
            .iter()
            .find(|event| event["type"] == "m.room.message");
        message.map(event_id)
    }

    /// The latest hundred messages of a room, each with its sender and text, the newest last.
    pub async fn messages(&self, room: &str) -> Vec<(String, String)> {
        let latest = self.latest(room).await;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let events = latest.iter().rev();
        events
            .filter(|event| event["type"] == "m.room.message")
            .map(|event| (text(&event["sender"]), text(&event["content"]["body"])))
            .collect()
    }

    /// The latest hundred notifications, as the homeserver describes them, the newest first.
    pub async fn notifications(&self) -> Vec<Value> {
        let api = self.api.clone().with("limit", "100");
        let mut page = api.get(&["notifications"]).await;
        serde_json::from_value(page["notifications"].take()).unwrap()
    }

    /// The latest hundred events of a room, the newest first.
    async fn latest(&self, room: &str) -> Vec<Value> {
        let api = self.api.clone().with("dir", "b").with("limit", "100");
        let mut page = api.get(&["rooms", room, "messages"]).await;
        serde_json::from_value(page["chunk"].take()).unwrap()
    }

    async fn relate(&self, room: &str, text: &str, relation: Value) -> String {
        let mut content = text_of(text);
        content["m.relates_to"] = relation;
        self.send(room, &content).await
    }

    async fn attach(&self, room: &str, kind: &str, media_type: &str, name: &str) -> String {
        let content = json!({
            "msgtype": kind,
            "body": name,
            "url": "mxc://chat.test/attachment",
            "info": { "mimetype": media_type },
        });
        self.send(room, &content).await
    }

    fn next_transaction(&self) -> String {
        format!("t{}", self.sent.fetch_add(1, Ordering::Relaxed))
    }
}

fn text_of(text: &str) -> Value {
    json!({ "msgtype": "m.text", "body": text })
}

fn event_id(answer: &Value) -> String {
    answer["event_id"].as_str().unwrap().to_owned()
}
