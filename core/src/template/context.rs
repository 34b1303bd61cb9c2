//! The values that templates can use.

use std::{ptr, slice, sync::LazyLock};

use serde_json::{Value, json};

use super::TemplateKind;
use crate::identity::Identity;

/// Every value in the metadata of the sample, because applications choose the keys of metadata. It prints as a text,
/// has itself under every key, and is a list of itself.
static OF_METADATA: LazyLock<Value> = LazyLock::new(|| Value::from("Sample"));

/// Whether a value is [`OF_METADATA`], and not one like it.
fn is_of_metadata(value: &Value) -> bool {
    ptr::eq(value, &raw const *OF_METADATA)
}

/// The values for one text to one recipient.
#[derive(Clone)]
pub struct Context {
    /// The message from Layer's webhook, with `sender`, `recipient`, `text` and `attachments` added; or a digest.
    message: Value,
    /// The conversation as fetched from Layer.
    fetched: Option<Value>,
    /// Whether this is the sample: its metadata has every key.
    pub(super) is_sample: bool,
}

/// The values for a digest.
#[derive(Clone, Copy)]
pub struct DigestValues<'a> {
    /// The values for its messages, in order.
    pub messages: &'a [Context],
    /// How many messages it is about: those that it does not show are counted too.
    pub count: usize,
    /// The names of the senders, as one text.
    pub senders: &'a str,
    /// The digest without a template of its own.
    pub text: &'a str,
    /// Who is texted.
    pub recipient: &'a Identity,
    /// The conversation as fetched from Layer, if a template needs it.
    pub conversation: Option<&'a Value>,
}

impl Context {
    /// The values from the `message` in Layer's webhook, both identities, the text of the message, its attachments
    /// (objects with `kind` and `name`) and, for an introduction, the conversation as fetched from Layer.
    pub fn new(
        message: &Value,
        sender: &Identity,
        recipient: &Identity,
        text: &str,
        attachments: &[Value],
        conversation: Option<&Value>,
    ) -> Self {
        let added = [
            ("sender", Value::Object(sender.fields.clone())),
            ("recipient", Value::Object(recipient.fields.clone())),
            ("text", Value::from(text)),
            ("attachments", Value::from(attachments)),
        ];
        let mut fields = message.as_object().cloned().unwrap_or_default();
        fields.extend(added.map(|(name, value)| (name.to_owned(), value)));
        Self {
            message: Value::Object(fields),
            fetched: conversation.cloned(),
            is_sample: false,
        }
    }

    /// The same values, with the conversation as fetched from Layer.
    pub fn with_conversation(mut self, conversation: Option<&Value>) -> Self {
        self.fetched = conversation.cloned();
        self
    }

    /// The values for a digest.
    pub fn digest(values: &DigestValues<'_>) -> Self {
        let mut message = json!({
            "count": values.count,
            "senders": values.senders,
            "messages": values.messages.iter().map(Self::item).collect::<Vec<_>>(),
            "text": values.text,
            "recipient": values.recipient.fields,
        });
        if let (Value::Object(fields), Some(conversation)) = (&mut message, values.conversation) {
            fields.insert("conversation".to_owned(), conversation.clone());
        }
        Self {
            message,
            fetched: None,
            is_sample: values.messages.iter().any(|message| message.is_sample),
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

    /// All that a text has, as one of a digest's messages.
    fn item(&self) -> Value {
        let mut item = self.message.clone();
        if let Value::Object(fields) = &mut item {
            fields.insert("message".to_owned(), self.message.clone());
        }
        item
    }

    /// The value that a template of this kind knows by a name; null when it is missing.
    pub(super) fn named(&self, kind: TemplateKind, name: &str) -> &Value {
        match (kind, name, &self.fetched) {
            (TemplateKind::Introduction, "conversation", Some(fetched)) => fetched,
            (TemplateKind::Text | TemplateKind::Introduction, "message", _) => &self.message,
            _ => field(&self.message, name),
        }
    }

    /// The value at a path that begins at another value; null when any part of the path is missing.
    pub(super) fn at<'v>(&self, start: &'v Value, keys: &[String]) -> &'v Value {
        let mut value = start;
        let mut keys = keys.iter();
        while let Some(key) = keys.next() {
            if is_of_metadata(value) {
                return value;
            }
            value = field(value, key);
            if self.is_sample && key == "metadata" && value.is_object() && keys.len() > 0 {
                return &OF_METADATA;
            }
        }
        value
    }

    /// The items of a list. What is no list has none.
    pub(super) fn items(value: &Value) -> &[Value] {
        match value {
            Value::Array(items) => items,
            value if is_of_metadata(value) => slice::from_ref(value),
            _ => &[],
        }
    }
}

/// A field of an object or an item of a list; null when it is missing.
fn field<'v>(value: &'v Value, key: &str) -> &'v Value {
    let found = match value {
        Value::Object(fields) => fields.get(key),
        Value::Array(items) => index(key).and_then(|index| items.get(index)),
        _ => None,
    };
    found.unwrap_or(&Value::Null)
}

/// The index that a key is. As in JavaScript, none with a zero in front.
fn index(key: &str) -> Option<usize> {
    let are_digits = key.bytes().all(|byte| byte.is_ascii_digit());
    let is_index = are_digits && (key == "0" || !key.starts_with('0'));
    key.parse().ok().filter(|_| is_index)
}
