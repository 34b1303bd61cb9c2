//! Replies by text, posted as the user.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{gate::Instead, support::SOON, synapse::Person, world::MatrixWorld};

/// Whether a user's notification of a message says that it was read, or is gone, as soon after.
async fn has_read(person: &Person, message: &str) -> bool {
    let notifications = person.notifications().await;
    let mut entries = notifications.iter();
    entries
        .find(|entry| entry["event"]["event_id"] == *message)
        .is_none_or(|entry| entry["read"] == true)
}

async fn wait_until_read(person: &Person, message: &str) {
    let read = async {
        while !has_read(person, message).await {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    assert!(tokio::time::timeout(SOON, read).await.is_ok(), "not read");
}

#[tokio::test]
async fn a_reply_is_posted_as_the_user_in_the_room_of_its_thread() {
    let Some(world) = MatrixWorld::with(&[]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    let other = alice.room_with(&[&ben]).await;
    for room in [&other, &room] {
        alice.say(room, "Are you there?").await;
    }
    world.texted(&ben, 2).await;
    let thread = world.thread(&ben, &room).await;
    world.reply(&thread, "Yes, \u{1f44b} here").await;
    assert_eq!(
        world.said(&alice, &room, &ben, 1).await,
        ["Yes, \u{1f44b} here"]
    );
    assert_eq!(alice.messages(&other).await.len(), 1);
}

#[tokio::test]
async fn a_reply_marks_what_was_texted_as_read_and_nothing_else() {
    let Some(world) = MatrixWorld::with(&[("DELAY", "4 seconds")]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    let other = alice.room_with(&[&ben]).await;
    let elsewhere = alice.say(&other, "Elsewhere").await;
    let texted = alice.say(&room, "Texted").await;
    world.texted(&ben, 2).await;
    let later = alice.say(&room, "Not texted yet").await;
    world.waiting(&ben, 1).await;
    world.reply(&world.thread(&ben, &room).await, "Yes").await;
    wait_until_read(&ben, &texted).await;
    assert!(!has_read(&ben, &later).await);
    assert!(!has_read(&ben, &elsewhere).await);
    assert_eq!(world.texted(&ben, 3).await[2], "Alice: Not texted yet");
}

#[tokio::test]
async fn a_reply_that_nexmo_delivers_twice_is_posted_once() {
    let Some(world) = MatrixWorld::with(&[]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    alice.say(&room, "Hello").await;
    let thread = world.thread(&ben, &room).await;
    let inbound = world.world.nexmo.inbound(&thread.reply("Once")).remove(0);
    for _ in 0..2 {
        assert_eq!(world.world.push(&inbound).await, 200);
    }
    world.reply(&thread, "Then this").await;
    assert_eq!(
        world.said(&alice, &room, &ben, 2).await,
        ["Once", "Then this"]
    );
}

#[tokio::test]
async fn a_long_reply_is_one_message() {
    let Some(world) = MatrixWorld::with(&[]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    alice.say(&room, "Hello").await;
    let thread = world.thread(&ben, &room).await;
    let long: String = (0..600).map(|number| format!("{number:03}, ")).collect();
    let long = long.trim();
    assert!(long.len() > 2_048);
    world.reply(&thread, long).await;
    assert_eq!(world.said(&alice, &room, &ben, 1).await, [long]);
}

/// This removes the device of the service.
#[tokio::test]
async fn a_user_who_has_logged_out_everywhere_still_replies() {
    let Some(world) = MatrixWorld::with(&[]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    alice.say(&room, "Hello").await;
    let thread = world.thread(&ben, &room).await;
    world.reply(&thread, "Before").await;
    world.said(&alice, &room, &ben, 1).await;
    let device = ["devices", "TEXTS"];
    world.api_as(&ben).get(&device).await;
    ben.logout_all().await;
    let gone = world.api_as(&ben);
    let gone = gone
        .ask(Method::GET, crate::synapse::CLIENT, &device, &Value::Null)
        .await;
    assert_eq!(gone.status, 404);
    world.reply(&thread, "After").await;
    assert_eq!(
        world.said(&alice, &room, &ben, 2).await,
        ["Before", "After"]
    );
}

#[tokio::test]
async fn a_device_that_vanishes_between_two_requests_is_made_anew() {
    let Some(world) = MatrixWorld::behind_gate(&[]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    alice.say(&room, "Hello").await;
    let thread = world.thread(&ben, &room).await;
    let gone = json!({ "errcode": "M_UNKNOWN_DEVICE", "error": "Unknown device" });
    world
        .gate()
        .instead("/send/m.room.message/", 1, Instead::Answer(400, gone));
    world.reply(&thread, "Yes").await;
    assert_eq!(world.said(&alice, &room, &ben, 1).await, ["Yes"]);
    assert_eq!(
        world
            .gate()
            .asked("PUT /_matrix/client/v3/devices/TEXTS")
            .len(),
        2
    );
    assert_eq!(world.record(&ben).await["failures"], json!([]));
}

#[tokio::test]
async fn a_reply_into_a_room_that_the_user_has_left_is_kept_as_a_failure() {
    let Some(world) = MatrixWorld::with(&[]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    let other = alice.room_with(&[&ben]).await;
    for room in [&room, &other] {
        alice.say(room, "Hello").await;
    }
    let left = world.thread(&ben, &room).await;
    ben.leave(&room).await;
    world.reply(&left, "Too late").await;
    let has_failed = |record: &Value| record["failures"][0].is_object();
    let record = world.record_when(&ben, has_failed).await;
    assert_eq!(record["failures"][0]["kind"], "reply");
    assert_eq!(record["failures"][0]["conversation_id"], room);
    world
        .reply(&world.thread(&ben, &other).await, "Still here")
        .await;
    assert_eq!(world.said(&alice, &other, &ben, 1).await, ["Still here"]);
}
