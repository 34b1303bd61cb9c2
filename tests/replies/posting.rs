use serde_json::{Value, json};
use standins::{NewConversation, Post, User};

use crate::support::{ALICE, BEN, BENS_PHONE, CARA, NUMBERS, World};

fn body(post: &Post) -> Value {
    serde_json::from_str(&post.body).unwrap()
}

#[tokio::test]
async fn a_reply_is_posted_as_the_user_under_an_id_made_from_nexmos() {
    let world = World::quick(&[]).await;
    let thread = world.texted(BEN).await;
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
    // UUIDv5 in the fixed namespace of "0B00000053FFB40F/0": another one would post twice after an update.
    assert_eq!(
        post.dedupe.as_deref(),
        Some("b17eed23-65ce-55c5-ae6e-3cd746c4c860")
    );
}

#[tokio::test]
async fn from_2_0_a_reply_is_posted_as_an_identity() {
    for version in ["2.0", "3.0"] {
        let world = World::quick(&[("LAYER_API_VERSION", version)]).await;
        let user = "ben the/2nd ü%41";
        world.layer.create_user(User::new(user, "Ben", BENS_PHONE));
        let thread = world.texted(user).await;
        world.hear(&thread.reply("Yes")).await;
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
async fn a_reply_goes_into_the_conversation_that_its_number_stands_for() {
    let world = World::quick(&[]).await;
    let with_alice = world.texted(BEN).await;
    let with_both = NewConversation::of(&[ALICE, BEN, CARA]);
    let with_both = world.layer.create_conversation(with_both).unwrap();
    let with_both = world.text_again(&with_both, BEN).await;
    let numbers = [with_alice.number.as_str(), with_both.number.as_str()];
    assert_eq!(numbers, [NUMBERS[0], NUMBERS[1]]);
    world.hear(&with_both.reply("To both")).await;
    world.hear(&with_alice.reply("To Alice")).await;
    assert_eq!(
        world.posted_texts(&with_alice.conversation, 1).await,
        ["To Alice"]
    );
    assert_eq!(
        world.posted_texts(&with_both.conversation, 1).await,
        ["To both"]
    );
}
