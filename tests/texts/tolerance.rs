//! What Layer and the operator's identities send, with a mark in front, nested deeply or with half an emoji: it
//! keeps no text from anybody.

use standins::{Fault, What, When};

use crate::support::{ALICE, BEN, BENS_PHONE, World};
use crate::webhook::unregistered_world;

const BOM: &str = "\u{feff}";

/// A list within lists, so many levels deep.
fn nested(levels: usize) -> String {
    format!("{}{}", "[".repeat(levels), "]".repeat(levels))
}

/// Layer responds to requests for this path with such a body.
fn respond(world: &World, path: &str, body: String) {
    let fault = Fault::new(When::path(path).method("GET"), What::Status(200, body));
    world.layer.traffic().add_fault(fault);
}

fn message(in_front: &str, unused: &str) -> String {
    format!(
        r#"{in_front}{{"event":{{"type":"message.sent"}},"message":{{
            "id":"layer:///messages/940de862-3c96-11e4-baad-164230d1df67","unused":{unused},
            "conversation":{{"id":"layer:///conversations/e67b5da2-95ca-40c4-bfc5-a2a8baaeb50f"}},
            "parts":[{{"mime_type":"text/plain","body":"Hello \ud83d"}}],
            "sender":{{"user_id":"alice"}},"recipient_status":{{"ben":"sent"}}}}}}"#
    )
}

#[tokio::test]
async fn a_webhook_with_a_mark_or_an_unused_field_that_is_nested_deeply_is_texted() {
    for body in [
        message(BOM, "1"),
        message("", &nested(200)),
        message(BOM, &nested(5_000)),
    ] {
        let world = unregistered_world().await;
        assert_eq!(world.webhook(&body).await.status(), 200);
        assert_eq!(world.texts(1).await[0].text, "Alice: Hello \u{fffd}");
    }
}

#[tokio::test]
async fn a_message_an_identity_or_a_conversation_is_read_all_the_same() {
    for (in_front, metadata) in [
        (BOM, "{}".to_owned()),
        ("", nested(130)),
        (BOM, nested(200)),
    ] {
        let world = World::without_delay(&[(
            "INTRODUCE_CONVERSATION",
            "<%= conversation.metadata.conversationName %>",
        )])
        .await;
        let conversation = world.conversation(&[ALICE, BEN]);
        let phone = format!("+{BENS_PHONE}");
        respond(
            &world,
            "/users/ben/identity",
            format!(r#"{in_front}{{"phone_number":"{phone}","metadata":{metadata}}}"#),
        );
        respond(
            &world,
            "/messages/",
            format!(r#"{in_front}{{"recipient_status":{{"ben":"sent"}},"unused":{metadata}}}"#),
        );
        let uuid = conversation.rsplit('/').next().unwrap();
        respond(
            &world,
            &format!("/conversations/{uuid}"),
            format!(r#"{in_front}{{"metadata":{{"conversationName":"Trip","deep":{metadata}}}}}"#),
        );
        world.say(&conversation, ALICE, "Hello");
        assert_eq!(world.texts(1).await[0].text, "Trip\n\nAlice: Hello");
    }
}
