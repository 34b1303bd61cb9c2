//! The order of texts in a conversation.

use std::time::Duration;

use serde_json::Value;
use standins::{Fault, Sent, What, When};

use crate::support::{ALICE, BEN, BENS_PHONE, World};

#[tokio::test]
async fn a_message_waits_for_earlier_ones_of_its_conversation_only() {
    let world = World::without_delay(&[]).await;
    let [busy, other] = [world.new_thread(BEN).await, world.new_thread(BEN).await];
    let words = "Throughput Rate Exceeded - please wait [ 1500 ] and retry".to_owned();
    let throttled = Fault::new(When::number(&busy.number), What::NexmoStatus(1, words)).times(1);
    world.nexmo.traffic().add_fault(throttled);
    world.say(&busy.conversation, ALICE, "One");
    world.entries_when("notice.postponed", 1).await;
    world.say(&busy.conversation, ALICE, "Two");
    world.say(&busy.conversation, ALICE, "Three");
    let record = world.waiting(BEN, 3).await;
    let notices = record["notices"]["first"].as_array().unwrap();
    let waiting = notices
        .iter()
        .filter(|one| one["behind_another"] == true)
        .count();
    assert_eq!(waiting, 2, "though due earlier: {record:#}");
    world.say(&other.conversation, ALICE, "Meanwhile");
    world.texts(6).await;
    let texts = world.texts_to(BENS_PHONE);
    assert_eq!(
        texts[2..],
        [
            "Alice: Meanwhile",
            "Alice: One",
            "Alice: Two",
            "Alice: Three"
        ]
    );
}

#[tokio::test]
async fn a_hanging_text_does_not_delay_other_conversations() {
    let world = World::with(&[("DELAY", "500 ms")]).await;
    let [stuck, other] = [world.new_thread(BEN).await, world.new_thread(BEN).await];
    let hangs = What::Hang(Duration::from_secs(120));
    world
        .nexmo
        .traffic()
        .add_fault(Fault::new(When::number(&stuck.number), hangs));
    world.say(&stuck.conversation, ALICE, "Stuck");
    let sending = |record: &Value| record["notices"]["first"][0]["sending"] == true;
    world.record_when(BEN, sending).await;
    let said = world.say(&other.conversation, ALICE, "Meanwhile");
    let texts = world.texts(3).await;
    assert_eq!(texts[2].text, "Alice: Meanwhile");
    let waited = texts[2].at_ms - said.message.sent_at;
    assert!(waited < 5_000, "texted after {waited} ms");
    assert_eq!(
        world.record(BEN).await["notices"]["first"][0]["sending"],
        true
    );
}

#[tokio::test]
async fn after_a_text_fails_for_good_the_next_one_is_sent() {
    let world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    let words = "Throughput Rate Exceeded - please wait [ 1000 ] and retry".to_owned();
    let to_ben = || When::phone(BENS_PHONE);
    world.nexmo.traffic().set_faults(vec![
        Fault::new(to_ben(), What::NexmoStatus(1, words)).times(1),
        Fault::new(to_ben(), What::NexmoStatus(6, "Invalid".to_owned())).times(1),
    ]);
    world.say(&thread.conversation, ALICE, "Fails");
    world.entries_when("notice.postponed", 1).await;
    world.say(&thread.conversation, ALICE, "Next");
    assert_eq!(world.texts(2).await[1].text, "Alice: Next");
    assert_eq!(
        world.record(BEN).await["failures"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn in_3_0_texts_are_sent_in_order_of_position() {
    let world = World::with(&[("DELAY", "1500 ms"), ("LAYER_API_VERSION", "3.0")]).await;
    let messages = messages_without_webhooks(&world, 3).await;
    deliver_in_order(&world, &messages, [2, 0, 1]).await;
    world.texts(3).await;
    assert_eq!(
        world.texts_to(BENS_PHONE),
        ["Alice: 0", "Alice: 1", "Alice: 2"]
    );
}

#[tokio::test]
async fn in_1_0_texts_are_sent_in_order_of_sent_at() {
    let world = World::with(&[("DELAY", "1500 ms")]).await;
    let messages = messages_without_webhooks(&world, 3).await;
    deliver_in_order(&world, &messages, [2, 0, 1]).await;
    world.texts(3).await;
    assert_eq!(
        world.texts_to(BENS_PHONE),
        ["Alice: 0", "Alice: 1", "Alice: 2"]
    );
}

/// Writes messages, some milliseconds apart, without sending their webhooks.
async fn messages_without_webhooks(world: &World, count: usize) -> Vec<Sent> {
    world.layer.call_webhooks(false);
    let conversation = world.conversation(&[ALICE, BEN]);
    let mut messages: Vec<Sent> = Vec::new();
    while messages.len() < count {
        messages.push(world.say(&conversation, ALICE, &messages.len().to_string()));
        // Their timestamps have a resolution of milliseconds.
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    messages
}

/// Sends the webhooks of the messages in this order.
async fn deliver_in_order(world: &World, messages: &[Sent], order: [usize; 3]) {
    for index in order {
        world.deliver_event(&messages[index].event).await;
    }
}
