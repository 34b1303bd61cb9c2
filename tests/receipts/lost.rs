//! Receipts of texts that Nexmo took although its response was lost.

use std::time::Duration;

use serde_json::Value;
use standins::{Fault, Text, What, When};

use crate::{
    receiving::{Next, said},
    support::{ALICE, BEN, BENS_PHONE, Thread, World},
};

/// Texts Ben while Nexmo's response is lost, and responds to nothing afterwards, so that there is no second try.
async fn lose_the_response(world: &World, how: What) -> (Thread, Text) {
    let lost = Fault::new(When::phone(BENS_PHONE), how).times(1);
    let down = Fault::new(When::path("/account/get-balance"), What::Reset);
    world.nexmo.traffic().set_faults(vec![lost, down]);
    let conversation = world.conversation(&[ALICE, BEN]);
    world.say(&conversation, ALICE, "Hello");
    let text = world.texts(1).await.remove(0);
    world.entries_when("notice.postponed", 1).await;
    // With `failures`, KV is to know that the text's receipts matter.
    world
        .record_when(BEN, |record: &Value| record["replies"]["waiting"] == 0)
        .await;
    let thread = Thread {
        conversation,
        number: text.number.clone(),
        phone: text.phone.clone(),
    };
    (thread, text)
}

/// Ben's notice has ended as texted, and he gets the next message as a text, but no second one about the first.
async fn ends_as_texted(world: &World, thread: &Thread) {
    let record = world.waiting(BEN, 0).await;
    assert_eq!(record["links"][0]["introduced"], true);
    assert_eq!(record["failures"], Value::Array(Vec::new()));
    world.nexmo.traffic().clear_faults();
    assert_eq!(world.next(thread, BEN).await, Next::Texted);
    assert_eq!(
        world.texts_to(BENS_PHONE),
        ["Alice: Hello", "Alice: And now?"]
    );
}

#[tokio::test]
async fn any_receipt_ends_the_notice_as_texted() {
    for kept in ["failures", "all"] {
        for (status, code) in [("accepted", "0"), ("delivered", "0"), ("failed", "8")] {
            let world = World::without_delay(&[("DELIVERY_RECEIPTS", kept)]).await;
            let (thread, text) = lose_the_response(&world, What::AcceptThenReset).await;
            world.waiting(BEN, 1).await;
            let receipt = world.nexmo.receipt(&text, 0, status, code);
            world.receive(&text, &receipt).await;
            ends_as_texted(&world, &thread).await;
        }
    }
}

#[tokio::test]
async fn slow_a_receipt_after_a_timeout_ends_the_notice_as_texted() {
    let world = World::without_delay(&[]).await;
    let late = What::Slow(Duration::from_secs(12));
    let (thread, text) = lose_the_response(&world, late).await;
    let receipt = world.nexmo.receipt(&text, 0, "delivered", "0");
    world.receive(&text, &receipt).await;
    ends_as_texted(&world, &thread).await;
}

#[tokio::test]
async fn a_receipt_takes_back_that_a_text_was_given_up_as_perhaps_sent() {
    let world = World::without_delay(&[]).await;
    let unreadable = What::AcceptThenStatus(200, "[]".to_owned());
    let fault = Fault::new(When::phone(BENS_PHONE), unreadable);
    world.nexmo.traffic().add_fault(fault);
    world.say(&world.conversation(&[ALICE, BEN]), ALICE, "Hello");
    world.entries_when("notice.perhaps_sent", 1).await;
    let is_idle = |record: &Value| record["replies"]["waiting"] == 0;
    let record = world.record_when(BEN, is_idle).await;
    assert_eq!(record["failures"][0]["kind"], "text");
    let text = world.last_text(BENS_PHONE);
    let receipt = world.nexmo.receipt(&text, 0, "delivered", "0");
    world.receive(&text, &receipt).await;
    let record = world.record(BEN).await;
    assert_eq!(record["failures"], Value::Array(Vec::new()));
    assert_eq!(record["links"][0]["introduced"], true);
}

#[tokio::test]
async fn a_late_receipt_of_the_first_of_two_tries_is_kept_too() {
    let world = World::without_delay(&[]).await;
    let lost = Fault::new(When::phone(BENS_PHONE), What::AcceptThenReset).times(1);
    world.nexmo.traffic().add_fault(lost);
    world.say(&world.conversation(&[ALICE, BEN]), ALICE, "Hello");
    let texts = world.texts(2).await;
    world.waiting(BEN, 0).await;
    assert_ne!(texts[0].client_ref, texts[1].client_ref);
    world.receive_failure(&texts[0], 8).await;
    assert_eq!(world.verdict().await, said("undelivered_passing", 8));
    assert_eq!(world.nexmo.texts().len(), 2);
}
