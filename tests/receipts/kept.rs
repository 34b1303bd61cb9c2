//! Which receipts are kept, and in which form they may come.

use standins::Via;

use crate::{
    receiving::{Next, said},
    support::{BEN, World},
};

const WAYS: [Via; 4] = [Via::Get, Via::Form, Via::Json, Via::BareJson];

/// How many rows Ben's record has read; it reads some to say so.
async fn rows_read(world: &World) -> u64 {
    let record = world.record(BEN).await;
    record["cost_of_this_instance"]["rows_read"]
        .as_u64()
        .unwrap()
}

#[tokio::test]
async fn a_failure_is_kept_whether_it_comes_by_get_as_a_form_or_as_json() {
    for via in WAYS {
        let world = World::without_delay(&[]).await;
        let (_, text) = world.texted(BEN).await;
        let receipt = world.nexmo.receipt(&text, 0, "failed", "8").via(via);
        world.receive(&text, &receipt).await;
        let record = world.record(BEN).await;
        let last = &record["links"][0]["last_verdict"];
        assert_eq!(last["verdict"], "undelivered_passing", "{via:?}");
        assert_eq!(last["code"], 8);
        let sent_at = last["sent_at"].as_i64().unwrap();
        assert!((0..=1_000).contains(&(text.at_ms - sent_at)), "{last}");
    }
}

#[tokio::test]
async fn if_only_failures_are_kept_good_news_wake_no_record() {
    let world = World::without_delay(&[]).await;
    let (_, text) = world.texted(BEN).await;
    let mut last = rows_read(&world).await;
    let mut looks = Vec::new();
    for statuses in [
        &[][..],
        &["accepted", "buffered", "unknown", "delivered"],
        &["failed"],
    ] {
        for status in statuses {
            let receipt = world.nexmo.receipt(&text, 0, status, "0");
            world.receive(&text, &receipt).await;
        }
        let now = rows_read(&world).await;
        looks.push(now - last);
        last = now;
    }
    assert_eq!(looks[0], looks[1], "good news");
    assert!(looks[2] > looks[1], "a failure");
    let ignored = world.entries_when("nexmo_webhook.ignored", 4).await;
    let why = "a delivery receipt that does not matter";
    assert!(ignored.iter().all(|one| one["why"] == why));
}

#[tokio::test]
async fn if_all_are_kept_a_delivery_is_shown() {
    let world = World::without_delay(&[("DELIVERY_RECEIPTS", "all")]).await;
    let (thread, text) = world.texted(BEN).await;
    for (status, verdict) in [
        ("accepted", (None, None)),
        ("delivered", said("delivered", None)),
    ] {
        let receipt = world.nexmo.receipt(&text, 0, status, "0");
        world.receive(&text, &receipt).await;
        assert_eq!(world.verdict().await, verdict);
    }
    assert_eq!(world.next(&thread, BEN).await, Next::Texted);
}

#[tokio::test]
async fn after_receipts_are_switched_off_those_of_earlier_texts_change_nothing() {
    let mut world = World::without_delay(&[]).await;
    let (thread, text) = world.texted(BEN).await;
    world.redeploy(&[("DELIVERY_RECEIPTS", "off")]).await;
    world.receive_failure(&text, 3).await;
    assert_eq!(world.verdict().await, (None, None));
    assert_eq!(world.next(&thread, BEN).await, Next::Texted);
}
