//! Messages that are deleted, and users who leave, before a text is due. Nothing is asked then: the events tell.

use crate::{
    synapse::NewRoom,
    world::{LONG_DELAY, MatrixWorld},
};

#[tokio::test]
async fn a_redacted_message_is_not_texted_whatever_the_version_of_the_room() {
    let Some(world) = MatrixWorld::with(&[LONG_DELAY]).await else {
        return;
    };
    let (alice, ben, new) = world.pair().await;
    let old = NewRoom {
        invite: &[&ben],
        version: Some("10"),
        ..NewRoom::default()
    };
    let old = alice.create_room(&old).await;
    ben.join(&old).await;
    for room in [&new, &old] {
        alice.say(room, "This stays").await;
        let message = alice.say(room, "This does not").await;
        world.waiting(&ben, if *room == new { 2 } else { 3 }).await;
        alice.redact(room, &message).await;
        world.waiting(&ben, if *room == new { 1 } else { 2 }).await;
    }
    let reasons = world.world.dropped(2).await;
    assert_eq!(reasons[&new], "deleted");
    assert_eq!(reasons[&old], "deleted");
}

#[tokio::test]
async fn who_leaves_or_is_removed_is_not_texted_but_the_others_are() {
    let Some(world) = MatrixWorld::with(&[LONG_DELAY]).await else {
        return;
    };
    let (alice, ben, left) = world.pair().await;
    let cara = world.person("Cara").await;
    let mut rooms = vec![left];
    for _ in 0..2 {
        rooms.push(alice.room_with(&[&ben]).await);
    }
    for room in &rooms {
        alice.invite(room, &cara).await;
        cara.join(room).await;
        alice.say(room, "Hello").await;
    }
    world.waiting(&ben, 3).await;
    ben.leave(&rooms[0]).await;
    alice.kick(&rooms[1], &ben).await;
    alice.ban(&rooms[2], &ben).await;
    let reasons = world.world.dropped(3).await;
    assert!(
        rooms.iter().all(|room| reasons[room] == "left"),
        "{reasons:?}"
    );
    world.waiting(&ben, 0).await;
    world.waiting(&cara, 3).await;
}

/// The homeserver still lists the notification of the message, unread.
#[tokio::test]
async fn who_came_back_is_not_texted_about_what_was_written_before() {
    let Some(mut world) = MatrixWorld::with(&[LONG_DELAY]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    alice.say(&room, "Before").await;
    world.waiting(&ben, 1).await;
    alice.kick(&room, &ben).await;
    alice.invite(&room, &ben).await;
    ben.join(&room).await;
    alice.say(&room, "After").await;
    world.world.dropped(1).await;
    world.delay_passes(&ben, 1).await;
    assert_eq!(world.texted(&ben, 1).await, ["Alice: After"]);
    assert_eq!(world.world.dropped(1).await[&room], "left");
}
