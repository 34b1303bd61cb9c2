//! A Matrix message in Layer's words: what templates, hooks and digests read.

use chrono::{DateTime, SecondsFormat};
use serde_json::{Map, Value, json, value::RawValue};

use super::account::local_part;
use crate::{
    ids::{ConversationId, MessageId, UserId},
    time::Timestamp,
};

/// Longer texts of a message are cut, in bytes.
const LONGEST: usize = 8_000;

/// What is known of a message when it arrives.
pub struct Arrived<'a> {
    /// The message.
    pub message_id: &'a MessageId,
    /// Its room.
    pub room: &'a ConversationId,
    /// Who sent it.
    pub sender: &'a UserId,
    /// The sender's name in the room, if it is known.
    pub sender_name: Option<&'a str>,
    /// When it was sent, by the homeserver's clock.
    pub sent_at: Timestamp,
    /// When it arrived here.
    pub received_at: Timestamp,
    /// The `content` of its event.
    pub content: &'a Value,
}

/// The JSON of a message.
pub fn in_layers_words(message: &Arrived<'_>) -> Option<Box<RawValue>> {
    let name = message.sender_name.unwrap_or(local_part(message.sender));
    let json = json!({
        "id": message.message_id,
        "conversation": { "id": message.room },
        "parts": parts(message.content),
        "sender": { "user_id": message.sender, "display_name": name },
        "sent_at": written(message.sent_at),
        "received_at": written(message.received_at),
    });
    RawValue::from_string(json.to_string()).ok()
}

/// The parts of a message with this `content`.
pub fn parts(content: &Value) -> Vec<Value> {
    let text = |name: &str| content.get(name).and_then(Value::as_str).map(start);
    let body = text("body").unwrap_or_default();
    let kind = match text("msgtype").unwrap_or_default() {
        "m.image" => "image",
        "m.video" => "video",
        "m.audio" => "audio",
        "m.file" => return with_caption(file(content, body), text("filename"), body),
        "m.location" => return vec![json!({ "mime_type": "location/coordinate" })],
        _ => return vec![plain(own_words(content, body))],
    };
    let part = json!({ "mime_type": mime_type(content, kind) });
    with_caption(part, text("filename"), body)
}

/// The first [`LONGEST`] bytes of a text. A transaction may carry a hundred long messages, each for many users, and a text
/// is far shorter.
fn start(text: &str) -> &str {
    let text = text.trim();
    let end = text.floor_char_boundary(LONGEST);
    text.get(..end).unwrap_or(text)
}

/// A file, named by its `filename`, else by its `body`.
fn file(content: &Value, body: &str) -> Value {
    let name = content.get("filename").and_then(Value::as_str).map(start);
    let mut part = Map::new();
    part.insert("mime_type".into(), "application/octet-stream".into());
    part.insert("name".into(), name.unwrap_or(body).into());
    part.into()
}

/// The type of a picture, a film or a sound. What its sender says counts only if it is of the same kind.
fn mime_type(content: &Value, kind: &str) -> String {
    let said = content.pointer("/info/mimetype").and_then(Value::as_str);
    let same = |said: &&str| {
        let subtype = said
            .strip_prefix(kind)
            .and_then(|rest| rest.strip_prefix('/'));
        subtype.is_some_and(|subtype| !subtype.is_empty() && !subtype.contains(';'))
    };
    said.filter(same)
        .map_or_else(|| format!("{kind}/*"), str::to_owned)
}

/// A part and its caption: the `body` where `filename` differs from it.
fn with_caption(part: Value, filename: Option<&str>, body: &str) -> Vec<Value> {
    match filename {
        Some(filename) if filename != body && !body.is_empty() => vec![part, plain(body)],
        _ => vec![part],
    }
}

fn plain(text: &str) -> Value {
    json!({ "mime_type": "text/plain", "body": text })
}

/// A message's own words. In a reply, old clients quote the message that is replied to, in lines that begin with `>`,
/// before them.
fn own_words<'a>(content: &Value, body: &'a str) -> &'a str {
    let is_reply = content.pointer("/m.relates_to/m.in_reply_to").is_some();
    let is_quoted = body.starts_with("> <") || body.starts_with("> * <");
    if !is_reply || !is_quoted {
        return body;
    }
    let mut rest = body;
    while rest.starts_with("> ") || rest.starts_with(">\n") {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
    }
    rest.trim_start_matches('\n')
}

