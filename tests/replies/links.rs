use std::time::Duration;

use serde_json::Value;

use crate::support::{ALICE, BEN, NUMBERS, QUIET, World};

const TWO_WEEKS: Duration = Duration::from_secs(14 * 24 * 3_600);

fn only_link(record: &Value) -> Value {
    let links = record["links"].as_array().unwrap();
    assert_eq!(links.len(), 1, "{record:#}");
    links[0].clone()
}

#[tokio::test]
async fn a_reply_on_an_expired_link_is_posted_and_renews_the_link() {
    let mut world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    world.advance_clock(TWO_WEEKS).await;
    assert_eq!(only_link(&world.record(BEN).await)["expired"], true);
    world
        .deliver_reply(&thread.reply("Sorry, I was away"))
        .await;
    assert_eq!(
        world.posted_texts(&thread.conversation, 1).await,
        ["Sorry, I was away"]
    );
    let record = world.record(BEN).await;
    let left = only_link(&record)["expires_at"].as_i64().unwrap() - record["now"].as_i64().unwrap();
    let week = 7 * 24 * 3_600 * 1_000;
    assert!((week - 60_000..=week).contains(&left), "{left} ms are left");
}

#[tokio::test]
async fn replies_to_a_number_that_is_no_longer_configured_are_posted() {
    let mut world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    assert_eq!(thread.number, NUMBERS[0]);
    world
        .redeploy(&[("NEXMO_NUMBERS", &NUMBERS[1..].join(","))])
        .await;
    assert_eq!(only_link(&world.record(BEN).await)["configured"], false);
    world.deliver_reply(&thread.reply("Still here")).await;
    assert_eq!(
        world.posted_texts(&thread.conversation, 1).await,
        ["Still here"]
    );
}

#[tokio::test]
async fn a_reply_to_a_number_without_a_link_is_accepted_and_logged() {
    let mut world = World::without_delay(&[]).await;
    world.new_thread(BEN).await;
    let forgotten = world.new_thread(BEN).await;
    assert_eq!(forgotten.number, NUMBERS[1]);
    world.advance_clock(TWO_WEEKS).await;
    let newest = world.new_thread(BEN).await;
    assert_eq!(newest.number, NUMBERS[0]);
    assert_eq!(
        only_link(&world.record(BEN).await)["conversation_id"],
        newest.conversation.as_str()
    );
    world
        .deliver_reply(&forgotten.reply("What was that about?"))
        .await;
    let entry = world.entries_when("reply.without_link", 1).await.remove(0);
    assert_eq!(entry["phone"], "*********30");
    tokio::time::sleep(QUIET).await;
    assert!(world.layer.posts().is_empty());
}

#[tokio::test]
async fn replies_go_to_the_old_conversation_until_the_new_ones_first_text_is_accepted() {
    let mut world = World::without_delay(&[("NEXMO_NUMBERS", NUMBERS[0])]).await;
    let old = world.new_thread(BEN).await;
    world.advance_clock(TWO_WEEKS).await;
    let busy = standins::Fault::new(
        standins::When::phone(&old.phone),
        standins::What::NexmoStatus(5, "Server Error".to_owned()),
    );
    world.nexmo.traffic().set_faults(vec![busy]);
    let new = world.conversation(&[ALICE, BEN]);
    world.say(&new, ALICE, "A new matter");
    world
        .record_when(BEN, |it| {
            it["notices"]["first"][0]["tries"].as_i64() >= Some(1)
        })
        .await;
    world.deliver_reply(&old.reply("About the old one")).await;
    assert_eq!(
        world.posted_texts(&old.conversation, 1).await,
        ["About the old one"]
    );
    world.nexmo.traffic().clear_faults();
    world.texts(3).await;
    world.waiting(BEN, 0).await;
    world.deliver_reply(&old.reply("About the new one")).await;
    assert_eq!(world.posted_texts(&new, 1).await, ["About the new one"]);
}

#[tokio::test]
async fn a_reply_that_arrives_before_nexmos_response_is_posted() {
    let world = World::without_delay(&[]).await;
    let slow = standins::What::Slow(Duration::from_secs(4));
    let texts = standins::When::path("/sms/json");
    world
        .nexmo
        .traffic()
        .set_faults(vec![standins::Fault::new(texts, slow)]);
    let conversation = world.conversation(&[ALICE, BEN]);
    world.say(&conversation, ALICE, "Are you there?");
    let text = world.texts(1).await.remove(0);
    let reply = standins::Reply::new(&text.phone, &text.number, "Yes, here");
    world.deliver_reply(&reply).await;
    assert_eq!(world.posted_texts(&conversation, 1).await, ["Yes, here"]);
    assert_eq!(world.record(BEN).await["links"][0]["introduced"], false);
}
