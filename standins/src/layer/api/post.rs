//! The endpoints that post messages and mark them as read.

use super::request::Checked;
use crate::http::Response;
use crate::json::object;
use crate::layer::handle::Shared;
use crate::layer::model::{Message, Part, Post, Repeat, Sender, Version};
use crate::layer::state::Refused;
use crate::layer::wire::responses;
use crate::lock::lock;
use data_encoding::BASE64;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};
use std::sync::Arc;
use tokio::time::Instant;
use uuid::Uuid;

/// The longest decoded body of a part, in bytes. Longer ones need rich content.
const PART_LIMIT: usize = 2048;

/// The result of a request to post a message.
struct Posted {
    response: Response,
    /// Whether it repeated an earlier post.
    repeat: bool,
}

impl Posted {
    fn new(response: Response) -> Self {
        Self {
            response,
            repeat: false,
        }
    }
}

/// Posts a message and records the request.
pub(super) fn create(shared: &Arc<Shared>, checked: &Checked<'_>, conversation: &str) -> Response {
    let header = checked.request.header("if-none-match");
    let Posted { response, repeat } = match header.map(request_id) {
        Some(None) => Posted::new(responses::invalid_request_id()),
        dedupe => post(shared, checked, conversation, dedupe.flatten()),
    };
    lock(&shared.state).posts.push(Post {
        conversation: conversation.to_owned(),
        dedupe: header.map(ToOwned::to_owned),
        body: checked.request.body.clone(),
        status: response.status,
        repeat,
        at: Instant::now(),
    });
    shared.traffic.changed();
    response
}

/// The UUID of a post, in its hyphenated form; `None` if the header is not an RFC 4122 UUID without quotes.
fn request_id(header: &str) -> Option<String> {
    let parsed = Uuid::try_parse(header)
        .ok()
        .filter(|_| header.len() == 36)?;
    (parsed.get_variant() == uuid::Variant::RFC4122).then(|| parsed.to_string())
}

fn post(
    shared: &Arc<Shared>,
    checked: &Checked<'_>,
    conversation: &str,
    dedupe: Option<String>,
) -> Posted {
    let _turn = lock(&shared.posting);
    if let Some(refusal) = closed(shared, conversation) {
        return Posted::new(refusal);
    }
    let known = dedupe
        .as_deref()
        .and_then(|id| lock(&shared.state).message(id).cloned());
    if let Some(known) = known {
        return Posted {
            response: repeated(shared, checked.version, conversation, &known),
            repeat: true,
        };
    }
    Posted::new(match compose(shared, checked, conversation, dedupe) {
        Err(refusal) => refusal,
        Ok(Composed { message, status }) => {
            let sent = shared.add(message);
            let state = lock(&shared.state);
            let renderer = shared.renderer(&state);
            let json = renderer.system_view(&sent.message, checked.version);
            responses::json(status, &json)
        }
    })
}

/// The error for an unknown or deleted conversation.
fn closed(shared: &Shared, conversation: &str) -> Option<Response> {
    match lock(&shared.state).conversations.get(conversation) {
        None => Some(responses::not_found("Conversation")),
        Some(found) if found.deleted => Some(responses::conversation_deleted()),
        Some(_) => None,
    }
}

/// The response to a post with the UUID of the message `known`.
fn repeated(shared: &Shared, version: Version, conversation: &str, known: &Message) -> Response {
    let state = lock(&shared.state);
    let json = shared.renderer(&state).system_view(known, version);
    let foreign = known.conversation.as_deref() != Some(conversation);
    match state.repeat {
        _ if foreign => responses::id_in_use(json),
        Repeat::Conflict => responses::id_in_use(json),
        Repeat::Created => responses::json(201, &json),
        Repeat::Ok => responses::json(200, &json),
    }
}

/// A message to store, and the status of the response.
struct Composed {
    message: Message,
    status: u16,
}

/// The message in the body of the request.
fn compose(
    shared: &Shared,
    checked: &Checked<'_>,
    conversation: &str,
    dedupe: Option<String>,
) -> Result<Composed, Response> {
    let body = serde_json::from_str(&checked.request.body);
    let Ok(Value::Object(body)) = body else {
        return Err(responses::invalid_request());
    };
    let sender = sender(checked.version, &body)?;
    let parts = parts(&body)?;
    if body.get("notification").is_some_and(|it| !it.is_object()) {
        let message = "The property must be an object.";
        return Err(responses::invalid("notification", message));
    }
    let user = sender.user();
    if user.is_some_and(|user| is_outsider(shared, conversation, user)) {
        return Err(responses::access_denied());
    }
    let scheduled = body.contains_key("schedule");
    let draft = Message::draft(Some(conversation), sender, parts);
    Ok(Composed {
        message: Message {
            id: dedupe.clone().unwrap_or(draft.id),
            platform: true,
            dedupe,
            ..draft
        },
        status: if scheduled { 202 } else { 201 },
    })
}