fn written(moment: Timestamp) -> String {
    DateTime::from_timestamp_millis(moment.as_millis())
        .map(|moment| moment.to_rfc3339_opts(SecondsFormat::Millis, true))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Attachments, Words};

    /// The text that a message with this content becomes.
    fn said(content: &Value) -> String {
        let message = json!({ "parts": parts(content) });
        Words::of(&message, Attachments::Describe).text
    }

    #[test]
    fn a_message_has_the_fields_of_layers() {
        let message = in_layers_words(&Arrived {
            message_id: &MessageId::new("$e"),
            room: &ConversationId::new("!r"),
            sender: &UserId::new("@ada:x"),
            sender_name: None,
            sent_at: Timestamp::from_millis(1_795_654_303_149),
            received_at: Timestamp::from_millis(1_795_654_303_200),
            content: &json!({"msgtype": "m.text", "body": "Hello"}),
        });
        let message: Value = serde_json::from_str(message.unwrap().get()).unwrap();
        let expected = json!({
            "id": "$e", "conversation": {"id": "!r"},
            "parts": [{"mime_type": "text/plain", "body": "Hello"}],
            "sender": {"user_id": "@ada:x", "display_name": "ada"},
            "sent_at": "2026-11-26T00:51:43.149Z", "received_at": "2026-11-26T00:51:43.200Z",
        });
        assert_eq!(message, expected);
    }

    #[test]
    fn pictures_films_and_sounds_have_no_name_but_may_have_a_caption() {
        let image =
            json!({"msgtype": "m.image", "body": "cat.jpg", "info": {"mimetype": "image/jpeg"}});
        assert_eq!(said(&image), "[photo]");
        let captioned = json!({"msgtype": "m.image", "body": "My cat", "filename": "cat.jpg"});
        assert_eq!(said(&captioned), "[photo]\nMy cat");
        assert_eq!(
            said(&json!({"msgtype": "m.video", "body": "a.mp4"})),
            "[video]"
        );
        let odd = json!({"msgtype": "m.audio", "body": "a", "info": {"mimetype": "text/plain"}});
        assert_eq!(said(&odd), "[audio]");
        let without_slash =
            json!({"msgtype": "m.image", "body": "a", "info": {"mimetype": "image"}});
        assert_eq!(said(&without_slash), "[photo]");
    }

    #[test]
    fn a_file_has_its_name_and_a_location_none() {
        let file = json!({"msgtype": "m.file", "body": "plan.pdf"});
        assert_eq!(said(&file), "[file: plan.pdf]");
        let named = json!({"msgtype": "m.file", "body": "Have a look", "filename": "plan.pdf"});
        assert_eq!(said(&named), "[file: plan.pdf]\nHave a look");
        let place = json!({"msgtype": "m.location", "body": "Berlin", "geo_uri": "geo:1,2"});
        assert_eq!(said(&place), "[location]");
    }

    #[test]
    fn a_reply_does_not_repeat_what_it_replies_to() {
        let relation = json!({"m.in_reply_to": {"event_id": "$a"}});
        let reply = |body: &str| {
            said(&json!({"msgtype": "m.text", "body": body, "m.relates_to": relation}))
        };
        let own = |body: &str| said(&json!({"msgtype": "m.text", "body": body}));
        assert_eq!(own("> <3"), "> <3");
        assert_eq!(own("> <b> is bold\nok"), "> <b> is bold\nok");
        assert_eq!(
            reply("> <@ada:x> Hi\n> there\n\nHello > all"),
            "Hello > all"
        );
        assert_eq!(reply("> * <@ada:x> waves\n\nHello"), "Hello");
        assert_eq!(reply("> a quote\nof mine"), "> a quote\nof mine");
        assert_eq!(reply("> <@ada:x> Hi"), "");
    }

    #[test]
    fn any_other_type_of_message_says_its_body() {
        assert_eq!(
            said(&json!({"msgtype": "m.emote", "body": "waves"})),
            "waves"
        );
        assert_eq!(said(&json!({"body": "?"})), "?");
        assert_eq!(said(&json!({})), "");
    }
}
