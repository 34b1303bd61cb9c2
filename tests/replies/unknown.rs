use standins::{NexmoOptions, Reply, Via};

use crate::support::{ALICE, BEN, BENS_PHONE, NUMBERS, SOON, World, seconds_ago};

#[tokio::test]
async fn texts_from_an_unknown_phone_get_503_for_two_minutes() {
    let world = World::without_delay(&[]).await;
    let hello = Reply::new("15550109999", NUMBERS[0], "Hello");
    for (seconds, via, status) in [
        (0, Via::Get, 503),
        (100, Via::Json, 503),
        (125, Via::Get, 200),
        (9_000, Via::Form, 200),
    ] {
        for iso_time in [false, true] {
            let reply = Reply {
                at_ms: Some(seconds_ago(seconds)),
                iso_time,
                ..hello.clone().via(via)
            };
            let inbound = world.nexmo.inbound(&reply).remove(0);
            assert_eq!(
                world.push(&inbound).await,
                status,
                "{seconds} s old by {via:?}"
            );
        }
    }
    let entries = world.entries_when("nexmo_webhook.unknown_phone", 4).await;
    assert_eq!(entries.len(), 4);
    assert_eq!(entries[0]["phone"], "*********99");
    assert!(world.layer.posts().is_empty());
}

#[tokio::test]
async fn a_text_without_a_readable_time_counts_as_old() {
    let world = World::without_delay(&[]).await;
    let mut inbound = world
        .nexmo
        .inbound(&Reply::new(BENS_PHONE, NUMBERS[0], "Hello"))
        .remove(0);
    assert_eq!(
        world
            .push(&inbound.clone().with("message-timestamp", "today"))
            .await,
        200
    );
    inbound
        .params
        .retain(|(name, _)| name != "message-timestamp");
    assert_eq!(world.push(&inbound).await, 200);
    world.entries_when("nexmo_webhook.unknown_phone", 2).await;
}

#[tokio::test]
async fn a_reply_that_arrives_before_its_kv_entry_is_posted_by_nexmos_retry() {
    let world = World::with_options(&[("DELAY", "0")], |_, nexmo: &mut NexmoOptions, _| {
        nexmo.retry_scale = 0.05;
    })
    .await;
    world.reply(BENS_PHONE, NUMBERS[0], "That was quick");
    let tried = |pushes: &[standins::Push]| !pushes[0].attempts.is_empty();
    let pushes = world.nexmo.wait_for_pushes(SOON, tried).await.unwrap();
    assert_eq!(pushes[0].attempts[0].answer.status(), Some(503));
    let conversation = world.conversation(&[ALICE, BEN]);
    world.say(&conversation, ALICE, "Are you there?");
    assert_eq!(
        world.posted_texts(&conversation, 1).await,
        ["That was quick"]
    );
}
