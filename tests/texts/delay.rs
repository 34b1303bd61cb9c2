//! How long a message waits, what ends the wait, and which state is used if Layer does not answer.

use std::time::Duration;

use futures_util::future::join_all;
use standins::{Fault, What, When};

use crate::support::{ALICE, BEN, BENS_PHONE, CARA, NUMBERS, QUIET, World};

#[tokio::test]
async fn an_unread_message_is_texted_after_the_delay() {
    let world = World::with(&[]).await;
    let conversation = world.conversation(&[ALICE, BEN]);
    let sent = world.say(&conversation, ALICE, "Are you coming?");
    let texts = world.texts(1).await;
    assert_eq!(texts[0].phone, BENS_PHONE);
    assert_eq!(texts[0].number, NUMBERS[0]);
    assert_eq!(texts[0].text, "Alice: Are you coming?");
    let waited = texts[0].at_ms - sent.message.sent_at;
    assert!((1_000..5_000).contains(&waited), "texted after {waited} ms");
    world.waiting(BEN, 0).await;
}

#[tokio::test]
async fn later_messages_do_not_postpone_the_alarm() {
    let world = World::with(&[("DELAY", "1 hour")]).await;
    let mut alarms = Vec::new();
    for _ in 0..2 {
        let sent = world.say(&world.conversation(&[ALICE, BEN]), ALICE, "Hello");
        let record = world.waiting(BEN, 1).await;
        alarms.push(record["alarm"].as_i64().unwrap());
        world.layer.mark_read(&sent.message.id, BEN).unwrap();
        world.waiting(BEN, 0).await;
        // More than an alarm may be late.
        tokio::time::sleep(Duration::from_millis(400)).await;
    }
    assert_eq!(alarms[0], alarms[1]);
}

#[tokio::test]
async fn a_message_read_before_it_is_due_is_not_texted() {
    let world = World::with(&[]).await;
    let conversation = world.conversation(&[ALICE, BEN]);
    let sent = world.say(&conversation, ALICE, "Are you coming?");
    world.waiting(BEN, 1).await;
    world.layer.mark_read(&sent.message.id, BEN).unwrap();
    world.waiting(BEN, 0).await;
    tokio::time::sleep(QUIET).await;
    assert!(world.nexmo.texts().is_empty());
}

#[tokio::test]
async fn in_1_0_a_receipt_before_its_message_counts() {
    assert_early_receipt_counts("1.0").await;
}

#[tokio::test]
async fn in_2_0_a_receipt_before_its_messages_counts() {
    assert_early_receipt_counts("2.0").await;
}

async fn assert_early_receipt_counts(version: &str) {
    let world = World::with(&[("DELAY", "200 ms"), ("LAYER_API_VERSION", version)]).await;
    // Layer does not answer, so that only the webhooks count.
    world.layer.traffic().add_fault(messages_fail());
    world.layer.call_webhooks(false);
    let conversation = world.conversation(&[ALICE, BEN]);
    let messages = ["One", "Two"].map(|text| world.say(&conversation, ALICE, text));
    let before = world.layer.events().len();
    let range = world.layer.mark_all_read(&conversation, BEN).unwrap();
    let receipts = match world.hook().version.has_identities() {
        true => vec![range],
        // The first event is the receipt for the range.
        false => world.layer.events().split_off(before + 1),
    };
    assert_eq!(receipts.len(), if version == "1.0" { 2 } else { 1 });
    for receipt in &receipts {
        world.deliver_event(receipt).await;
    }
    for sent in &messages {
        world.deliver_event(&sent.event).await;
    }
    assert_eq!(world.record(BEN).await["notices"]["waiting"], 0);

    let unread = world.say(&conversation, ALICE, "Unread");
    world.deliver_event(&unread.event).await;
    assert_eq!(world.texts(1).await[0].text, "Alice: Unread");
    assert_eq!(world.nexmo.texts().len(), 1);
}

