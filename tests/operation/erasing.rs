use reqwest::Method;
use serde_json::json;
use standins::{Fault, Reply, User, What, When};

use crate::support::{ALICE, BEN, BENS_PHONE, QUIET, World, seconds_ago};

async fn erase(world: &World, user: &str) {
    let answer = world
        .admin(Method::DELETE, &format!("/admin/users/{user}"))
        .await;
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn an_erased_user_is_unknown_at_every_number() {
    let world = World::without_delay(&[]).await;
    let threads = [world.new_thread(BEN).await, world.new_thread(BEN).await];
    let down = When::path("/sms/json");
    world.nexmo.traffic().set_faults(vec![Fault::new(
        down,
        What::NexmoStatus(5, "Server Error".to_owned()),
    )]);
    world.say(&threads[0].conversation, ALICE, "Not for long");
    world.waiting(BEN, 1).await;
    erase(&world, BEN).await;
    let record = world.record(BEN).await;
    for (name, nothing) in [
        ("user_id", json!(null)),
        ("links", json!([])),
        ("failures", json!([])),
    ] {
        assert_eq!(record[name], nothing);
    }
    assert_eq!(
        (&record["notices"]["waiting"], &record["replies"]["waiting"]),
        (&json!(0), &json!(0))
    );
    world.nexmo.traffic().clear_faults();
    for thread in &threads {
        let reply = thread.reply("Am I still here?");
        assert_eq!(
            world.push(&world.nexmo.inbound(&reply).remove(0)).await,
            503
        );
        world
            .deliver_reply(&Reply {
                at_ms: Some(seconds_ago(600)),
                ..reply
            })
            .await;
    }
    world.entries_when("nexmo_webhook.unknown_phone", 2).await;
    tokio::time::sleep(QUIET).await;
    assert!(world.layer.posts().is_empty());
    assert_eq!(world.nexmo.texts().len(), 2);
}

#[tokio::test]
async fn an_erased_user_can_come_back() {
    let world = World::without_delay(&[]).await;
    let before = world.new_thread(BEN).await;
    erase(&world, BEN).await;
    let after = world.thread_in(&before.conversation, BEN).await;
    world.deliver_reply(&after.reply("Here again")).await;
    assert_eq!(
        world.posted_texts(&before.conversation, 1).await,
        ["Here again"]
    );
}

#[tokio::test]
async fn erasing_a_user_does_not_affect_another_user_of_the_same_phone() {
    let world = World::without_delay(&[]).await;
    world.layer.create_user(User::new("dan", "Dan", BENS_PHONE));
    world.new_thread(BEN).await;
    let dans = world.new_thread("dan").await;
    erase(&world, BEN).await;
    world.deliver_reply(&dans.reply("Still here")).await;
    assert_eq!(
        world.posted_texts(&dans.conversation, 1).await,
        ["Still here"]
    );
}

#[tokio::test]
async fn a_stop_survives_the_erasure_of_the_user() {
    let world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    world.deliver_reply(&thread.reply("STOP")).await;
    let done = |record: &serde_json::Value| {
        record["opted_out"].is_object() && record["replies"]["waiting"] == 0
    };
    world.record_when(BEN, done).await;
    erase(&world, BEN).await;
    world.say(&thread.conversation, ALICE, "Are you there?");
    world.entries_when("notice.dropped", 1).await;
    assert_eq!(world.nexmo.texts().len(), 1);
}
