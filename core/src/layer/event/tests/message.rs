use super::*;
use crate::{
    chat::{event::SentMessage, status::Status},
    ids::Position,
    time::Timestamp,
};

/// A `Message.created` of 2.0 from `a b` to `c/d`.
fn created() -> Value {
    json!({
        "event": { "type": "Message.created" },
        "actor": { "id": "layer:///identities/a%20b", "user_id": "a b" },
        "message": {
            "id": format!("layer:///messages/{M}"),
            "conversation": { "id": format!("layer:///conversations/{C}"), "url": "https://x" },
            "parts": [],
            "sent_at": "2017-09-29T20:34:48.042Z",
            "sender": { "id": "layer:///identities/a%20b", "user_id": "a b", "display_name": "Ann" },
            "recipient_status": { "layer:///identities/a%20b": "read", "layer:///identities/c%2Fd": "sent" },
            "position": 262_667_829_248_u64,
        },
    })
}

fn sent(body: &Value) -> SentMessage {
    match event(body) {
        ChatEvent::Sent(message) => message,
        other => panic!("{other:?}"),
    }
}

fn receipt(body: &Value) -> Vec<(UserId, Status)> {
    match event(body) {
        ChatEvent::Receipt {
            message_id, users, ..
        } if *message_id == *M => users,
        other => panic!("{other:?}"),
    }
}

fn statuses(statuses: &[(&str, Status)]) -> Vec<(UserId, Status)> {
    statuses
        .iter()
        .map(|(user, status)| (UserId::new(*user), *status))
        .collect()
}

#[test]
fn a_message_of_1_0_is_read_and_kept_as_it_came() {
    let raw = r#"{ "event":{"type":"message.sent"}, "message":{ "id":"layer:///messages/940DE862-3c96-11e4-baad-164230d1df67",
        "conversation":{"id":"e67b5da2-95ca-40c4-bfc5-a2a8baaeb50f"}, "x":1.0, "sender":{"user_id":"12345"},
        "recipient_status":{"999":"sent","12345":"read","111":"new","7":7,"8":null} } }"#;
    let Ok(Received::Event(ChatEvent::Sent(message))) = read(raw.as_bytes(), "N") else {
        panic!()
    };
    assert_eq!(
        (
            message.message_id.as_str(),
            message.conversation_id.as_str()
        ),
        (M, C)
    );
    assert_eq!(
        (message.sender.as_str(), message.sent_at, message.position),
        ("12345", Timestamp::default(), None)
    );
    assert_eq!(
        message.statuses,
        statuses(&[("12345", Status::Read), ("999", Status::Sent)])
    );
    assert!(raw.contains(message.message.get()) && message.message.get().starts_with("{ \"id\""));
}

#[test]
fn a_message_of_2_0_is_read_with_its_identities() {
    let message = sent(&created());
    assert_eq!(
        (message.sender.as_str(), message.position),
        ("a b", Some(Position::new(262_667_829_248)))
    );
    assert_eq!(message.sent_at, Timestamp::from_millis(1_506_717_288_042));
    assert_eq!(
        message.statuses,
        statuses(&[("a b", Status::Read), ("c/d", Status::Sent)])
    );
    let nameless = with(created(), "/message/sender/user_id", Value::Null);
    assert_eq!(*sent(&nameless).sender, *"a b");
    assert_eq!(
        sent(&about_message("message.sent", Value::Null)).sent_at,
        Timestamp::from_millis(1_410_237_887_000)
    );
}

#[test]
fn a_message_to_a_channel_or_from_a_bot_is_ignored() {
    let bots = [
        Value::Null,
        json!({ "name": "t-bone" }),
        json!({ "user_id": null, "name": "t-bone" }),
        json!({ "user_id": "" }),
    ];
    for event_type in ["message.sent", "message.read", "message.deleted"] {
        let body = about_message(event_type, json!({ "user_id": "999" }));
        assert!(
            is_ignored(&with(body.clone(), "/message/conversation", Value::Null)),
            "{event_type}"
        );
        for bot in bots
            .iter()
            .filter(|bot| event_type == "message.sent" || !bot.is_null())
        {
            assert!(
                is_ignored(&with(body.clone(), "/message/sender", bot.clone())),
                "{event_type} {bot}"
            );
        }
    }
    let bot = json!({ "id": "layer:///identities/b", "user_id": "b", "identity_type": "bot" });
    assert!(is_ignored(&with(created(), "/message/sender", bot)));
}

#[test]
fn half_of_a_surrogate_pair_does_not_make_a_message_unreadable() {
    let body = created().to_string().replace("Ann", r"Ann \ud83d");
    let Ok(Received::Event(ChatEvent::Sent(message))) = read(body.as_bytes(), "N") else {
        panic!()
    };
    let value: Value = serde_json::from_str(message.message.get()).unwrap();
    assert_eq!(
        value.pointer("/sender/display_name"),
        Some(&json!("Ann \u{fffd}"))
    );
}

#[test]
fn a_receipt_belongs_to_its_actor() {
    let read_by = |user: &str| about_message("message.read", json!({ "user_id": user }));
    assert_eq!(receipt(&read_by("999")), statuses(&[("999", Status::Read)]));
    assert_eq!(
        receipt(&read_by("nobody listed")),
        statuses(&[("nobody listed", Status::Read)])
    );
    let mut beside = about_message("message.delivered", Value::Null);
    beside["actor"] = json!({ "id": "layer:///identities/111" });
    assert_eq!(receipt(&beside), statuses(&[("111", Status::Delivered)]));
    let unlisted = with(read_by("999"), "/message/recipient_status", Value::Null);
    assert_eq!(receipt(&unlisted), statuses(&[("999", Status::Read)]));
}

#[test]
fn a_late_receipt_carries_the_later_status() {
    let body = about_message("message.delivered", json!({ "user_id": "999" }));
    let body = with(body, "/message/recipient_status/999", json!("read"));
    assert_eq!(receipt(&body), statuses(&[("999", Status::Read)]));
}

#[test]
fn a_receipt_without_an_actor_is_for_all_who_reached_the_status() {
    for actor in [Value::Null, json!({ "name": "system" })] {
        let body = about_message("message.delivered", actor);
        assert_eq!(receipt(&body), statuses(&[("999", Status::Delivered)]));
    }
    assert!(is_ignored(&about_message("message.read", Value::Null)));
}

#[test]
fn a_receipt_or_a_deletion_never_concerns_the_sender() {
    assert!(is_ignored(&about_message(
        "message.read",
        json!({ "user_id": "12345" })
    )));
    let ChatEvent::MessageDeleted { message_id, users } =
        event(&about_message("message.deleted", Value::Null))
    else {
        panic!()
    };
    assert_eq!(message_id.as_str(), M);
    assert_eq!(users, user_ids(&["111", "999"]));
    let unlisted = about_message("Message.deleted", Value::Null);
    assert!(is_ignored(&with(
        unlisted,
        "/message/recipient_status",
        Value::Null
    )));
}
