//! Posting messages through the Platform API, and what it refuses.

use super::acts::draft;
use super::model::{Message, Part, Post, Repeat, Sender, Version};
use super::platform::{Asked, nothing, system};
use super::wire::Wire;
use super::{Refused, Shared, errors};
use crate::lock;
use crate::server::Answered;
use data_encoding::BASE64;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};
use std::sync::Arc;
use tokio::time::Instant;
use uuid::Uuid;

/// Bytes of a part's body, decoded; more needs rich content.
const PART_LIMIT: usize = 2048;

pub(super) fn answer(shared: &Arc<Shared>, asked: &Asked<'_>, conversation: &str) -> Answered {
    let header = asked.incoming.header("if-none-match");
    let (answered, repeat) = match header.map(request_id) {
        Some(None) => (errors::invalid_request_id(), false),
        dedupe => create(shared, asked, conversation, dedupe.flatten()),
    };
    lock(&shared.state).posts.push(Post {
        conversation: conversation.to_owned(),
        dedupe: header.map(ToOwned::to_owned),
        body: asked.incoming.body.clone(),
        status: answered.status,
        repeat,
        at: Instant::now(),
    });
    shared.traffic.changed();
    answered
}

/// An RFC 4122 UUID in its hyphenated form, without quotes.
fn request_id(header: &str) -> Option<String> {
    let parsed = Uuid::try_parse(header)
        .ok()
        .filter(|_| header.len() == 36)?;
    (parsed.get_variant() == uuid::Variant::RFC4122).then(|| parsed.to_string())
}

fn create(
    shared: &Arc<Shared>,
    asked: &Asked<'_>,
    conversation: &str,
    dedupe: Option<String>,
) -> (Answered, bool) {
    let _turn = lock(&shared.posting);
    if let Some(refusal) = closed(shared, conversation) {
        return (refusal, false);
    }
    let known = dedupe
        .as_deref()
        .and_then(|id| lock(&shared.state).message(id).cloned());
    if let Some(known) = known {
        return (repeated(shared, asked.version, conversation, &known), true);
    }
    match compose(shared, asked, conversation, dedupe) {
        Err(refusal) => (refusal, false),
        Ok((message, status)) => {
            let sent = shared.add(message);
            (show(shared, asked.version, &sent.message, status), false)
        }
    }
}

fn closed(shared: &Shared, conversation: &str) -> Option<Answered> {
    match lock(&shared.state).conversations.get(conversation) {
        None => Some(errors::not_found("Conversation")),
        Some(found) if found.deleted => Some(errors::conversation_deleted()),
        Some(_) => None,
    }
}

fn show(shared: &Shared, version: Version, message: &Message, status: u16) -> Answered {
    let state = lock(&shared.state);
    let wire = Wire {
        app: &shared.options.app_id,
        state: &state,
    };
    errors::ok(status, &system(&wire, message, version))
}

fn repeated(shared: &Shared, version: Version, conversation: &str, known: &Message) -> Answered {
    let state = lock(&shared.state);
    let wire = Wire {
        app: &shared.options.app_id,
        state: &state,
    };
    let json = system(&wire, known, version);
    let foreign = known.conversation.as_deref() != Some(conversation);
    match state.repeat {
        _ if foreign => errors::id_in_use(json),
        Repeat::Conflict => errors::id_in_use(json),
        Repeat::Created => errors::ok(201, &json),
        Repeat::Ok => errors::ok(200, &json),
    }
}

/// The message that the body describes, and the status that it gets.
fn compose(
    shared: &Shared,
    asked: &Asked<'_>,
    conversation: &str,
    dedupe: Option<String>,
) -> Result<(Message, u16), Answered> {
    let body = serde_json::from_str(&asked.incoming.body).map_err(|_| errors::invalid_request())?;
    let Value::Object(body) = body else {
        return Err(errors::invalid_request());
    };
    let sender = sender(asked.version, &body)?;
    let parts = parts(&body)?;
    if body
        .get("notification")
        .is_some_and(|found| !found.is_object())
    {
        return Err(errors::invalid(
            "notification",
            "The property must be an object.",
        ));
    }
    if sender
        .user()
        .is_some_and(|user| is_outsider(shared, conversation, user))
    {
        return Err(errors::access_denied());
    }
    let draft = draft(Some(conversation), sender, parts);
    let id = dedupe.clone().unwrap_or(draft.id);
    let status = if body.contains_key("schedule") {
        202
    } else {
        201
    };
    Ok((
        Message {
            id,
            platform: true,
            dedupe,
            ..draft
        },
        status,
    ))
}

