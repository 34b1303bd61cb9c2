//! The values that templates can use.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};
use upon::{ValueAccess, ValueMember};

use super::TemplateKind;
use crate::identity::Identity;

/// The values for one message and one recipient.
#[derive(Clone)]
pub struct Context {
    /// The message from Layer's webhook, with `sender`, `recipient` and `text` added.
    message: Value,
    /// The conversation as fetched from Layer.
    fetched: Option<Value>,
    /// Whether this is the sample: its metadata has every key.
    is_sample: bool,
}

impl Context {
    /// The values from the `message` in Layer's webhook, both identities, the text of the message and, for an
    /// introduction, the conversation as fetched from Layer.
    pub fn new(
        message: &Value,
        sender: &Identity,
        recipient: &Identity,
        text: &str,
        conversation: Option<&Value>,
    ) -> Self {
        let mut fields = message.as_object().cloned().unwrap_or_default();
        fields.insert("sender".to_owned(), Value::Object(sender.fields.clone()));
        fields.insert(
            "recipient".to_owned(),
            Value::Object(recipient.fields.clone()),
        );
        fields.insert("text".to_owned(), Value::from(text));
        Self {
            message: Value::Object(fields),
            fetched: conversation.cloned(),
            is_sample: false,
        }
    }

    /// All values as one JSON object: the body of a request to the introductions service.
    pub fn to_json(&self) -> Value {
        let mut message = self.message.clone();
        if let (Value::Object(fields), Some(conversation)) = (&mut message, &self.fetched) {
            fields.insert("conversation".to_owned(), conversation.clone());
        }
        message
    }

    /// A sample message for checking templates.
    pub fn sample() -> Self {
        let message = json!({
            "id": "layer:///messages/940de862-3c96-11e4-baad-164230d1df67",
            "url": "https://api.layer.com/messages/940de862-3c96-11e4-baad-164230d1df67",
            "conversation": {"id": SAMPLE_CONVERSATION, "url": SAMPLE_CONVERSATION_URL},
            "parts": [{"mime_type": "text/plain", "body": "Hello"}],
            "sent_at": "2014-09-09T04:44:47+00:00",
            "sender": {"user_id": "ada"},
            "recipient_status": {"ada": "read", "ben": "sent"},
            "position": 1,
        });
        let person = |name: &str| {
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
        };
        let conversation = json!({
            "id": SAMPLE_CONVERSATION,
            "url": SAMPLE_CONVERSATION_URL,
            "messages_url": SAMPLE_CONVERSATION_URL,
            "created_at": "2014-09-09T04:44:47+00:00",
            "distinct": false,
            "participants": ["ada", "ben"],
            "metadata": {"conversationName": "Sample"},
        });
        let (ada, ben) = (person("Ada"), person("Ben"));
        Self {
            is_sample: true,
            ..Self::new(&message, &ada, &ben, "Hello", Some(&conversation))
        }
    }

    /// The value at a path; null when any part of the path is missing.
    pub(super) fn value(&self, kind: TemplateKind, path: &[ValueMember<'_>]) -> &Value {
        let Some((first, rest)) = path.split_first() else {
            return &Value::Null;
        };
        let start = match (first.access, &self.fetched) {
            (ValueAccess::Key("message"), _) => &self.message,
            (ValueAccess::Key("conversation"), Some(fetched))
                if kind == TemplateKind::Introduction =>
            {
                fetched
            }
            (access, _) => field(&self.message, access),
        };
        let mut value = start;
        let mut members = rest.iter();
        while let Some(member) = members.next() {
            value = field(value, member.access);
            if self.is_sample && member.access == ValueAccess::Key("metadata") && value.is_object()
            {
                // Applications choose the keys of metadata.
                return members.next().map_or(value, |_| &SAMPLE_METADATA);
            }
        }
        value
    }
}

static SAMPLE_METADATA: LazyLock<Value> = LazyLock::new(|| Value::from("Sample"));
const SAMPLE_CONVERSATION_URL: &str =
    "https://api.layer.com/conversations/ffffffff-3c96-11e4-baad-164230d1df67";
const SAMPLE_CONVERSATION: &str = "layer:///conversations/ffffffff-3c96-11e4-baad-164230d1df67";

fn field<'v>(value: &'v Value, access: ValueAccess<'_>) -> &'v Value {
    let found = match (value, access) {
        (Value::Object(fields), ValueAccess::Key(key)) => fields.get(key),
        (Value::Object(fields), ValueAccess::Index(index)) => by_digits(fields, index),
        (Value::Array(items), ValueAccess::Index(index)) => items.get(index),
        _ => None,
    };
    found.unwrap_or(&Value::Null)
}

/// A field named by digits, such as a numeric user id in `recipient_status`.
fn by_digits(fields: &Map<String, Value>, index: usize) -> Option<&Value> {
    fields.get(index.to_string().as_str())
}
