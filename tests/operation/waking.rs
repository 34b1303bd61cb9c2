use std::time::Duration;

use reqwest::{Client, Method};
use tokio::task::JoinSet;

use crate::support::{ALICE, BEN, QUIET, World};

#[tokio::test]
async fn waking_a_record_sends_what_is_due_after_its_alarm_was_lost() {
    let mut world = World::with(&[("DELAY", "1 hour")]).await;
    let conversation = world.conversation(&[ALICE, BEN]);
    world.say(&conversation, ALICE, "Are you there?");
    world.waiting(BEN, 1).await;
    world.lose_alarms().await;
    world.advance_clock(Duration::from_secs(3_600)).await;
    tokio::time::sleep(QUIET).await;
    assert!(world.nexmo.texts().is_empty());
    let answer = world.admin(Method::POST, "/admin/users/ben/wake").await;
    assert_eq!(answer.status(), 200);
    assert_eq!(world.texts(1).await[0].text, "Alice: Are you there?");
}

#[tokio::test]
async fn waking_a_record_early_only_sets_its_alarm() {
    let mut world = World::with(&[("DELAY", "1 hour")]).await;
    let conversation = world.conversation(&[ALICE, BEN]);
    world.say(&conversation, ALICE, "Are you there?");
    world.waiting(BEN, 1).await;
    world.lose_alarms().await;
    world.admin(Method::POST, "/admin/users/ben/wake").await;
    world.advance_clock(Duration::from_secs(3_590)).await;
    assert!(world.nexmo.texts().is_empty());
    world.texts(1).await;
}

#[tokio::test]
async fn frequent_requests_for_a_record_do_not_delay_its_work() {
    let world = World::with(&[("DELAY", "300 ms")]).await;
    let url = format!("{}/admin/users/{BEN}", world.worker.url());
    let mut watchers = JoinSet::new();
    for _ in 0..4 {
        let watching = Client::new()
            .get(&url)
            .bearer_auth(&world.settings["ADMIN_TOKEN"]);
        watchers.spawn(async move {
            loop {
                watching.try_clone().unwrap().send().await.unwrap();
            }
        });
    }
    let conversation = world.conversation(&[ALICE, BEN]);
    for count in 1..=5 {
        world.say(&conversation, ALICE, "Are you there?");
        world.texts(count).await;
    }
}
