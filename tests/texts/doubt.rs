//! Texts that Nexmo may have taken without our knowing.

use std::time::Duration;

use standins::{Fault, What, When};

use crate::support::{ALICE, BEN, BENS_PHONE, World};

/// The number of requests to send a text.
fn tries(world: &World) -> usize {
    world.nexmo.traffic().count("/sms/json")
}

#[tokio::test]
async fn a_text_whose_response_is_never_readable_is_sent_three_times_at_most() {
    for body in [
        "<mt-submission-response/>",
        r#"{"message-count":"1","messages":[{}]}"#,
        "[]",
    ] {
        let world = World::without_delay(&[]).await;
        let unreadable = What::AcceptThenStatus(200, body.to_owned());
        let texts = When::path("/sms/json");
        world
            .nexmo
            .traffic()
            .add_fault(Fault::new(texts, unreadable));
        world.say(&world.conversation(&[ALICE, BEN]), ALICE, "Hello");
        let given_up = world.entries_when("notice.perhaps_sent", 1).await;
        assert_eq!(given_up[0]["level"], "error");
        assert_eq!(tries(&world), 3, "{body}");
        assert_eq!(world.nexmo.traffic().count("/account/get-balance"), 2);
        let record = world.record(BEN).await;
        let reason = record["failures"][0]["reason"].as_str().unwrap();
        assert!(reason.starts_with("perhaps sent"), "{reason}");
        assert_eq!(record["links"][0]["perhaps_texted"], true);
    }
}

#[tokio::test]
async fn a_response_with_a_mark_in_front_or_its_one_entry_outside_a_list_is_readable() {
    for body in [
        r#"{"message-count":"1","messages":{"status":"0","message-id":"0A"}}"#,
        "\u{feff}{\"message-count\":\"1\",\"messages\":[{\"status\":\"0\",\"message-id\":\"0A\"}]}",
    ] {
        let world = World::without_delay(&[]).await;
        let odd = What::AcceptThenStatus(200, body.to_owned());
        world
            .nexmo
            .traffic()
            .add_fault(Fault::new(When::phone(BENS_PHONE), odd));
        world.say(&world.conversation(&[ALICE, BEN]), ALICE, "Hello");
        world.entries_when("notice.sent", 1).await;
        assert_eq!(tries(&world), 1);
    }
}

#[tokio::test]
async fn after_a_lost_response_nothing_is_sent_before_nexmo_responds_to_something() {
    let world = World::without_delay(&[]).await;
    let lost = Fault::new(When::phone(BENS_PHONE), What::AcceptThenReset).times(1);
    world.nexmo.traffic().add_fault(lost);
    let down = Fault::new(When::path("/account/get-balance"), What::Reset).times(3);
    world.nexmo.traffic().add_fault(down);
    world.say(&world.conversation(&[ALICE, BEN]), ALICE, "Hello");
    world.entries_when("notice.postponed", 4).await;
    assert_eq!(tries(&world), 1);
    world.entries_when("notice.sent", 1).await;
    assert_eq!(world.texts_to(BENS_PHONE).len(), 2);
}

/// Slow: the process stands still for longer than a timeout.
#[tokio::test]
async fn slow_no_text_is_sent_again_after_the_whole_process_stood_still() {
    let world = World::without_delay(&[]).await;
    let users: Vec<String> = (0..40).map(|number| format!("user {number}")).collect();
    for (number, user) in users.iter().enumerate() {
        let phone = format!("155503{number:05}");
        world
            .layer
            .create_user(standins::User::new(user, "Somebody", &phone));
    }
    let slow = What::Slow(Duration::from_secs(2));
    world
        .nexmo
        .traffic()
        .add_fault(Fault::new(When::path("/sms/json"), slow));
    for half in users.chunks(20) {
        let everybody: Vec<&str> = [ALICE]
            .into_iter()
            .chain(half.iter().map(String::as_str))
            .collect();
        world.say(&world.conversation(&everybody), ALICE, "Hello");
    }
    world.texts(40).await;
    world.worker.stand_still(Duration::from_secs(15)).await;
    world.entries_when("notice.sent", 40).await;
    assert_eq!(tries(&world), 40);
}
