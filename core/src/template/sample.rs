//! The sample that templates are checked with.

use std::{ptr, sync::LazyLock};

use serde_json::{Value, json};

use super::context::{Context, DigestValues};
use crate::identity::Identity;

/// Every value in the metadata of the sample, because applications choose the keys of metadata. It prints as a text,
/// has itself under every key, and is a list of itself.
pub(super) static OF_METADATA: LazyLock<Value> = LazyLock::new(|| Value::from("Sample"));

const CONVERSATION: &str = "layer:///conversations/ffffffff-3c96-11e4-baad-164230d1df67";
const CONVERSATION_URL: &str =
    "https://api.layer.com/conversations/ffffffff-3c96-11e4-baad-164230d1df67";

/// Whether a value is [`OF_METADATA`], and not one like it.
pub(super) fn is_of_metadata(value: &Value) -> bool {
    ptr::eq(value, &raw const *OF_METADATA)
}

/// A sample of a text and of an introduction: Ada says hello to Ben.
pub(super) fn message() -> Context {
    said_by("Ada", "ada")
}

/// A sample of a digest: Ada and Cem say hello to Ben.
pub(super) fn digest() -> Context {
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
    Identity::from_layer(&json!({
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
