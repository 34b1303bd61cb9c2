//! Retries of texts: after which responses, after how long, and what is checked before.

use std::time::Duration;

use standins::{Fault, Recorded, User, What, When};

use crate::support::{ALICE, BEN, BENS_PHONE, World};

/// Nexmo's response when a number sends too fast; it asks for a wait in milliseconds.
fn throttled(wait: u32) -> What {
    let words = format!("Throughput Rate Exceeded - please wait [ {wait} ] and retry");
    What::NexmoStatus(1, words)
}

/// The requests that tried to text a phone.
fn tries(world: &World, phone: &str) -> Vec<Recorded> {
    let to = format!("to={phone}");
    let all = world.nexmo.traffic().requests();
    all.into_iter()
        .filter(|one| one.path == "/sms/json" && one.body.contains(&to))
        .collect()
}

#[tokio::test]
async fn temporary_failures_are_retried_and_the_text_is_sent_once() {
    let world = World::without_delay(&[]).await;
    let faults = [
        What::NexmoStatus(5, "Server Error".to_owned()),
        What::NexmoStatus(10, "Too many binds".to_owned()),
        What::Status(500, String::new()),
        What::Status(503, "<html>".to_owned()),
        What::Status(200, "not JSON".to_owned()),
        What::Reset,
    ];
    let phone = |index: usize| format!("1555030000{index}");
    let mut everybody = vec![ALICE.to_owned()];
    for (index, what) in faults.iter().enumerate() {
        everybody.push(format!("user{index}"));
        world
            .layer
            .create_user(User::new(&everybody[index + 1], "Somebody", &phone(index)));
        world
            .nexmo
            .traffic()
            .add_fault(Fault::new(When::phone(&phone(index)), what.clone()).times(1));
    }
    let everybody: Vec<&str> = everybody.iter().map(String::as_str).collect();
    world.say(&world.conversation(&everybody), ALICE, "Hello");
    world.texts(faults.len()).await;
    for (index, user) in everybody.iter().skip(1).enumerate() {
        let record = world.waiting(user, 0).await;
        assert_eq!(record["failures"].as_array().unwrap().len(), 0);
        let tries = tries(&world, &phone(index));
        assert_eq!(tries.len(), 2, "{:?}", faults[index]);
        let wait = tries[1].at - tries[0].at;
        assert!(
            wait >= Duration::from_millis(450),
            "{:?} was retried after {wait:?}",
            faults[index]
        );
        assert_eq!(world.texts_to(&phone(index)).len(), 1);
    }
}

#[tokio::test]
async fn a_throttled_text_waits_as_long_as_nexmo_asks_without_counting_a_try() {
    let world = World::without_delay(&[]).await;
    world
        .nexmo
        .traffic()
        .add_fault(Fault::new(When::phone(BENS_PHONE), throttled(1_200)).times(2));
    let limited = What::Status(429, String::new());
    world
        .nexmo
        .traffic()
        .add_fault(Fault::new(When::phone(BENS_PHONE), limited).times(1));
    world.say(&world.conversation(&[ALICE, BEN]), ALICE, "Hello");
    let waiting = world.record_when(BEN, |record| {
        record["notices"]["first"][0]["sending"] == false
    });
    assert_eq!(waiting.await["notices"]["first"][0]["tries"], 0);
    world.texts(1).await;
    let tries = tries(&world, BENS_PHONE);
    assert_eq!(tries.len(), 4);
    for (former, next) in tries.iter().zip(&tries[1..]).take(2) {
        assert!(next.at - former.at >= Duration::from_millis(1_200));
    }
    assert_eq!(world.entries_when("notice.sent", 1).await[0]["tries"], "0");
}

