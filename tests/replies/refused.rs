use std::time::Duration;

use serde_json::Value;
use standins::{Fault, What, When};

use crate::support::{BEN, Thread, World};

fn failures(record: &Value) -> &Vec<Value> {
    record["failures"].as_array().unwrap()
}

/// Makes all posts into the thread's conversation fail with this status.
fn fail_posts(world: &World, thread: &Thread, status: u16) {
    let posts = When::path(&thread.conversation).method("POST");
    let body = r#"{"code":104,"id":"missing_property","message":"Never say so"}"#.to_owned();
    world
        .layer
        .traffic()
        .add_fault(Fault::new(posts, What::Status(status, body)));
}

#[tokio::test]
async fn a_reply_refused_for_good_is_kept_as_a_failure_and_not_retried() {
    let settings = [("NEXMO_NUMBERS", "12025550101"), ("SAME_REPLY_LIMIT", "0")];
    let world = World::without_delay(&settings).await;
    let thread = world.new_thread(BEN).await;
    for (count, status) in (1..).zip([400, 404, 406, 410, 422, 403]) {
        world.layer.traffic().clear_faults();
        fail_posts(&world, &thread, status);
        let inbound = world.nexmo.inbound(&thread.reply("Never say so")).remove(0);
        assert_eq!(world.push(&inbound).await, 200);
        let record = world
            .record_when(BEN, |record| failures(record).len() == count)
            .await;
        let failure = &failures(&record)[0];
        assert_eq!(failure["kind"], "reply");
        assert_eq!(failure["message_id"], inbound.param("messageId").unwrap());
        assert_eq!(failure["conversation_id"], thread.conversation.as_str());
        assert_eq!(failure["number"], thread.number.as_str());
        let reason = failure["reason"].as_str().unwrap();
        assert_eq!(reason, format!("HTTP {status}, code 104, missing_property"));
        assert_eq!(record["replies"]["waiting"], 0);
        assert!(!record.to_string().contains("Never say so"));
        assert_eq!(world.layer.traffic().fired(), [1]);
    }
    world.layer.traffic().clear_faults();
    world.deliver_reply(&thread.reply("But this")).await;
    assert_eq!(
        world.posted_texts(&thread.conversation, 1).await,
        ["But this"]
    );
}

#[tokio::test]
async fn a_reply_after_leaving_or_deletion_is_a_failure() {
    let world = World::without_delay(&[]).await;
    let (left, deleted) = (world.new_thread(BEN).await, world.new_thread(BEN).await);
    world.layer.leave(&left.conversation, BEN).unwrap();
    world
        .layer
        .delete_conversation(&deleted.conversation)
        .unwrap();
    world.deliver_reply(&left.reply("One last word")).await;
    world.deliver_reply(&deleted.reply("And another")).await;
    let record = world
        .record_when(BEN, |record| failures(record).len() == 2)
        .await;
    let reason = |thread: &Thread| {
        let of_it = |one: &&Value| one["conversation_id"] == thread.conversation.as_str();
        let failure = failures(&record).iter().find(of_it).unwrap();
        failure["reason"].as_str().unwrap().to_owned()
    };
    assert_eq!(reason(&left), "HTTP 403, code 101, access_denied");
    assert_eq!(reason(&deleted), "HTTP 410, code 103, object_deleted");
}

#[tokio::test]
async fn a_reply_is_given_up_after_a_day() {
    let mut world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    fail_posts(&world, &thread, 503);
    world.deliver_reply(&thread.reply("Tomorrow then")).await;
    let tried =
        |record: &Value, times: i64| record["replies"]["first"][0]["tries"].as_i64() >= Some(times);
    let before = world.record_when(BEN, |record| tried(record, 1)).await;
    world
        .advance_clock(Duration::from_secs(23 * 3_600 + 1_800))
        .await;
    let times = before["replies"]["first"][0]["tries"].as_i64().unwrap() + 1;
    world.record_when(BEN, |record| tried(record, times)).await;
    world.advance_clock(Duration::from_secs(1_800)).await;
    let record = world
        .record_when(BEN, |record| failures(record).len() == 1)
        .await;
    assert_eq!(record["replies"]["waiting"], 0);
}
