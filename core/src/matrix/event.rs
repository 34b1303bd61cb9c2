//! A message as the homeserver has it now: edited, deleted or as it was sent.

use serde_json::Value;

use super::{
    account::Homeserver,
    failure::{Failure, success},
};
use crate::{
    http::{HttpRequest, HttpResponse, Method},
    ids::{ConversationId, MessageId, UserId},
    json,
    percent::escaped,
};

/// A message as it is now.
#[derive(Clone, Debug, PartialEq)]
pub enum Current {
    /// It says this: the `content` of its event, or of the last edit by its sender.
    Says(Value),
    /// It is deleted, or its room is.
    Deleted,
    /// The user may not see it, so only what it said at first is known.
    Hidden,
}

/// The request for an event, as a user who may see it.
pub fn get_event(
    homeserver: &Homeserver,
    user_id: &UserId,
    room: &ConversationId,
    event_id: &MessageId,
) -> HttpRequest {
    let (room, event_id) = (escaped(room), escaped(event_id));
    let path = format!("v3/rooms/{room}/event/{event_id}");
    homeserver.request_as(user_id, Method::Get, &path)
}

/// Reads the response to [`get_event`]. Edits of others are not bundled, and neither is one that was taken back.
///
/// # Errors
/// [`Failure`] if it is not known what became of the message.
pub fn read_event(response: &HttpResponse) -> Result<Current, Failure> {
    let body = match success(response) {
        Err(failure) if failure.is_not_found() => return Ok(Current::Deleted),
        Err(failure) if failure.is_forbidden() => return Ok(Current::Hidden),
        body => body?,
    };
    let event = json::value(body);
    let content = event.as_ref().and_then(|event| event.get("content"));
    let (Some(event), Some(content @ Value::Object(fields))) = (&event, content) else {
        return Err(Failure::unreadable(response, "an event"));
    };
    let is_redacted = event.get("redacted_because").is_some()
        || event.pointer("/unsigned/redacted_because").is_some();
    if is_redacted || fields.is_empty() {
        return Ok(Current::Deleted);
    }
    let edited = event.pointer("/unsigned/m.relations/m.replace/content/m.new_content");
    let edited = edited.filter(|content| content.is_object());
    Ok(Current::Says(edited.unwrap_or(content).clone()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::matrix::account::homeserver;

    fn response(status: u16, body: &Value) -> HttpResponse {
        let body = body.to_string();
        HttpResponse::Received { status, body }
    }

    fn current(event: &Value) -> Result<Current, Failure> {
        read_event(&response(200, event))
    }

    #[test]
    fn ids_are_escaped_in_the_path() {
        let request = get_event(
            &homeserver(),
            &UserId::new("@b:x"),
            &ConversationId::new("!r/1"),
            &MessageId::new("$e+1"),
        );
        assert_eq!(
            request.url,
            "https://matrix.example.org/_matrix/client/v3/rooms/%21r%2F1/event/%24e%2B1?user_id=%40b%3Ax"
        );
    }

    #[test]
    fn a_message_says_what_its_last_edit_says() {
        let (first, second) = (
            json!({"body": "Third"}),
            json!({"body": "Third, corrected"}),
        );
        let plain = json!({"content": first, "unsigned": {"age": 5}});
        assert_eq!(current(&plain), Ok(Current::Says(first.clone())));
        let replaced = json!({"content": {"body": "* Third", "m.new_content": second}});
        let edited =
            json!({"content": first, "unsigned": {"m.relations": {"m.replace": replaced}}});
        assert_eq!(current(&edited), Ok(Current::Says(second)));
    }

    #[test]
    fn a_redacted_event_and_one_in_a_purged_room_are_deleted() {
        let redacted = json!({"content": {}, "redacted_because": {"type": "m.room.redaction"}});
        assert_eq!(current(&redacted), Ok(Current::Deleted));
        let purged = response(404, &json!({"errcode": "M_NOT_FOUND"}));
        assert_eq!(read_event(&purged), Ok(Current::Deleted));
    }

    #[test]
    fn anything_else_says_nothing_of_the_message() {
        assert!(current(&json!([])).is_err());
        assert!(current(&json!({"content": "x"})).is_err());
        assert!(read_event(&response(401, &json!({}))).is_err());
        assert!(read_event(&response(429, &json!({}))).is_err());
    }
}
