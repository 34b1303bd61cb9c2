//! Layer's webhooks of API 1.0, signed, with about 2 KB of message.

use serde_json::{Value, json};
use standins::layer_signature;
use uuid::Uuid;

use crate::job::Job;

/// The key of the signatures.
pub const SECRET: &str = "bench-layer-webhook-secret";
/// The user who sends all messages.
pub const SENDER: &str = "alice";

const TEXT: &str = "Are you coming tonight? We meet at eight at the usual place, and somebody has to bring the cake. ";

/// One message, from which its webhooks are made.
#[derive(Clone)]
pub struct Message {
    id: Uuid,
    conversation: Uuid,
    users: Vec<String>,
}

impl Message {
    /// A new message in a conversation of the sender and these users.
    pub fn new(conversation: Uuid, users: &[String]) -> Self {
        Self {
            id: Uuid::new_v4(),
            conversation,
            users: users.to_vec(),
        }
    }

    /// `message.sent`.
    pub fn sent(&self) -> Job {
        self.job("message.sent", SENDER, "sent")
    }

    /// `message.delivered`, by the first recipient.
    pub fn delivered(&self) -> Job {
        self.job("message.delivered", self.reader(), "delivered")
    }

    /// `message.read`, by the first recipient.
    pub fn read(&self) -> Job {
        self.job("message.read", self.reader(), "read")
    }

    fn reader(&self) -> &str {
        self.users.first().map_or("", String::as_str)
    }

    fn job(&self, kind: &str, actor: &str, status: &str) -> Job {
        let body = json!({
            "event": {
                "created_at": "2026-11-24T20:34:48.042Z", "type": kind,
                "id": Uuid::new_v4().to_string(), "actor": { "user_id": actor },
            },
            "message": self.message(status),
        });
        let body = body.to_string();
        let signature = layer_signature(SECRET, &body);
        Job::post("/nexmo-new-message", body).with("layer-webhook-signature", signature)
    }

    fn message(&self, status: &str) -> Value {
        let mut statuses = serde_json::Map::new();
        statuses.insert(SENDER.to_owned(), "read".into());
        statuses.extend(self.users.iter().map(|user| (user.clone(), status.into())));
        let (id, conversation) = (self.id, self.conversation);
        let app = "https://api.layer.com/apps/5c1a9b0e-6f0d-4a57-9d0b-2f6f3c1d7e42";
        json!({
            "id": format!("layer:///messages/{id}"),
            "url": format!("{app}/messages/{id}"),
            "conversation": {
                "id": format!("layer:///conversations/{conversation}"),
                "url": format!("{app}/conversations/{conversation}"),
            },
            "parts": [{
                "id": format!("layer:///messages/{id}/parts/0"), "mime_type": "text/plain",
                "body": TEXT.repeat(12), "encoding": null, "content": null,
            }],
            "sent_at": "2026-11-24T20:34:48.042Z",
            "sender": { "user_id": SENDER, "name": null },
            "recipient_status": statuses,
        })
    }
}

/// A request to the floor, for one object: its body is as long as that of a message.
pub fn row(name: &str) -> Job {
    Job::post(&format!("/row?name={name}"), TEXT.repeat(19))
}

/// A request to the floor, for several objects at once, whose names begin alike.
pub fn rows(name: &str, count: usize) -> Job {
    Job::post(&format!("/fan?name={name}&n={count}"), TEXT.repeat(19))
}
