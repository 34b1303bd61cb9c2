use serde_json::{Value, json};
use standins::{NewConversation, Post, User};

use crate::support::{ALICE, BEN, BENS_PHONE, CARA, NUMBERS, World};

fn body(post: &Post) -> Value {
    serde_json::from_str(&post.body).unwrap()
}

#[tokio::test]
async fn a_reply_is_posted_as_the_user_with_an_id_derived_from_nexmos() {
    let world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    let inbound = world.nexmo.inbound(&thread.reply("Yes, at five")).remove(0);
    assert_eq!(
        world
            .push(&inbound.with("messageId", "0B00000053FFB40F"))
            .await,
        200
    );
    world.posted(&thread.conversation, 1).await;
    let post = world.layer.posts().remove(0);
    let expected = json!({
        "sender": { "user_id": BEN },
        "parts": [{ "body": "Yes, at five", "mime_type": "text/plain" }],
    });
    assert_eq!(body(&post), expected);
    // UUIDv5 of "0B00000053FFB40F/0" in a fixed namespace. A new namespace would double posts after an update.
    assert_eq!(
        post.dedupe.as_deref(),
        Some("b17eed23-65ce-55c5-ae6e-3cd746c4c860")
    );
}

#[tokio::test]
async fn from_2_0_the_sender_of_a_reply_is_an_identity() {
    for version in ["2.0", "3.0"] {
        let world = World::without_delay(&[("LAYER_API_VERSION", version)]).await;
        let user = "ben the/2nd ü%41";
        world.layer.create_user(User::new(user, "Ben", BENS_PHONE));
        let thread = world.new_thread(user).await;
        world.deliver_reply(&thread.reply("Yes")).await;
        let posted = world.posted(&thread.conversation, 1).await;
        assert_eq!(posted[0].sender.user(), Some(user));
        let expected = json!({
            "sender_id": "layer:///identities/ben%20the%2F2nd%20%C3%BC%2541",
            "parts": [{ "body": "Yes", "mime_type": "text/plain" }],
        });
        assert_eq!(body(&world.layer.posts()[0]), expected);
        let id = posted[0].dedupe.clone().unwrap();
        assert_eq!((id.len(), id.as_bytes()[14]), (36, b'5'), "{id}");
    }
}

#[tokio::test]
async fn a_reply_is_posted_into_the_conversation_of_its_number() {
    let world = World::without_delay(&[]).await;
    let with_alice = world.new_thread(BEN).await;
    let with_both = NewConversation::of(&[ALICE, BEN, CARA]);
    let with_both = world.layer.create_conversation(with_both).unwrap();
    let with_both = world.thread_in(&with_both, BEN).await;
    let numbers = [with_alice.number.as_str(), with_both.number.as_str()];
    assert_eq!(numbers, [NUMBERS[0], NUMBERS[1]]);
    world.deliver_reply(&with_both.reply("To both")).await;
    world.deliver_reply(&with_alice.reply("To Alice")).await;
    assert_eq!(
        world.posted_texts(&with_alice.conversation, 1).await,
        ["To Alice"]
    );
    assert_eq!(
        world.posted_texts(&with_both.conversation, 1).await,
        ["To both"]
    );
}
