//! The sample that templates are checked with.

use serde_json::{Value, json};

use super::{
    TemplateKind,
    context::{Context, DigestValues},
};
use crate::{identity::Identity, layer::identity::identity};

const CONVERSATION: &str = "layer:///conversations/ffffffff-3c96-11e4-baad-164230d1df67";
const CONVERSATION_URL: &str =
    "https://api.layer.com/conversations/ffffffff-3c96-11e4-baad-164230d1df67";

impl Context {
    /// A sample for checking templates: Ada, and in a digest Cem, say hello to Ben.
    pub fn sample(kind: TemplateKind) -> Self {
        match kind {
            TemplateKind::Text | TemplateKind::Introduction => said_by("Ada", "ada"),
            TemplateKind::Digest => digest(),
        }
    }
}

fn digest() -> Context {
    Context::digest(&DigestValues {
        messages: &[said_by("Ada", "ada"), said_by("Cem", "cem")],
        count: 2,
        senders: "Ada and Cem",
        text: "Ada: Hello\nCem: Hello",
        recipient: &person("Ben"),
        conversation: Some(&conversation()),
    })
}

fn said_by(name: &str, user_id: &str) -> Context {
    let message = json!({
        "id": "layer:///messages/940de862-3c96-11e4-baad-164230d1df67",
        "url": "https://api.layer.com/messages/940de862-3c96-11e4-baad-164230d1df67",
        "conversation": {"id": CONVERSATION, "url": CONVERSATION_URL},
        "parts": [{"mime_type": "text/plain", "body": "Hello"}],
        "sent_at": "2014-09-09T04:44:47+00:00",
        "sender": {"user_id": user_id},
        "recipient_status": {user_id: "read", "ben": "sent"},
        "position": 1,
    });
    let attachment = json!({"kind": "file", "name": "plan.pdf"});
    let (sender, recipient, conversation) = (person(name), person("Ben"), conversation());
    let mut context = Context::new(
        &message,
        &sender,
        &recipient,
        "Hello",
        &[attachment],
        Some(&conversation),
    );
    context.is_sample = true;
    context
}

fn person(name: &str) -> Identity {
    identity(&json!({
        "user_id": name,
        "display_name": name,
        "first_name": name,
        "last_name": "Sample",
        "phone_number": "+1 555 010 2030",
        "email_address": "sample@example.com",
        "avatar_url": "https://example.com/sample.png",
        "metadata": {"conversationName": "Sample"},
    }))
}

fn conversation() -> Value {
    json!({
        "id": CONVERSATION,
        "url": CONVERSATION_URL,
        "messages_url": CONVERSATION_URL,
        "created_at": "2014-09-09T04:44:47+00:00",
        "distinct": false,
        "participants": ["ada", "ben"],
        "metadata": {"conversationName": "Sample"},
    })
}