/// A user who neither takes part nor is a bot.
fn is_outsider(shared: &Shared, conversation: &str, user: &str) -> bool {
    let state = lock(&shared.state);
    let members = state
        .conversations
        .get(conversation)
        .map(|found| &found.participants);
    let bot = state.users.get(user).is_some_and(|user| user.bot);
    !bot && members.is_none_or(|members| !members.iter().any(|one| one == user))
}

fn sender(version: Version, body: &Map<String, Value>) -> Result<Sender, Answered> {
    let own = if version.has_identities() {
        "sender_id"
    } else {
        "sender"
    };
    let found = body
        .get(own)
        .filter(|sender| !sender.is_null())
        .ok_or_else(|| errors::missing(own))?;
    let known = [own, "parts", "notification", "schedule"];
    if let Some(strange) = body.keys().find(|name| !known.contains(&name.as_str())) {
        return Err(errors::invalid(strange, "The property is not allowed."));
    }
    if version.has_identities() {
        new_sender(found)
    } else {
        old_sender(found)
    }
}

fn parts(body: &Map<String, Value>) -> Result<Vec<Part>, Answered> {
    let parts = body.get("parts").ok_or_else(|| errors::missing("parts"))?;
    let parts = parts.as_array().filter(|parts| !parts.is_empty());
    let empty = || errors::invalid("parts", "The property must be a non-empty array.");
    parts.ok_or_else(empty)?.iter().map(part).collect()
}

/// 1.x: exactly one of `user_id` and `name`.
fn old_sender(sender: &Value) -> Result<Sender, Answered> {
    let member = |name| sender.get(name).filter(|found| !found.is_null());
    let text = |found: &Value| {
        found
            .as_str()
            .filter(|text| !text.is_empty())
            .map(ToOwned::to_owned)
    };
    let wrong = |message| errors::invalid("sender", message);
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
fn new_sender(sender: &Value) -> Result<Sender, Answered> {
    let id = sender
        .as_str()
        .and_then(|uri| uri.strip_prefix("layer:///identities/"));
    let id = id.filter(|id| !id.is_empty() && !id.contains('/'));
    let id = id.and_then(|id| percent_decode_str(id).decode_utf8().ok());
    let wrong = || errors::invalid("sender_id", "The property must be an identity's URI.");
    id.map(|id| Sender::User(id.into_owned())).ok_or_else(wrong)
}

fn part(part: &Value) -> Result<Part, Answered> {
    let wrong = |message| errors::invalid("parts", message);
    let member = |name: &str| part.get(name).and_then(Value::as_str);
    let mime_type = member("mime_type").filter(|found| found.contains('/'));
    let mime_type = mime_type.ok_or_else(|| wrong("Each part needs a 'mime_type'."))?;
    let body = member("body").ok_or_else(|| wrong("Each part needs a 'body'."))?;
    let bytes = match part
        .get("encoding")
        .filter(|found| !found.is_null())
        .map(Value::as_str)
    {
        None => body.as_bytes().to_vec(),
        Some(Some("base64")) => BASE64
            .decode(body.as_bytes())
            .map_err(|_| wrong("The body is not base64."))?,
        Some(_) => return Err(wrong("The only encoding is 'base64'.")),
    };
    if bytes.len() > PART_LIMIT {
        return Err(wrong(
            "A part may have 2048 bytes; larger ones need rich content.",
        ));
    }
    // Real answers show base64 of valid UTF-8 decoded, without an encoding.
    Ok(String::from_utf8(bytes).map_or_else(
        |_| Part {
            encoding: Some("base64".to_owned()),
            ..Part::new(mime_type, body)
        },
        |decoded| Part::new(mime_type, &decoded),
    ))
}

/// 3.0: `{"position": n}` marks a user's messages up to there as read.
pub(super) fn mark_all_read(
    shared: &Arc<Shared>,
    asked: &Asked<'_>,
    user: &str,
    id: &str,
) -> Answered {
    if asked.version != Version::V3_0 {
        return errors::invalid_endpoint();
    }
    if let Some(refusal) = closed(shared, id) {
        return refusal;
    }
    let body: Value = serde_json::from_str(&asked.incoming.body).unwrap_or_default();
    let Some(position) = body.get("position").and_then(Value::as_u64) else {
        return errors::missing("position");
    };
    match shared.read_all(id, user, position) {
        Ok(_) | Err(Refused::NoEffect) => errors::ok(202, &nothing()),
        Err(_) => errors::not_found("Conversation"),
    }
}
