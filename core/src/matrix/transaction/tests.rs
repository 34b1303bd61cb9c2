use serde_json::json;

use super::*;

fn read_events(events: &Value) -> Transaction {
    read(json!({ "events": events }).to_string().as_bytes()).unwrap()
}

fn event(kind: &str, more: &Value) -> Value {
    let mut event = json!({
        "type": kind, "event_id": "$e", "room_id": "!r", "sender": "@ada:x",
        "origin_server_ts": 1_795_654_303_149_i64,
    });
    let (all, more) = (event.as_object_mut().unwrap(), more.as_object().unwrap());
    all.extend(more.clone());
    event
}

fn message(content: &Value) -> Value {
    event("m.room.message", &json!({ "content": content }))
}

fn happened(event: &Value) -> Vec<Happened> {
    let transaction = read_events(&json!([event]));
    assert_eq!(transaction.unreadable, Vec::<String>::new());
    transaction
        .events
        .into_iter()
        .map(|event| event.what)
        .collect()
}

#[test]
fn a_message_has_its_sender_and_the_moment_at_which_it_was_sent() {
    let content = json!({"msgtype": "m.text", "body": "Hello"});
    let expected = Happened::Sent(Sent {
        message_id: MessageId::new("$e"),
        sender: UserId::new("@ada:x"),
        sent_at: Timestamp::from_millis(1_795_654_303_149),
        content: content.clone(),
    });
    assert_eq!(happened(&message(&content)), [expected]);
}

#[test]
fn edits_notices_stickers_and_redacted_messages_are_no_messages() {
    let edit = json!({"body": "* Hi", "m.relates_to": {"rel_type": "m.replace", "event_id": "$a"}});
    for event in [
        message(&edit),
        message(&json!({"msgtype": "m.notice", "body": "Hi"})),
        message(&json!({})),
        event("m.sticker", &json!({"content": {"body": "Hi"}})),
        event("m.reaction", &json!({"content": {}})),
        event("m.room.name", &json!({"content": {"name": "Falcon"}})),
    ] {
        assert_eq!(happened(&event), [], "{event}");
    }
}

#[test]
fn messages_in_threads_and_replies_are_messages() {
    let thread = json!({"body": "Hi", "m.relates_to": {"rel_type": "m.thread", "event_id": "$a"}});
    let reply = json!({"body": "Hi", "m.relates_to": {"m.in_reply_to": {"event_id": "$a"}}});
    assert_eq!(happened(&message(&thread)).len(), 1);
    assert_eq!(happened(&message(&reply)).len(), 1);
}

#[test]
fn an_encrypted_message_is_counted() {
    let encrypted = event("m.room.encrypted", &json!({"content": {"ciphertext": "x"}}));
    let transaction = read_events(&json!([encrypted, encrypted]));
    assert_eq!((transaction.events.len(), transaction.encrypted), (0, 2));
}

#[test]
fn a_redaction_names_the_message_in_itself_or_in_its_content() {
    let redacted = [Happened::Redacted(MessageId::new("$m"))];
    let old = event("m.room.redaction", &json!({"redacts": "$m", "content": {}}));
    let new = event("m.room.redaction", &json!({"content": {"redacts": "$m"}}));
    assert_eq!(happened(&old), redacted);
    assert_eq!(happened(&new), redacted);
}

#[test]
fn whoever_leaves_is_kicked_or_banned_has_left() {
    let member = |membership: &str| {
        let more = json!({"state_key": "@bob:x", "content": {"membership": membership}});
        happened(&event("m.room.member", &more))
    };
    for membership in ["leave", "ban"] {
        assert_eq!(member(membership), [Happened::Left(UserId::new("@bob:x"))]);
    }
    for membership in ["join", "invite", "knock"] {
        assert_eq!(member(membership), [Happened::Came(UserId::new("@bob:x"))]);
    }
}

#[test]
fn receipts_may_be_public_private_or_of_a_thread() {
    let body = json!({
        "events": [],
        "ephemeral": [
            {"type": "m.typing", "room_id": "!r", "content": {"user_ids": ["@bob:x"]}},
            {"type": "m.presence", "sender": "@bob:x", "content": {"presence": "offline"}},
            {"type": "m.receipt", "room_id": "!r", "content": {
                "$a": {"m.read": {"@bob:x": {"ts": 1, "thread_id": "main"}}, "m.read.private": {"@cem:x": {"ts": 2}}},
                "$b": {"m.fully_read": {"@bob:x": {}}},
            }},
        ],
    });
    let transaction = read(body.to_string().as_bytes()).unwrap();
    let read = |message: &str, users: &[&str]| RoomEvent {
        room: ConversationId::new("!r"),
        what: Happened::Read {
            message_id: MessageId::new(message),
            users: users.iter().map(|user| UserId::new(*user)).collect(),
        },
    };
    let expected = [read("$a", &["@bob:x", "@cem:x"]), read("$b", &[])];
    assert_eq!(transaction.events, expected);
}

#[test]
fn an_unreadable_event_is_named_by_its_field_and_spoils_no_other() {
    let odd = json!([
        5,
        event(
            "m.room.message",
            &json!({"room_id": 7, "content": {"body": "secret"}})
        ),
        event(
            "m.room.member",
            &json!({"content": {"membership": ["leave"]}})
        ),
        message(&json!({"body": "Hi"})),
    ]);
    let transaction = read_events(&odd);
    assert_eq!(transaction.events.len(), 1);
    assert_eq!(
        transaction.unreadable,
        [
            "the field `event` is a number, not an object",
            "the field `event.room_id` is a number, not text",
            "the field `event.content.membership` is a list, not text",
        ]
    );
}

#[test]
fn a_body_that_is_no_transaction_is_an_error() {
    assert!(read(b"").is_err());
    assert!(read(b"[]").is_err());
    assert!(read(br#"{"events":{}}"#).is_err());
    assert!(read(b"{}").unwrap().events.is_empty());
}

/// The transactions that a real homeserver pushed.
#[test]
fn captured_transactions_are_read() {
    const CAPTURED: &str = include_str!("../../../tests/vectors/matrix/as-transactions.json");
    let requests: Vec<Value> = serde_json::from_str(CAPTURED).unwrap();
    let mut happened = Vec::new();
    for request in requests.iter().filter(|it| it["method"] == "PUT") {
        let transaction = read(request["body"].to_string().as_bytes()).unwrap();
        assert_eq!(transaction.unreadable, Vec::<String>::new());
        happened.extend(transaction.events.into_iter().map(|it| match it.what {
            Happened::Sent(sent) => format!("sent: {}", sent.content["body"].as_str().unwrap()),
            Happened::Redacted(_) => "redacted".to_owned(),
            Happened::Came(_) => "came".to_owned(),
            Happened::Left(user_id) => format!("left: {user_id}"),
            Happened::Read { users, .. } => format!("read by {}", users[0]),
        }));
    }
    let came = ["came"; 5].map(str::to_owned);
    let rest = [
        "sent: Hello Bob, are you there?",
        "sent: Second",
        "sent: Third",
        "read by @bob:localtest",
        "read by @carol:localtest",
        // An edit comes here.
        "redacted",
        "sent: Reply by SMS",
        "sent: Fourth",
        "read by @bob:localtest",
        "left: @bob:localtest",
        "left: @alice:localtest",
        "left: @carol:localtest",
    ];
    let expected: Vec<String> = came.into_iter().chain(rest.map(str::to_owned)).collect();
    assert_eq!(happened, expected);
}
