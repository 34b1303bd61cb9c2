use super::*;
use crate::{
    chat::{event::Receipts, status::Status},
    ids::Position,
};

fn left(body: &Value) -> Vec<UserId> {
    match event(body) {
        ChatEvent::Left {
            conversation_id,
            users,
        } if *conversation_id == *C => users,
        other => panic!("{other:?}"),
    }
}

#[derive(Debug, PartialEq, Eq)]
struct OfUser {
    user_id: UserId,
    receipts: Receipts,
}

fn receipts(body: &Value) -> OfUser {
    match event(body) {
        ChatEvent::Receipts { user_id, receipts } => OfUser { user_id, receipts },
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_deleted_conversation_concerns_its_participants() {
    for participants in [
        json!(["1234", "a%20b", null, "", "1234"]),
        json!([{ "id": "layer:///identities/a%2520b" }, { "user_id": "1234", "id": "x" }, {}]),
    ] {
        let mut body = about_conversation("Conversation.deleted", json!({}));
        body["conversation"]["participants"] = participants;
        let ChatEvent::ConversationDeleted {
            conversation_id,
            users,
        } = event(&body)
        else {
            panic!("{body}")
        };
        assert_eq!(conversation_id.as_str(), C);
        assert_eq!(users, user_ids(&["1234", "a%20b"]));
    }
    let body = about_conversation("conversation.deleted", json!({}));
    assert_eq!(shape(&body), "conversation.participants is missing");
}

#[test]
fn a_removed_user_has_left() {
    let changes = json!({ "changes": [{ "id": "layer:///identities/a" }, { "user_id": "b" }] });
    assert_eq!(
        left(&about_conversation("Participation.deleted", changes)),
        user_ids(&["a", "b"])
    );
    let body = about_conversation("Participation.deleted", json!({}));
    assert_eq!(shape(&body), "changes is missing");
    let body = about_conversation("Participation.deleted", json!({ "changes": [] }));
    assert!(is_ignored(&body));
}

#[test]
fn a_list_of_participants_yields_only_users_known_to_have_left() {
    let changed = |actor: Value, more: Value| {
        let mut body = about_conversation("conversation.updated.participants", more);
        body["event"]["actor"] = actor;
        body["conversation"]["participants"] = json!(["1", { "id": "layer:///identities/2" }]);
        body
    };
    assert!(is_ignored(&changed(Value::Null, json!({}))));
    assert!(is_ignored(&changed(json!({ "user_id": "2" }), json!({}))));
    assert_eq!(
        left(&changed(json!({ "user_id": "3" }), json!({}))),
        user_ids(&["3"])
    );
    assert_eq!(
        left(&changed(Value::Null, json!({ "removed": ["4"] }))),
        user_ids(&["4"])
    );
    assert_eq!(
        left(&changed(Value::Null, json!({ "changes": ["2", "4"] }))),
        user_ids(&["4"])
    );
    let unknown = with(
        changed(json!({ "user_id": "3" }), json!({})),
        "/conversation/participants",
        Value::Null,
    );
    assert!(is_ignored(&unknown));
}

#[test]
fn a_receipt_of_2_0_covers_a_range_of_positions() {
    let body = |receipt: Value| {
        about_conversation(
            "Receipt.created",
            json!({ "actor": { "user_id": "a" }, "receipt": receipt }),
        )
    };
    let a = |from, to, status| OfUser {
        user_id: UserId::new("a"),
        receipts: Receipts {
            conversation_id: ConversationId::new(C),
            from: Position::new(from),
            to: Position::new(to),
            status,
        },
    };
    for (kind, positions, expected) in [
        ("Read", json!({ "from": 1, "to": 5 }), a(1, 5, Status::Read)),
        (
            "read",
            json!({ "from": "7", "to": "3" }),
            a(3, 7, Status::Read),
        ),
        (
            "Delivery",
            json!({ "from": 9, "to": null }),
            a(9, 9, Status::Delivered),
        ),
        ("DELIVERED", json!({ "to": 9 }), a(9, 9, Status::Delivered)),
    ] {
        assert_eq!(
            receipts(&body(json!({ "type": kind, "positions": positions }))),
            expected
        );
    }
    assert_eq!(
        receipts(&body(json!({ "type": "Read", "position": 4 }))),
        a(4, 4, Status::Read)
    );
    let cases = [
        (json!({ "type": "Read" }), "receipt.positions is missing"),
        (
            json!({ "type": "Read", "positions": { "from": -1 } }),
            "receipt.positions.from is not a whole number from 0",
        ),
        (
            json!({ "type": "Seen", "position": 1 }),
            "receipt.type is neither Read nor Delivery",
        ),
        (json!({ "position": 1 }), "receipt.type is missing"),
        (Value::Null, "receipt is missing"),
    ];
    for (receipt, problem) in cases {
        assert_eq!(shape(&body(receipt)), problem);
    }
}

#[test]
fn a_receipt_of_2_0_needs_a_user() {
    let body = |actor: Value| {
        let receipt = json!({ "type": "Read", "position": 1 });
        about_conversation(
            "Receipt.created",
            json!({ "actor": actor, "receipt": receipt }),
        )
    };
    assert_eq!(shape(&body(Value::Null)), "actor names no user");
    assert!(is_ignored(&body(
        json!({ "user_id": "b", "identity_type": "Bot" })
    )));
    assert_eq!(
        *receipts(&body(json!({ "id": "layer:///identities/a%2Fb" }))).user_id,
        *"a/b"
    );
    assert!(is_ignored(&with(
        body(json!({ "user_id": "a" })),
        "/conversation",
        Value::Null
    )));
}
