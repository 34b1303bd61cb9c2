//! A panic fails only the request that caused it. These tests use a Worker that panics on request
//! (`scripts/build.sh --panicking`, the feature `deliberate-panic`).
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "../support/mod.rs"]
mod support;

use standins::User;
use support::{ALICE, BEN, World};

async fn world_that_can_panic() -> World {
    World::with_options(&[], |layer, _, worker| {
        layer.answer_limit = support::SOON;
        worker.build = "build-panicking".into();
    })
    .await
}

async fn status(world: &World, path: &str) -> u16 {
    let url = format!("{}{path}", world.worker.url());
    reqwest::get(url).await.unwrap().status().as_u16()
}

#[tokio::test]
async fn requests_during_and_after_a_panic_are_answered() {
    let world = world_that_can_panic().await;
    let (panicking, healthy) = tokio::join!(
        status(&world, "/panic-in-worker"),
        status(&world, "/health")
    );
    assert_eq!((panicking, healthy), (500, 200));
    for _ in 0..20 {
        assert_eq!(status(&world, "/panic-in-worker").await, 500);
        assert_eq!(status(&world, "/health").await, 200);
    }
}

#[tokio::test]
async fn a_panic_in_one_record_makes_layer_retry_and_the_other_recipients_are_texted() {
    let world = world_that_can_panic().await;
    let names: Vec<String> = (0..23).map(|number| format!("user-{number}")).collect();
    let mut all = vec![ALICE, "panic-in-fetch"];
    all.extend(names.iter().map(String::as_str));
    for (number, name) in names.iter().enumerate() {
        let phone = format!("1555010{number:04}");
        world.layer.create_user(User::new(name, name, &phone));
    }
    world
        .layer
        .create_user(User::new("panic-in-fetch", "P", "15550199999"));
    let conversation = world.layer.create_conversation(standins::NewConversation {
        participants: all.iter().map(|name| (*name).to_owned()).collect(),
        ..standins::NewConversation::of(&[])
    });
    let conversation = conversation.unwrap();
    world.say(&conversation, ALICE, "hello all");
    let texts = world.texts(23).await;
    assert_eq!(texts.len(), 23);
    let tried = |all: &[standins::Delivery]| !all[0].attempts.is_empty();
    let deliveries = world
        .layer
        .wait_for_deliveries(support::SOON, tried)
        .await
        .unwrap();
    assert_eq!(deliveries[0].attempts[0].answer.status(), Some(503));
}

#[tokio::test]
async fn a_record_that_hangs_is_named_in_the_log_and_layer_retries() {
    let world = world_that_can_panic().await;
    let hanging = User::new("hang-in-fetch", "H", "15550199999");
    world.layer.create_user(hanging);
    let conversation = world.conversation(&[ALICE, BEN, "hang-in-fetch"]);
    world.say(&conversation, ALICE, "hello");
    let entries = world.entries_when("layer_webhook.not_stored", 1).await;
    let why = entries[0]["why"].as_str().unwrap();
    assert!(why.contains("user hang-in-fetch and 0 others"), "{why}");
    let texts = world.texts(1).await;
    assert_eq!(texts[0].text, "Alice: hello");
    let tried = |all: &[standins::Delivery]| !all[0].attempts.is_empty();
    let deliveries = world.layer.wait_for_deliveries(support::SOON, tried).await;
    let answer = &deliveries.unwrap()[0].attempts[0].answer;
    assert_eq!(answer.status(), Some(503));
}

#[tokio::test]
async fn a_panic_in_an_alarm_affects_no_other_record() {
    let world = world_that_can_panic().await;
    world
        .layer
        .create_user(User::new("panic-in-alarm", "P", "15550199999"));
    let fragile = world.conversation(&[ALICE, "panic-in-alarm"]);
    let sound = world.conversation(&[ALICE, BEN]);
    world.say(&fragile, ALICE, "one");
    world.say(&sound, ALICE, "two");
    let texts = world.texts(1).await;
    assert_eq!(texts[0].text, "Alice: two");
    // The notice is not lost: an operator can wake the record whose alarm panics.
    let woken = world
        .admin(reqwest::Method::POST, "/admin/users/panic-in-alarm/wake")
        .await;
    assert_eq!(woken.status(), 200);
    let texts = world.texts(2).await;
    assert_eq!(texts[1].text, "Alice: one");
}