/// Whether the user is neither a participant nor a bot.
fn is_outsider(shared: &Shared, conversation: &str, user: &str) -> bool {
    let state = lock(&shared.state);
    let found = state.conversations.get(conversation);
    let bot = state.users.get(user).is_some_and(|user| user.bot);
    !bot && found.is_none_or(|found| !found.has(user))
}

fn sender(version: Version, body: &Map<String, Value>) -> Result<Sender, Response> {
    let own = if version.has_identities() {
        "sender_id"
    } else {
        "sender"
    };
    let found = body
        .get(own)
        .filter(|sender| !sender.is_null())
        .ok_or_else(|| responses::missing(own))?;
    let known = [own, "parts", "notification", "schedule"];
    if let Some(unknown) = body.keys().find(|name| !known.contains(&name.as_str())) {
        return Err(responses::invalid(unknown, "The property is not allowed."));
    }
    if version.has_identities() {
        new_sender(found)
    } else {
        old_sender(found)
    }
}

fn parts(body: &Map<String, Value>) -> Result<Vec<Part>, Response> {
    let parts = body
        .get("parts")
        .ok_or_else(|| responses::missing("parts"))?;
    let parts = parts.as_array().filter(|parts| !parts.is_empty());
    let empty = || responses::invalid("parts", "The property must be a non-empty array.");
    parts.ok_or_else(empty)?.iter().map(part).collect()
}

/// 1.x: exactly one of `user_id` and `name`.
fn old_sender(sender: &Value) -> Result<Sender, Response> {
    let member = |name| sender.get(name).filter(|found| !found.is_null());
    let text = |found: &Value| {
        found
            .as_str()
            .filter(|text| !text.is_empty())
            .map(ToOwned::to_owned)
    };
    let wrong = |message| responses::invalid("sender", message);
    match (member("user_id"), member("name")) {
        (Some(_), Some(_)) => Err(wrong("Only one of 'user_id' and 'name' may be given.")),
        (None, None) => Err(wrong("One of 'user_id' and 'name' must be given.")),
        (Some(id), None) => text(id)
            .map(Sender::User)
            .ok_or_else(|| wrong("'user_id' must be a string.")),
        (None, Some(name)) => text(name)
            .map(Sender::Bot)
            .ok_or_else(|| wrong("'name' must be a string.")),
    }
}

/// From 2.0: an identity's URI, in which the user id is percent-encoded.
fn new_sender(sender: &Value) -> Result<Sender, Response> {
    let id = sender
        .as_str()
        .and_then(|uri| uri.strip_prefix("layer:///identities/"));
    let id = id.filter(|id| !id.is_empty() && !id.contains('/'));
    let id = id.and_then(|id| percent_decode_str(id).decode_utf8().ok());
    let wrong = || responses::invalid("sender_id", "The property must be an identity's URI.");
    id.map(|id| Sender::User(id.into_owned())).ok_or_else(wrong)
}

fn part(part: &Value) -> Result<Part, Response> {
    let wrong = |message| responses::invalid("parts", message);
    let member = |name: &str| part.get(name).and_then(Value::as_str);
    let mime_type = member("mime_type").filter(|found| found.contains('/'));
    let mime_type = mime_type.ok_or_else(|| wrong("Each part needs a 'mime_type'."))?;
    let body = member("body").ok_or_else(|| wrong("Each part needs a 'body'."))?;
    let bytes = decoded(part.get("encoding"), body).map_err(wrong)?;
    if bytes.len() > PART_LIMIT {
        let message = "A part may have 2048 bytes; larger ones need rich content.";
        return Err(wrong(message));
    }
    // As in real responses: base64 of valid UTF-8 is shown decoded, without an encoding.
    Ok(String::from_utf8(bytes).map_or_else(
        |_| Part {
            encoding: Some("base64".to_owned()),
            ..Part::new(mime_type, body)
        },
        |decoded| Part::new(mime_type, &decoded),
    ))
}

fn decoded(encoding: Option<&Value>, body: &str) -> Result<Vec<u8>, &'static str> {
    match encoding {
        None | Some(Value::Null) => Ok(body.as_bytes().to_vec()),
        Some(Value::String(name)) if name == "base64" => BASE64
            .decode(body.as_bytes())
            .map_err(|_| "The body is not base64."),
        Some(_) => Err("The only encoding is 'base64'."),
    }
}

/// 3.0: marks a user's messages as read, up to the position in the body.
pub(super) fn mark_all_read(
    shared: &Arc<Shared>,
    checked: &Checked<'_>,
    user: &str,
    id: &str,
) -> Response {
    if checked.version != Version::V3_0 {
        return responses::invalid_endpoint();
    }
    if let Some(refusal) = closed(shared, id) {
        return refusal;
    }
    let body: Value = serde_json::from_str(&checked.request.body).unwrap_or_default();
    let Some(position) = body.get("position").and_then(Value::as_u64) else {
        return responses::missing("position");
    };
    match shared.read_all(id, user, position) {
        Ok(_) | Err(Refused::NoEffect) => responses::json(202, &object([])),
        Err(_) => responses::not_found("Conversation"),
    }
}
