//! The values that templates can use.

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
            "conversation": {"id": SAMPLE_CONVERSATION},
            "parts": [{"mime_type": "text/plain", "body": "Hello"}],
            "sent_at": "2014-09-09T04:44:47+00:00",
            "sender": {"user_id": "ada"},
            "recipient_status": {"ada": "read", "ben": "sent"},
            "position": 1,
        });
        let person = |name: &str| {
            Identity::from_layer(&json!({"display_name": name, "phone_number": "+1 555 010 2030"}))
        };
        let conversation = json!({
            "id": SAMPLE_CONVERSATION,
            "participants": ["ada", "ben"],
            "metadata": {"conversationName": "Sample"},
        });
        Self::new(
            &message,
            &person("Ada"),
            &person("Ben"),
            "Hello",
            Some(&conversation),
        )
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
        rest.iter()
            .fold(start, |value, member| field(value, member.access))
    }
}

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