#[tokio::test]
async fn receipts_never_move_a_message_back() {
    let world = World::with(&[("DELAY", "500 ms"), ("REPORT_ON_STATUS", "sent")]).await;
    world.layer.traffic().add_fault(messages_fail());
    world.layer.call_webhooks(false);
    let conversation = world.conversation(&[ALICE, BEN]);
    let sent = world.say(&conversation, ALICE, "Delivered");
    let delivered = world.layer.mark_delivered(&sent.message.id, BEN).unwrap();
    world.deliver_event(&delivered).await;
    // Its state "sent" is behind the known one.
    world.deliver_event(&sent.event).await;
    assert_eq!(world.dropped(1).await[&conversation], "not_reported");
    assert!(world.nexmo.texts().is_empty());
}

#[tokio::test]
async fn a_message_is_texted_once_however_often_its_webhook_arrives() {
    let world = World::with(&[("DELAY", "500 ms")]).await;
    world.layer.call_webhooks(false);
    let texted = world.conversation(&[ALICE, BEN]);
    let sent = world.say(&texted, ALICE, "One");
    join_all((0..10).map(|_| world.deliver_event(&sent.event))).await;
    world.deliver_event(&sent.event).await;
    assert_eq!(world.record(BEN).await["notices"]["waiting"], 1);
    world.texts(1).await;
    world.waiting(BEN, 0).await;
    world.deliver_event(&sent.event).await;
    assert_eq!(world.record(BEN).await["notices"]["waiting"], 0);

    let next = world.say(&texted, ALICE, "Two");
    world.deliver_event(&next.event).await;
    let texts: Vec<_> = world
        .texts(2)
        .await
        .into_iter()
        .map(|text| text.text)
        .collect();
    assert_eq!(texts, ["Alice: One", "Alice: Two"]);
}

#[tokio::test]
async fn an_ended_notice_stays_ended_when_its_events_are_repeated() {
    let world = World::with(&[("DELAY", "1 hour")]).await;
    world.layer.call_webhooks(false);
    let [read, deleted, over] = [(); 3].map(|()| world.conversation(&[ALICE, BEN]));
    let messages = [&read, &deleted, &over].map(|id| world.say(id, ALICE, "Hello"));
    for sent in &messages {
        world.deliver_event(&sent.event).await;
    }
    assert_eq!(world.record(BEN).await["notices"]["waiting"], 3);
    let ends = [
        world.layer.mark_read(&messages[0].message.id, BEN).unwrap(),
        world.layer.delete_message(&messages[1].message.id).unwrap(),
        world.layer.delete_conversation(&over).unwrap(),
    ];
    for event in ends.iter().chain(&ends) {
        world.deliver_event(event).await;
    }
    assert_eq!(world.record(BEN).await["notices"]["waiting"], 0);
    for sent in &messages {
        world.deliver_event(&sent.event).await;
    }
    assert_eq!(world.record(BEN).await["notices"]["waiting"], 0);
    assert_eq!(world.entries("notice.dropped").len(), 3);
}

#[tokio::test]
async fn without_an_answer_from_layer_the_state_from_its_webhooks_is_used() {
    let world = World::with(&[("DELAY", "200 ms")]).await;
    let people = [BEN, BEN, BEN, CARA, CARA, CARA];
    let conversations = people.map(|user| world.conversation(&[ALICE, user]));
    let faults = [
        What::Status(500, String::new()),
        What::Status(401, String::new()),
        What::Status(200, "not JSON".to_owned()),
        What::Status(200, r#"{"recipient_status":null}"#.to_owned()),
        What::Reset,
        What::Hang(Duration::from_secs(60)),
    ];
    for (conversation, what) in conversations.iter().zip(faults) {
        let messages = format!("{conversation}/messages");
        world
            .layer
            .traffic()
            .add_fault(Fault::new(When::path(&messages), what));
    }
    let sent = conversations
        .each_ref()
        .map(|id| world.say(id, ALICE, "Hello"));
    let texts = world.texts(6).await;
    let slowest = texts.iter().map(|text| text.at_ms).max().unwrap() - sent[5].message.sent_at;
    assert!(
        (3_000..9_000).contains(&slowest),
        "Layer is given three seconds, not {slowest} ms"
    );
    assert!(world.layer.traffic().fired().iter().all(|fired| *fired > 0));
}

/// Makes requests for messages fail.
fn messages_fail() -> Fault {
    Fault::new(
        When::path("/messages/").method("GET"),
        What::Status(503, String::new()),
    )
}
