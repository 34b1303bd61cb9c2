//! What is remembered of messages, receipts and texts.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    support::path_segment,
    upgraded::{Upgraded, at_once},
};

/// How many messages and replies wait, and how many parts, by user.
async fn waiting(world: &Upgraded) -> BTreeMap<String, [Value; 3]> {
    let mut all = BTreeMap::new();
    for user in world.fixture.records.keys() {
        let record = world.record(&path_segment(user)).await;
        let counts = [
            record["notices"]["waiting"].clone(),
            record["replies"]["waiting"].clone(),
            record["parts_waiting"].clone(),
        ];
        all.insert(user.clone(), counts);
    }
    all
}

#[tokio::test]
async fn webhooks_that_are_delivered_again_cause_nothing() {
    let world = at_once().await;
    assert!(world.fixture.webhooks.len() > 20 && world.fixture.inbound.len() > 10);
    let before = waiting(&world).await;
    world.deliver_everything_again().await;
    assert_eq!(waiting(&world).await, before);
    assert!(world.nexmo.texts().is_empty());
    let posts = world.layer.posts();
    assert!(posts.is_empty(), "{posts:?}");
}

#[tokio::test]
async fn a_message_of_which_only_the_receipt_had_come_causes_no_text() {
    let world = at_once().await;
    for (name, body) in &world.fixture.late_webhooks {
        assert_eq!(world.webhook(body).await.status(), 200);
        let record = world.record("tom").await;
        assert_eq!(record["notices"]["waiting"], 0, "{name}");
    }
}
