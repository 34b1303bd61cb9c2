//! Rooms whose messages nobody but their members can read.

use reqwest::Method;
use serde_json::Value;

use crate::{support::QUIET, synapse::NewRoom, world::MatrixWorld};

#[tokio::test]
async fn an_encrypted_message_is_not_texted_but_counted() {
    let Some(world) = MatrixWorld::with(&[]).await else {
        return;
    };
    let (alice, ben, plain) = world.pair().await;
    let secret = NewRoom {
        invite: &[&ben],
        encrypted: true,
        ..NewRoom::default()
    };
    let secret = alice.create_room(&secret).await;
    ben.join(&secret).await;
    alice.say_encrypted(&secret).await;
    alice.say(&plain, "Hello").await;
    assert_eq!(world.texted(&ben, 1).await, ["Alice: Hello"]);
    assert!(world.world.entries("notice.dropped").is_empty());
    let answer = world.world.admin(Method::GET, "/admin/statistics").await;
    let statistics: Value = answer.json().await.unwrap();
    assert_eq!(
        statistics["hours"][0]["counts"]["encrypted"], 1,
        "{statistics}"
    );
}

/// The homeserver would take it.
#[tokio::test]
async fn a_reply_is_not_posted_in_the_clear_into_a_room_that_is_encrypted_now() {
    let Some(world) = MatrixWorld::behind_gate(&[]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    alice.say(&room, "Hello").await;
    let thread = world.thread(&ben, &room).await;
    alice.encrypt(&room).await;
    world.reply(&thread, "In the clear").await;
    let has_failed = |record: &Value| record["failures"][0].is_object();
    let record = world.record_when(&ben, has_failed).await;
    let failure = &record["failures"][0];
    assert_eq!(failure["kind"], "reply");
    assert_eq!(failure["conversation_id"], room);
    assert!(
        failure["reason"].as_str().unwrap().contains("encrypted"),
        "{failure}"
    );
    assert_eq!(record["replies"]["waiting"], 0);
    tokio::time::sleep(QUIET).await;
    assert!(world.gate().asked("/send/").is_empty());
    assert!(
        ben.messages(&room)
            .await
            .iter()
            .all(|(sender, _)| *sender != ben.id)
    );
}
