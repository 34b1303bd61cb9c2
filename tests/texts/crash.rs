//! Texts and crashes of the machine.

use std::time::Duration;

use standins::{Fault, What, When};

use crate::support::{ALICE, BEN, BENS_PHONE, CARA, CARAS_PHONE, World};

#[tokio::test]
async fn waiting_notices_survive_a_crash_and_are_texted_once_when_due() {
    let mut world = World::with(&[("DELAY", "5 seconds")]).await;
    let conversation = world.conversation(&[ALICE, BEN, CARA]);
    let sent = world.say(&conversation, ALICE, "Hello");
    world.webhooks_delivered().await;
    assert_eq!(world.record(BEN).await["notices"]["waiting"], 1);
    world.worker.kill_9();
    world.worker.restart().await;
    let texts = world.texts(2).await;
    let waited = texts
        .iter()
        .map(|text| text.at_ms - sent.message.sent_at)
        .min()
        .unwrap();
    assert!(waited >= 5_000, "texted after {waited} ms");
    for user in [BEN, CARA] {
        world.waiting(user, 0).await;
    }
    assert_eq!(
        (
            world.texts_to(BENS_PHONE).len(),
            world.texts_to(CARAS_PHONE).len()
        ),
        (1, 1)
    );
}

#[tokio::test]
async fn notices_that_became_due_while_the_worker_was_down_are_texted_after_the_restart() {
    let mut world = World::with(&[("DELAY", "1 second"), ("INTRODUCE_CONVERSATION", "New")]).await;
    let conversation = world.conversation(&[ALICE, BEN]);
    for text in ["One", "Two"] {
        world.say(&conversation, ALICE, text);
    }
    world.webhooks_delivered().await;
    world.worker.kill_9();
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    assert!(world.nexmo.texts().is_empty());
    world.worker.restart().await;
    world.texts(2).await;
    world.waiting(BEN, 0).await;

    // Links and the ids of texted messages survive another crash.
    world.worker.kill_9();
    world.worker.restart().await;
    let again = world
        .layer
        .events()
        .into_iter()
        .filter(|event| event.kind(world.hook().version) == "message.sent");
    for event in again.collect::<Vec<_>>() {
        world.deliver_event(&event).await;
    }
    world.say(&conversation, ALICE, "Three");
    world.texts(3).await;
    assert_eq!(
        world.texts_to(BENS_PHONE),
        ["New\n\nAlice: One", "Alice: Two", "Alice: Three"]
    );
    let numbers: std::collections::BTreeSet<_> = world
        .nexmo
        .texts()
        .into_iter()
        .map(|text| text.number)
        .collect();
    assert_eq!(numbers.len(), 1);
}

/// Slow: the lease of a claim is 45 seconds.
#[tokio::test]
async fn slow_a_crash_while_sending_may_double_a_text_but_loses_none() {
    let mut world = World::without_delay(&[]).await;
    let accepted = What::Slow(Duration::from_secs(300));
    let lost = What::Hang(Duration::from_secs(300));
    world
        .nexmo
        .traffic()
        .add_fault(Fault::new(When::phone(BENS_PHONE), accepted).times(1));
    world
        .nexmo
        .traffic()
        .add_fault(Fault::new(When::phone(CARAS_PHONE), lost).times(1));
    let conversation = world.conversation(&[ALICE, BEN, CARA]);
    world.say(&conversation, ALICE, "Hello");
    let both =
        |all: &[standins::Recorded]| all.iter().filter(|one| one.path == "/sms/json").count() == 2;
    world
        .nexmo
        .traffic()
        .wait_for(Duration::from_secs(20), both)
        .await
        .unwrap();
    world.texts(1).await;
    world.webhooks_delivered().await;
    world.worker.kill_9();
    world.worker.restart().await;
    assert_eq!(
        world.record(BEN).await["notices"]["first"][0]["sending"],
        true
    );
    let all = |texts: &[standins::Text]| texts.len() >= 3;
    world
        .nexmo
        .wait_for(Duration::from_secs(70), all)
        .await
        .unwrap();
    for user in [BEN, CARA] {
        world.waiting(user, 0).await;
    }
    assert_eq!(
        (
            world.texts_to(BENS_PHONE).len(),
            world.texts_to(CARAS_PHONE).len()
        ),
        (2, 1)
    );
    assert_eq!(world.entries("notice.interrupted").len(), 2);
}
