//! Which states of a message justify a text.

use standins::{Fault, What, When};

use crate::support::{ALICE, BEN, BENS_PHONE, CARA, CARAS_PHONE, World};

#[tokio::test]
async fn only_what_no_device_got_is_texted() {
    let world = World::with(&[("DELAY", "1 second"), ("REPORT_ON_STATUS", "sent")]).await;
    assert_eq!(phones_of_sent_and_delivered(&world).await, [BENS_PHONE]);
}

#[tokio::test]
async fn only_what_a_device_got_is_texted() {
    let settings = [
        ("DELAY", "1 second"),
        ("REPORT_ON_STATUS", "delivered"),
        ("LAYER_API_VERSION", "3.0"),
    ];
    let world = World::with(&settings).await;
    assert_eq!(phones_of_sent_and_delivered(&world).await, [CARAS_PHONE]);
}

#[tokio::test]
async fn the_setting_has_the_original_name_too() {
    let world = World::with(&[
        ("DELAY", "1 second"),
        ("RECIPIENT_STATUS_FILTER", "delivered"),
    ])
    .await;
    assert_eq!(phones_of_sent_and_delivered(&world).await, [CARAS_PHONE]);
}

/// A message stays "sent" with Ben and is delivered to Cara, and Layer itself does not say so.
async fn phones_of_sent_and_delivered(world: &World) -> Vec<String> {
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
async fn by_default_both_are_texted_and_a_delivery_does_not_even_reach_the_record() {
    let world = World::with(&[("DELAY", "200 ms")]).await;
    // Heard of before its message, a delivery would be stored for a record that is new.
    let (message, _) = early_delivery(&world).await;
    assert_eq!(world.record(BEN).await["user_id"], serde_json::Value::Null);
    world.deliver(&message).await;
    world.texts(1).await;
}

#[tokio::test]
async fn a_delivery_that_comes_before_its_message_is_remembered_when_it_matters() {
    let world = World::with(&[("DELAY", "200 ms"), ("REPORT_ON_STATUS", "sent")]).await;
    let silence = What::Status(503, String::new());
    world
        .layer
        .traffic()
        .add_fault(Fault::new(When::path("/messages/"), silence));
    let (message, conversation) = early_delivery(&world).await;
    assert_eq!(world.record(BEN).await["user_id"], BEN);
    world.deliver(&message).await;
    assert_eq!(world.dropped(1).await[&conversation], "not_reported");
    assert!(world.nexmo.texts().is_empty());
}

#[tokio::test]
async fn a_delivery_that_no_webhook_said_is_found_out_when_the_text_is_due() {
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

/// Tells the Worker that a message was delivered which it has not heard of; returns the message's
/// own event, and the conversation.
async fn early_delivery(world: &World) -> (standins::Event, String) {
    world.layer.call_webhooks(false);
    let conversation = world.conversation(&[ALICE, BEN]);
    let sent = world.say(&conversation, ALICE, "Hello");
    let receipt = world.layer.mark_delivered(&sent.message.id, BEN).unwrap();
    world.deliver(&receipt).await;
    (sent.event, conversation)
}
