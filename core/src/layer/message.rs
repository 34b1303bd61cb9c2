//! The text and the sender of a message, from the JSON in Layer's webhooks.

use base64ct::{Base64, Base64Unpadded, Encoding};
use serde_json::Value;

use super::ids;
use crate::{ids::UserId, json};

/// The text of a message: the bodies of its `text/plain` parts and the `text` of its
/// `application/vnd.layer.text+json` parts, in order, joined by line breaks. Skips parts of other types,
/// parts whose content is stored elsewhere, and unreadable parts.
pub fn text_of(message: &Value) -> String {
    let parts = message.get("parts").and_then(Value::as_array);
    let texts: Vec<String> = parts
        .into_iter()
        .flatten()
        .filter_map(text_of_part)
        .collect();
    texts.join("\n")
}

/// The sender's name in the webhook: `display_name` from version 2.0, `name` before; empty when there is
/// none.
pub fn sender_name(message: &Value) -> String {
    let sender = message.get("sender");
    ["display_name", "name"]
        .into_iter()
        .filter_map(|key| sender?.get(key)?.as_str())
        .find(|name| !name.trim().is_empty())
        .unwrap_or_default()
        .to_owned()
}

/// The user who sent a message; `None` when the webhook names no user.
pub fn sender_of(message: &Value) -> Option<UserId> {
    let sender = message.get("sender")?;
    let plain = sender.get("user_id").and_then(Value::as_str);
    let uri = || sender.get("id").and_then(Value::as_str);
    plain.or_else(uri).map(ids::user_of)
}

fn text_of_part(part: &Value) -> Option<String> {
    let mime_type = part.get("mime_type")?.as_str()?;
    // Ignores parameters such as `charset=utf-8` and `role=root`.
    let media_type = mime_type.split(';').next().unwrap_or_default().trim();
    if media_type.eq_ignore_ascii_case("text/plain") {
        return body(part);
    }
    if media_type.eq_ignore_ascii_case("application/vnd.layer.text+json") {
        let content = json::value(&body(part)?)?;
        return content.get("text")?.as_str().map(str::to_owned);
    }
    None
}

fn body(part: &Value) -> Option<String> {
    let body = part.get("body")?.as_str()?;
    let encoding = part
        .get("encoding")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if encoding.eq_ignore_ascii_case("base64") {
        base64(body)
    } else {
        Some(body.to_owned())
    }
}

/// Decodes base64 with or without line breaks and padding.
fn base64(body: &str) -> Option<String> {
    let digits: String = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let bytes = Base64::decode_vec(&digits)
        .or_else(|_| Base64Unpadded::decode_vec(&digits))
        .ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn text(parts: Value) -> String {
        text_of(&json!({ "parts": parts }))
    }

    #[test]
    fn plain_parts_are_joined_by_line_breaks_and_others_skipped() {
        let parts = json!([
            { "mime_type": "text/plain", "body": "one" },
            { "mime_type": "image/png", "body": "no" },
            { "mime_type": "TEXT/Plain ; charset=utf-8", "body": "two", "encoding": null },
            { "mime_type": "text/plain", "content": { "id": "x" }, "body": null },
            { "mime_type": "text/plain" },
            { "mime_type": "text/html", "body": "no" },
            { "mime_type": null, "body": "no" },
            { "body": "no" },
            "no",
        ]);
        assert_eq!(text(parts), "one\ntwo");
    }

    #[test]
    fn text_of_the_xdk_is_taken_out_of_its_json() {
        let parts = json!([
            { "mime_type": "application/vnd.layer.text+json;role=root", "body": r#"{"text":"hé"}"# },
            { "mime_type": "application/vnd.layer.text+json; role=root", "body": "{" },
            { "mime_type": "application/vnd.layer.text+json", "body": r#"{"title":"no"}"# },
            { "mime_type": "application/vnd.layer.text+json", "body": r#"{"text":7}"# },
        ]);
        assert_eq!(text(parts), "hé");
    }

    #[test]
    fn base64_is_decoded_and_an_unreadable_body_skipped() {
        let parts = json!([
            { "mime_type": "text/plain", "encoding": "base64", "body": "SGk=" },
            { "mime_type": "text/plain", "encoding": "BASE64", "body": "SG\nk" },
            { "mime_type": "text/plain", "encoding": "base64", "body": "!!" },
            { "mime_type": "text/plain", "encoding": "base64", "body": "SP8=" },
        ]);
        assert_eq!(text(parts), "Hi\nHi\nH\u{fffd}");
    }

    #[test]
    fn a_message_without_parts_has_no_text() {
        for message in [
            json!({}),
            json!({ "parts": null }),
            json!({ "parts": {} }),
            json!(7),
        ] {
            assert_eq!(text_of(&message), "");
        }
    }

    #[test]
    fn the_sender_has_the_first_name_that_is_not_blank() {
        let name = |sender: Value| sender_name(&json!({ "sender": sender }));
        assert_eq!(name(json!({ "display_name": "Ann", "name": "Bot" })), "Ann");
        assert_eq!(name(json!({ "display_name": " ", "name": "Bot" })), "Bot");
        assert_eq!(name(json!({ "display_name": null, "user_id": "x" })), "");
        assert_eq!(name(Value::Null), "");
        assert_eq!(sender_name(&json!({})), "");
    }

    proptest! {
        #[test]
        fn plain_text_is_not_changed(body in ".*") {
            let plain = json!([{ "mime_type": "text/plain", "body": &body }]);
            prop_assert_eq!(text(plain), body.as_str());
            let encoded = Base64::encode_string(body.as_bytes());
            let encoded = json!([{ "mime_type": "text/plain", "encoding": "base64", "body": encoded }]);
            prop_assert_eq!(text(encoded), body);
        }
    }
}