#[tokio::test]
async fn each_try_asks_again_whether_the_message_is_unread() {
    let world = World::without_delay(&[]).await;
    world
        .nexmo
        .traffic()
        .add_fault(Fault::new(When::phone(BENS_PHONE), throttled(1_000)).times(1));
    let conversation = world.conversation(&[ALICE, BEN]);
    let sent = world.say(&conversation, ALICE, "Hello");
    world.entries_when("notice.postponed", 1).await;
    world.layer.call_webhooks(false);
    world.layer.mark_read(&sent.message.id, BEN).unwrap();
    assert_eq!(world.dropped(1).await[&conversation], "read");
    assert!(world.nexmo.texts().is_empty());
    let record = world.record(BEN).await;
    assert_eq!(
        record["links"].as_array().unwrap().len(),
        0,
        "its link is released"
    );
}

#[tokio::test]
async fn a_receipt_between_two_tries_ends_the_notice() {
    let world = World::without_delay(&[]).await;
    // The next try is a minute away, so that only the webhook can end the notice.
    let fault = What::NexmoStatus(9, "Quota Exceeded - rejected".to_owned());
    world
        .nexmo
        .traffic()
        .add_fault(Fault::new(When::phone(BENS_PHONE), fault));
    let sent = world.say(&world.conversation(&[ALICE, BEN]), ALICE, "Hello");
    world.entries_when("notice.postponed", 1).await;
    world.layer.mark_read(&sent.message.id, BEN).unwrap();
    let record = world.waiting(BEN, 0).await;
    assert_eq!(
        record["links"].as_array().unwrap().len(),
        0,
        "its link is released"
    );
}

#[tokio::test]
async fn a_message_read_while_its_text_is_prepared_is_not_texted() {
    let world = World::without_delay(&[]).await;
    let slowly = What::Slow(Duration::from_millis(1_500));
    world
        .layer
        .traffic()
        .add_fault(Fault::new(When::path("/users/ben/identity"), slowly));
    let conversation = world.conversation(&[ALICE, BEN]);
    let sent = world.say(&conversation, ALICE, "Hello");
    let asked = |all: &[Recorded]| {
        all.iter()
            .any(|one| one.path.ends_with("/users/ben/identity"))
    };
    world
        .layer
        .traffic()
        .wait_for(crate::support::SOON, asked)
        .await
        .unwrap();
    world.layer.mark_read(&sent.message.id, BEN).unwrap();
    assert_eq!(world.dropped(1).await[&conversation], "read");
    assert!(tries(&world, BENS_PHONE).is_empty());
}

#[tokio::test]
async fn a_lost_response_doubles_the_text_once() {
    let world = World::without_delay(&[]).await;
    let lost = Fault::new(When::phone(BENS_PHONE), What::AcceptThenReset).times(1);
    world.nexmo.traffic().add_fault(lost);
    let conversation = world.conversation(&[ALICE, BEN]);
    world.say(&conversation, ALICE, "Hello");
    world.texts(1).await;
    world.entries_when("notice.sent", 1).await;
    world.say(&conversation, ALICE, "Next");
    world.entries_when("notice.sent", 2).await;
    let texts = world.texts_to(BENS_PHONE);
    assert_eq!(texts, ["Alice: Hello", "Alice: Hello", "Alice: Next"]);
}

/// Slow: the timeout is ten seconds.
#[tokio::test]
async fn slow_a_request_to_nexmo_times_out_after_ten_seconds() {
    let world = World::without_delay(&[]).await;
    let hangs = What::Hang(Duration::from_secs(120));
    world
        .nexmo
        .traffic()
        .add_fault(Fault::new(When::phone(BENS_PHONE), hangs).times(1));
    world.say(&world.conversation(&[ALICE, BEN]), ALICE, "Hello");
    world.texts(1).await;
    let tries = tries(&world, BENS_PHONE);
    let wait = tries[1].at - tries[0].at;
    let expected = Duration::from_millis(10_400)..Duration::from_secs(15);
    assert!(expected.contains(&wait), "retried after {wait:?}");
    let postponed = &world.entries("notice.postponed")[0];
    assert!(
        postponed["why"].as_str().unwrap().contains("in time"),
        "{postponed}"
    );
}
