//! Texts and crashes of the machine.

use std::time::Duration;

use standins::{Fault, What, When};

use crate::support::{self, ALICE, BEN, BENS_PHONE, CARA, CARAS_PHONE, World};

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

/// Nexmo takes the next text to Ben and loses the next one to Cara. Neither gets an answer.
fn leave_two_without_an_answer(world: &World) {
    let minutes = Duration::from_secs(300);
    for (phone, what) in [
        (BENS_PHONE, What::Slow(minutes)),
        (CARAS_PHONE, What::Hang(minutes)),
    ] {
        let fault = Fault::new(When::phone(phone), what);
        world.nexmo.traffic().add_fault(fault.times(1));
    }
}

/// Kills the Worker while two texts wait for an answer, and starts it again.
async fn crash_while_sending_two(world: &mut World) {
    leave_two_without_an_answer(world);
    let conversation = world.conversation(&[ALICE, BEN, CARA]);
    world.say(&conversation, ALICE, "Hello");
    let both =
        |all: &[standins::Recorded]| all.iter().filter(|one| one.path == "/sms/json").count() == 2;
    let sent = world.nexmo.traffic().wait_for(support::SOON, both);
    sent.await.unwrap();
    world.texts(1).await;
    world.webhooks_delivered().await;
    world.worker.kill_9();
    world.worker.restart().await;
}

/// Waits until both are tried again, when their leases of 45 seconds have ended.
async fn both_are_texted_again(world: &World) {
    let all = |texts: &[standins::Text]| texts.len() >= 3;
    let texted = world.nexmo.wait_for(Duration::from_secs(70), all);
    texted.await.unwrap();
    for user in [BEN, CARA] {
        world.waiting(user, 0).await;
    }
    let texts = [BENS_PHONE, CARAS_PHONE].map(|phone| world.texts_to(phone).len());
    assert_eq!(texts, [2, 1]);
    assert_eq!(world.entries("notice.interrupted").len(), 2);
}

#[tokio::test]
async fn slow_a_crash_while_sending_may_double_a_text_but_loses_none() {
    let mut world = World::without_delay(&[]).await;
    crash_while_sending_two(&mut world).await;
    assert_eq!(
        world.record(BEN).await["notices"]["first"][0]["sending"],
        true
    );
    both_are_texted_again(&world).await;
}

#[tokio::test]
async fn slow_an_alarm_whose_texts_were_interrupted_by_a_crash_rings_again_by_itself() {
    let mut world = World::with(&[("DELAY", "2 seconds")]).await;
    crash_while_sending_two(&mut world).await;
    both_are_texted_again(&world).await;
}

#[tokio::test]
async fn a_text_that_gets_no_answer_holds_up_none_of_another_conversation() {
    let world = World::with(&[("DELAY", "2 seconds")]).await;
    let slow = What::Slow(Duration::from_secs(9));
    let fault = Fault::new(When::phone(BENS_PHONE), slow);
    world.nexmo.traffic().add_fault(fault.times(1));
    let conversations = [
        world.conversation(&[ALICE, BEN]),
        world.conversation(&[ALICE, BEN]),
    ];
    world.say(&conversations[0], ALICE, "One");
    world.texts(1).await;
    let sent = world.say(&conversations[1], ALICE, "Two");
    let texts = world.texts(2).await;
    assert!(
        world.entries("notice.sent").len() < 2,
        "the first has no answer yet"
    );
    assert_eq!(texts[1].text, "Alice: Two");
    let late = texts[1].at_ms - sent.message.sent_at - 2_000;
    assert!((0..4_000).contains(&late), "{late} ms late");
}
