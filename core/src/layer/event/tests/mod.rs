mod conversation;
mod message;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const M: &str = "940de862-3c96-11e4-baad-164230d1df67";
const C: &str = "e67b5da2-95ca-40c4-bfc5-a2a8baaeb50f";

fn read_value(body: &Value) -> Result<Received, Unreadable> {
    read(body.to_string().as_bytes(), "N")
}

/// The event of a body that has one.
fn event(body: &Value) -> ChatEvent {
    match read_value(body) {
        Ok(Received::Event(event)) => event,
        other => panic!("{other:?}"),
    }
}

fn user_ids(users: &[&str]) -> Vec<UserId> {
    users.iter().map(|user| UserId::new(*user)).collect()
}

/// An event of 1.0 about a message from `12345` to `999` and `111`.
fn about_message(event_type: &str, actor: Value) -> Value {
    json!({
        "event": { "type": event_type, "id": "x", "created_at": "2015-09-17T20:46:47.561Z", "actor": actor },
        "message": {
            "id": format!("layer:///messages/{M}"),
            "conversation": { "id": format!("layer:///conversations/{C}") },
            "parts": [{ "mime_type": "text/plain", "body": "words" }],
            "sent_at": "2014-09-09T04:44:47+00:00",
            "sender": { "user_id": "12345", "name": null },
            "recipient_status": { "12345": "read", "999": "delivered", "111": "sent" },
        },
        "config": { "name": "N" },
    })
}

/// An event of 2.0 about a conversation, with more fields.
fn about_conversation(event_type: &str, more: Value) -> Value {
    let mut body = json!({
        "event": { "type": event_type },
        "conversation": { "id": format!("layer:///conversations/{C}") },
    });
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    body
}

/// The body with the value at a JSON pointer replaced.
fn with(mut body: Value, pointer: &str, value: Value) -> Value {
    *body.pointer_mut(pointer).unwrap() = value;
    body
}

fn is_ignored(body: &Value) -> bool {
    matches!(read_value(body), Ok(Received::Ignored(_)))
}

/// The field and the problem of an unreadable event.
fn shape(body: &Value) -> String {
    match read_value(body) {
        Err(Unreadable::Shape { field, problem, .. }) => format!("{field} {problem}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_error_names_the_field_and_never_the_value() {
    let body = about_message("message.sent", Value::Null);
    let cases = [
        ("/message", Value::Null, "message is missing"),
        ("/message", json!("words"), "message is text, not an object"),
        ("/message/id", Value::Null, "message.id is missing"),
        (
            "/message/id",
            json!("words"),
            "message.id does not hold a UUID",
        ),
        (
            "/message/conversation/id",
            json!("words"),
            "message.conversation.id does not hold a UUID",
        ),
        (
            "/message/conversation",
            json!("words"),
            "message.conversation is text, not an object",
        ),
        (
            "/message/sender",
            json!("words"),
            "message.sender is text, not an object",
        ),
        (
            "/message/sender/user_id",
            json!(12345),
            "message.sender.user_id is a number, not text",
        ),
        (
            "/message/recipient_status",
            Value::Null,
            "message.recipient_status is missing",
        ),
        (
            "/message/recipient_status",
            json!(["words"]),
            "message.recipient_status is a list, not an object",
        ),
    ];
    for (pointer, value, problem) in cases {
        let wrong = with(body.clone(), pointer, value);
        assert_eq!(shape(&wrong), problem);
        let error = read_value(&wrong).unwrap_err();
        assert_eq!(error.http_status(), 200);
        assert_eq!(
            error.to_string(),
            format!("cannot read the message.sent event: the field {problem}")
        );
    }
    let lists = about_conversation("Participation.deleted", json!({ "changes": ["a", 7] }));
    assert_eq!(shape(&lists), "changes[1] is a number, not a user");
}

#[test]
fn a_body_that_is_not_a_webhook_is_refused() {
    for body in [
        "",
        "{",
        "words",
        "{}x",
        r#"{"event":{"type":"message.sent"}"#,
        "{\"a\":\"\u{1}\"}",
    ] {
        let error = read(body.as_bytes(), "N").unwrap_err();
        assert!(matches!(error, Unreadable::NotJson(_)), "{body}");
        assert!(
            error.http_status() == 400 && !error.to_string().contains("words"),
            "{error}"
        );
    }
    for body in [
        "[]",
        "7",
        "null",
        "{}",
        r#"{"event":null}"#,
        r#"{"event":{}}"#,
        r#"{"event":{"type":7}}"#,
    ] {
        assert_eq!(
            read(body.as_bytes(), "N").unwrap_err(),
            Unreadable::NoEventType,
            "{body}"
        );
    }
    assert_eq!(Unreadable::NoEventType.http_status(), 400);
}

#[test]
fn only_a_config_with_another_name_is_foreign() {
    let body = |config: Value| json!({ "event": { "type": "message.updated" }, "config": config });
    for config in [
        Value::Null,
        json!({}),
        json!({ "name": null }),
        json!({ "name": "N", "a": 1 }),
        json!(7),
    ] {
        assert!(is_ignored(&body(config)));
    }
    assert!(is_ignored(
        &json!({ "event": { "type": "message.updated" } })
    ));
    for name in [json!("M"), json!("n"), json!(""), json!(7)] {
        let error = read_value(&body(json!({ "name": name }))).unwrap_err();
        assert!(matches!(error, Unreadable::ForeignConfig { .. }), "{error}");
        assert_eq!(error.http_status(), 400);
    }
    // The name is checked first: a wrong registration stays wrong whatever it sends.
    let broken = with(
        about_message("message.sent", Value::Null),
        "/message",
        Value::Null,
    );
    let broken = with(broken, "/config/name", json!("M"));
    assert!(matches!(
        read_value(&broken),
        Err(Unreadable::ForeignConfig { .. })
    ));
}

#[test]
fn event_types_are_matched_to_the_letter() {
    for event_type in [
        "Message.sent",
        "message.created",
        "MESSAGE.READ",
        "message.sent ",
        "conversation.created",
        "MessagePart.updated",
        "",
    ] {
        assert!(
            is_ignored(&about_message(event_type, Value::Null)),
            "{event_type}"
        );
    }
}

#[test]
fn a_log_of_an_event_does_not_show_the_message() {
    let event = read_value(&about_message("message.sent", Value::Null)).unwrap();
    assert!(!format!("{event:?}").contains("words"));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("id|user_id|from|to|.{0,4}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

const POINTERS: &[&str] = &[
    "/message",
    "/message/id",
    "/message/conversation",
    "/message/sender",
    "/message/sender/user_id",
    "/message/recipient_status",
    "/message/recipient_status/999",
    "/message/sent_at",
    "/event/actor",
];

proptest! {
    #[test]
    fn a_known_event_in_any_shape_is_read_or_refused_by_field(
        reader in 0..READERS.len(),
        pointer in prop::sample::select(POINTERS),
        value in any_json(),
    ) {
        let body = with(about_message(READERS[reader].0, Value::Null), pointer, value);
        let read = read_value(&body);
        prop_assert!(matches!(read, Ok(_) | Err(Unreadable::Shape { .. })), "{read:?}");
    }

    #[test]
    fn no_bytes_make_it_panic(body: Vec<u8>) {
        let _ = read(&body, "N");
    }
}
