//! Digests of what waits unread in a room.

use crate::{
    synapse::Receipt,
    world::{LONG_DELAY, MatrixWorld},
};

const ON: (&str, &str) = ("DIGEST", "on");

#[tokio::test]
async fn what_waits_unread_leaves_as_one_text_without_what_was_read() {
    let Some(mut world) = MatrixWorld::with(&[ON, LONG_DELAY]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    let mut messages = Vec::new();
    for text in ["One", "Two", "Three", "Four"] {
        messages.push(alice.say(&room, text).await);
    }
    ben.read(&room, &messages[1], Receipt::Public).await;
    alice.edit(&room, &messages[3], "Four, mended").await;
    let deleted = alice.say(&room, "Five").await;
    world.waiting(&ben, 5).await;
    alice.redact(&room, &deleted).await;
    world.delay_passes(&ben, 4).await;
    assert_eq!(
        world.texted(&ben, 1).await,
        ["Alice: Three\nAlice: Four, mended"]
    );
    assert_eq!(world.world.nexmo.texts().len(), 1);
}

#[tokio::test]
async fn what_was_read_is_not_counted_either() {
    let Some(mut world) = MatrixWorld::with(&[ON, LONG_DELAY]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    let mut messages = Vec::new();
    for number in 1..=14 {
        messages.push(alice.say(&room, &number.to_string()).await);
    }
    ben.read(&room, &messages[1], Receipt::Public).await;
    world.delay_passes(&ben, 14).await;
    let text = world.texted(&ben, 1).await.remove(0);
    assert!(text.starts_with("Alice: 3\nAlice: 4\n"), "{text}");
    assert!(text.ends_with("\nAlice: 12\n+2 more"), "{text}");
}

/// A room that is muted makes no notifications from then on.
#[tokio::test]
async fn what_came_after_the_user_muted_the_room_is_not_counted() {
    let Some(mut world) = MatrixWorld::with(&[ON, LONG_DELAY]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    for number in 1..=12 {
        alice.say(&room, &number.to_string()).await;
    }
    ben.mute(&room).await;
    for number in 13..=15 {
        alice.say(&room, &number.to_string()).await;
    }
    world.delay_passes(&ben, 15).await;
    let text = world.texted(&ben, 1).await.remove(0);
    assert!(
        text.starts_with("Alice: 1\n") && text.ends_with("\nAlice: 10\n+2 more"),
        "{text}"
    );
}

#[tokio::test]
async fn a_digest_of_what_was_all_read_is_no_text() {
    let Some(mut world) = MatrixWorld::with(&[ON, LONG_DELAY]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    let other = alice.room_with(&[&ben]).await;
    alice.say(&room, "One").await;
    let last = alice.say(&room, "Two").await;
    ben.read(&room, &last, Receipt::Public).await;
    for text in ["Three", "Four"] {
        alice.say(&other, text).await;
    }
    world.delay_passes(&ben, 4).await;
    assert_eq!(world.texted(&ben, 1).await, ["Alice: Three\nAlice: Four"]);
    assert_eq!(world.world.dropped(2).await.len(), 1);
}
