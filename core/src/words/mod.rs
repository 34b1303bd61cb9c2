//! The words of a message: its text, and what else is in it. Read from the message's JSON in Layer's words.

mod attachment;
mod mime;
mod part;
pub mod sender;

use serde_json::{Value, json};
use strum::EnumString;

pub use self::attachment::{Attachment, Kind};
use self::part::Part;
use crate::sms::control::is_blank;

/// Whether the parts of a message that are no text are named in its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum Attachments {
    /// They are: `[photo]`, `[file: plan.pdf]`.
    Describe,
    /// They are not.
    Ignore,
}

/// The words of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The text, one line or more for each part that has words; empty if there is none.
    pub text: String,
    /// The parts that are no text, in order.
    pub attachments: Vec<Attachment>,
}

impl Words {
    /// Reads the words of a message. Leaves out the parts that only serve another one, such as previews.
    pub fn of(message: &Value, attachments: Attachments) -> Self {
        let parts = meant_to_be_seen(Part::all_of(message));
        let lines = parts.iter().filter_map(|part| match part {
            Part::Text(text) => Some(text.clone()),
            Part::Attachment(attachment) | Part::Unknown(attachment) => match attachments {
                Attachments::Describe => Some(attachment.to_string()),
                Attachments::Ignore => None,
            },
            Part::Html(_) | Part::Nothing => None,
        });
        let text = lines.collect::<Vec<_>>().join("\n");
        let attachments = parts.into_iter().filter_map(Part::into_attachment);
        Self {
            text,
            attachments: attachments.collect(),
        }
    }

    /// The attachments for templates: objects with `kind` and `name`.
    pub fn attachments_json(&self) -> Vec<Value> {
        let shown = self.attachments.iter();
        shown
            .map(|it| json!({ "kind": it.kind.word(), "name": it.name }))
            .collect()
    }
}

/// A message with the parts that the chat has now.
pub fn with_parts(mut message: Value, parts: Option<Vec<Value>>) -> Value {
    if let (Some(fields), Some(parts)) = (message.as_object_mut(), parts) {
        fields.insert("parts".to_owned(), Value::Array(parts));
    }
    message
}

/// Leaves out HTML beside plain text, and what nobody can name beside anything else.
fn meant_to_be_seen(parts: Vec<Part>) -> Vec<Part> {
    let has_text = parts
        .iter()
        .any(|part| matches!(part, Part::Text(text) if !is_blank(text)));
    let parts: Vec<Part> = parts
        .into_iter()
        .map(|part| match part {
            Part::Html(_) if has_text => Part::Nothing,
            Part::Html(attachment) => Part::Attachment(attachment),
            other => other,
        })
        .collect();
    let has_more = has_text || parts.iter().any(|it| matches!(it, Part::Attachment(_)));
    let keeps = |part: &Part| match part {
        Part::Nothing => false,
        Part::Unknown(_) => !has_more,
        _ => true,
    };
    parts.into_iter().filter(keeps).collect()
}

#[cfg(test)]
mod tests;
