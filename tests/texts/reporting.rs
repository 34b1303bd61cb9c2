//! Which message states justify a text.

use standins::{Fault, What, When};

use crate::support::{ALICE, BEN, BENS_PHONE, CARA, CARAS_PHONE, World};

#[tokio::test]
async fn with_sent_only_undelivered_messages_are_texted() {
    let world = World::with(&[("DELAY", "1 second"), ("REPORT_ON_STATUS", "sent")]).await;
    assert_eq!(phones_texted(&world).await, [BENS_PHONE]);
}

#[tokio::test]
async fn with_delivered_only_delivered_messages_are_texted() {
    let settings = [
        ("DELAY", "1 second"),
        ("REPORT_ON_STATUS", "delivered"),
        ("LAYER_API_VERSION", "3.0"),
    ];
    let world = World::with(&settings).await;
    assert_eq!(phones_texted(&world).await, [CARAS_PHONE]);
}

#[tokio::test]
async fn the_original_name_of_the_setting_works() {
    let world = World::with(&[
        ("DELAY", "1 second"),
        ("RECIPIENT_STATUS_FILTER", "delivered"),
    ])
    .await;
    assert_eq!(phones_texted(&world).await, [CARAS_PHONE]);
}

/// Who is texted about a message that is "sent" for Ben and "delivered" for Cara. Layer does not answer, so that only
/// the webhooks count.
async fn phones_texted(world: &World) -> Vec<String> {
    let silence = What::Status(503, String::new());
    world
        .layer
        .traffic()
        .add_fault(Fault::new(When::path("/messages/"), silence));
    let conversation = world.conversation(&[ALICE, BEN, CARA]);
    let sent = world.say(&conversation, ALICE, "Hello");
    world.layer.mark_delivered(&sent.message.id, CARA).unwrap();
    world.texts(1).await;
    assert_eq!(world.dropped(1).await[&conversation], "not_reported");
    world
        .nexmo
        .texts()
        .into_iter()
        .map(|text| text.phone)
        .collect()
}

#[tokio::test]
async fn by_default_both_are_texted_and_delivered_receipts_are_ignored() {
    let world = World::with(&[("DELAY", "200 ms")]).await;
    // A receipt that matters would create a record, even before its message.
    let early = deliver_receipt_before_message(&world).await;
    assert_eq!(world.record(BEN).await["user_id"], serde_json::Value::Null);
    world.deliver_event(&early.message).await;
    world.texts(1).await;
}

#[tokio::test]
async fn with_sent_a_delivered_receipt_before_its_message_counts() {
    let world = World::with(&[("DELAY", "200 ms"), ("REPORT_ON_STATUS", "sent")]).await;
    let silence = What::Status(503, String::new());
    world
        .layer
        .traffic()
        .add_fault(Fault::new(When::path("/messages/"), silence));
    let early = deliver_receipt_before_message(&world).await;
    assert_eq!(world.record(BEN).await["user_id"], BEN);
    world.deliver_event(&early.message).await;
    assert_eq!(world.dropped(1).await[&early.conversation], "not_reported");
    assert!(world.nexmo.texts().is_empty());
}

#[tokio::test]
async fn a_lost_delivered_receipt_is_detected_when_the_text_is_due() {
    let world = World::with(&[("DELAY", "1 second"), ("REPORT_ON_STATUS", "sent")]).await;
    let conversation = world.conversation(&[ALICE, BEN, CARA]);
    let sent = world.say(&conversation, ALICE, "Hello");
    world.layer.call_webhooks(false);
    world.layer.mark_delivered(&sent.message.id, CARA).unwrap();
    world.texts(1).await;
    assert_eq!(world.dropped(1).await[&conversation], "not_reported");
    assert_eq!(world.texts_to(BENS_PHONE).len(), 1);
    assert_eq!(world.nexmo.texts().len(), 1);
}

/// A message whose receipt was sent to the Worker before its own event.
struct EarlyReceipt {
    message: standins::Event,
    conversation: String,
}

/// Sends the `delivered` receipt of a message that the Worker does not know.
async fn deliver_receipt_before_message(world: &World) -> EarlyReceipt {
    world.layer.call_webhooks(false);
    let conversation = world.conversation(&[ALICE, BEN]);
    let sent = world.say(&conversation, ALICE, "Hello");
    let receipt = world.layer.mark_delivered(&sent.message.id, BEN).unwrap();
    world.deliver_event(&receipt).await;
    EarlyReceipt {
        message: sent.event,
        conversation,
    }
}
