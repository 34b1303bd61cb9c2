//! A Worker that was down for a while, to which the homeserver pushes everything later.

use crate::{
    synapse::{Receipt, SERVER_NAME},
    world::MatrixWorld,
};

#[tokio::test]
async fn what_happened_while_the_worker_was_down_is_decided_right() {
    let Some(mut world) = MatrixWorld::with(&[]).await else {
        return;
    };
    let (alice, ben, unread) = world.pair().await;
    let (read, deleted, left, edited) = (
        alice.room_with(&[&ben]).await,
        alice.room_with(&[&ben]).await,
        alice.room_with(&[&ben]).await,
        alice.room_with(&[&ben]).await,
    );
    // Everything up to here has arrived.
    alice.say(&unread, "First").await;
    world.texted(&ben, 1).await;
    world.world.worker.kill_9();
    alice.say(&unread, "Second").await;
    let message = alice.say(&read, "Read").await;
    ben.read(&read, &message, Receipt::Public).await;
    let message = alice.say(&deleted, "Deleted").await;
    alice.redact(&deleted, &message).await;
    alice.say(&left, "Left").await;
    ben.leave(&left).await;
    let message = alice.say(&edited, "Wrong").await;
    alice.edit(&edited, &message, "Right").await;
    world.world.worker.restart().await;
    // It comes after all of these.
    alice.say(&unread, "Third").await;
    let mut texts = world.texted(&ben, 4).await;
    texts.sort();
    assert_eq!(
        texts,
        [
            "Alice: First",
            "Alice: Right",
            "Alice: Second",
            "Alice: Third"
        ]
    );
}

/// The homeserver pushes one thing after the other, and goes on only when it was accepted.
#[tokio::test]
async fn a_room_that_is_gone_when_the_worker_asks_holds_up_no_other() {
    let Some(mut world) = MatrixWorld::with(&[]).await else {
        return;
    };
    let (alice, ben, alive) = world.pair().await;
    let (purged, empty) = (
        alice.room_with(&[&ben]).await,
        alice.room_with(&[&ben]).await,
    );
    alice.say(&alive, "Before").await;
    world.texted(&ben, 1).await;
    world.world.worker.kill_9();
    for room in [&purged, &empty] {
        alice
            .say(room, "Into a room that nobody is in any more")
            .await;
    }
    world.homeserver().delete_room(&purged).await;
    ben.leave(&empty).await;
    alice.leave(&empty).await;
    alice.say(&alive, "Behind them").await;
    world.world.worker.restart().await;
    assert_eq!(
        world.texted(&ben, 2).await,
        ["Alice: Before", "Alice: Behind them"]
    );
}

#[tokio::test]
async fn a_room_that_is_gone_when_a_text_is_due_holds_up_no_other() {
    let Some(world) = MatrixWorld::with(&[("DELAY", "4 seconds")]).await else {
        return;
    };
    let (alice, ben, alive) = world.pair().await;
    let purged = alice.room_with(&[&ben]).await;
    alice.say(&purged, "Hello").await;
    alice.say(&alive, "Hello").await;
    world.waiting(&ben, 2).await;
    world.homeserver().delete_room(&purged).await;
    assert_eq!(world.texted(&ben, 1).await, ["Alice: Hello"]);
    let reason = &world.world.dropped(1).await[&purged];
    assert!(reason == "left" || reason == "deleted", "{reason}");
}

#[tokio::test]
async fn what_is_written_while_a_setting_is_wrong_is_texted_when_it_is_right_again() {
    let Some(mut world) = MatrixWorld::with(&[]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    alice.say(&room, "Before").await;
    world.texted(&ben, 1).await;
    let wrong = ("MATRIX_SERVER_NAME", "");
    world.world.redeploy(&[wrong]).await;
    let event = alice.say(&room, "Meanwhile").await;
    let event = world.event(&ben, &room, &event).await;
    assert_eq!(world.transaction("direct", &[event]).await.status, 503);
    world
        .world
        .redeploy(&[("MATRIX_SERVER_NAME", SERVER_NAME)])
        .await;
    assert_eq!(
        world.texted(&ben, 2).await,
        ["Alice: Before", "Alice: Meanwhile"]
    );
}

#[tokio::test]
async fn a_worker_that_was_killed_while_texts_wait_texts_each_once() {
    let Some(mut world) = MatrixWorld::with(&[("DELAY", "4 seconds")]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    for text in ["One", "Two"] {
        alice.say(&room, text).await;
    }
    world.waiting(&ben, 2).await;
    world.world.worker.kill_9();
    alice.say(&room, "Three").await;
    world.world.worker.restart().await;
    assert_eq!(
        world.texted(&ben, 3).await,
        ["Alice: One", "Alice: Two", "Alice: Three"]
    );
}
