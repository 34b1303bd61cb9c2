//! Responses of Nexmo that end a text, or that need the operator.

use serde_json::Value;
use standins::{Fault, User, What, When};

use crate::support::{ALICE, BEN, BENS_PHONE, NUMBERS, World};

/// Alice writes to one user per fault; texts to a user's phone fail with that fault.
async fn world_with_faults(faults: Vec<What>) -> (World, Vec<String>) {
    let world = World::with(&[("DELAY", "200 ms")]).await;
    let mut users = Vec::new();
    for (index, what) in faults.into_iter().enumerate() {
        let (user, phone) = (format!("user{index}"), format!("1555020000{index}"));
        world
            .layer
            .create_user(User::new(&user, "Somebody", &phone));
        world
            .nexmo
            .traffic()
            .add_fault(Fault::new(When::phone(&phone), what));
        users.push(user);
    }
    let everybody: Vec<&str> = [ALICE]
        .into_iter()
        .chain(users.iter().map(String::as_str))
        .collect();
    world.say(&world.conversation(&everybody), ALICE, "Hello");
    (world, users)
}

fn status(code: u16, words: &str) -> What {
    What::NexmoStatus(code, words.to_owned())
}

fn only<'a>(record: &'a Value, list: &str) -> &'a Value {
    let list = record[list].as_array().unwrap();
    assert_eq!(list.len(), 1, "{record:#}");
    &list[0]
}

#[tokio::test]
async fn a_final_refusal_is_kept_as_a_failure_and_releases_the_link() {
    let refusals = [
        (2, "Missing from param"),
        (3, "Invalid"),
        (6, "Invalid"),
        (7, "Barred"),
    ];
    let faults = refusals.map(|(code, words)| status(code, words)).into();
    let (world, users) = world_with_faults(faults).await;
    world.entries_when("notice.failed", users.len()).await;
    for (user, (code, words)) in users.iter().zip(refusals) {
        let record = world.record(user).await;
        assert_eq!(record["notices"]["waiting"], 0);
        assert_eq!(record["links"], Value::Array(Vec::new()));
        let failure = only(&record, "failures");
        let reason = failure["reason"].as_str().unwrap();
        assert!(
            reason.contains(&format!("status {code} ")) && reason.contains(words),
            "{reason}"
        );
        assert_eq!(failure["kind"], "text");
        assert!(failure["number"].is_string());
    }
    assert_eq!(
        world.nexmo.traffic().count("/sms/json"),
        users.len(),
        "none was tried again"
    );
    let logged = world.entries("notice.failed");
    assert_eq!(logged.len(), users.len(), "each is logged once");
    assert!(logged.iter().all(|entry| entry["level"] == "error"));
}

#[tokio::test]
async fn http_400_and_422_are_final() {
    let faults = vec![
        What::Status(400, String::new()),
        What::Status(422, "{}".to_owned()),
    ];
    let (world, users) = world_with_faults(faults).await;
    world.entries_when("notice.failed", 2).await;
    for (user, code) in users.iter().zip(["HTTP 400", "HTTP 422"]) {
        let record = world.record(user).await;
        assert_eq!(only(&record, "failures")["reason"], code);
    }
}

#[tokio::test]
async fn after_an_operators_fault_a_text_waits_a_minute_and_is_not_lost() {
    let codes = [4, 8, 9, 11, 14, 29, 32];
    let mut faults: Vec<What> = codes.map(|code| status(code, "Refused")).into();
    let body = r#"{"error-code-label":"authentication failed"}"#;
    let statuses = [401, 402, 403, 404, 405, 307].into_iter();
    faults.extend(statuses.map(|status| What::Status(status, body.to_owned())));
    let (world, users) = world_with_faults(faults).await;
    let logged = world.entries_when("notice.postponed", users.len()).await;
    let errors = logged.iter().filter(|entry| entry["level"] == "error");
    assert_eq!(
        errors.count(),
        1,
        "one error a minute is enough: {logged:?}"
    );
    for user in &users {
        let record = world.record(user).await;
        let due = only(&record["notices"], "first")["due_at"]
            .as_i64()
            .unwrap();
        let wait = due - record["now"].as_i64().unwrap();
        assert!((55_000..=60_000).contains(&wait), "{user} waits {wait} ms");
        assert_eq!(record["failures"], Value::Array(Vec::new()));
    }
    let log = world.worker.logs().join("\n");
    assert!(!log.contains("15550200"), "no phone is logged:\n{log}");
}

#[tokio::test]
async fn a_number_from_which_nexmo_does_not_text_the_phone_is_replaced_by_the_next() {
    let world = World::without_delay(&[("NEXMO_NUMBERS", &NUMBERS.join(","))]).await;
    for number in &NUMBERS[..2] {
        let refused = Fault::new(When::number(number), status(15, "Illegal Sender Address"));
        world.nexmo.traffic().add_fault(refused);
    }
    let conversation = world.conversation(&[ALICE, BEN]);
    for (count, text) in [(1, "Hello"), (2, "Again")] {
        world.say(&conversation, ALICE, text);
        let texts = world.texts(count).await;
        assert_eq!(texts[count - 1].number, NUMBERS[2]);
    }
    assert_eq!(world.nexmo.traffic().count("/sms/json"), 4);
    let record = world.record(BEN).await;
    assert_eq!(only(&record, "links")["number"], NUMBERS[2]);
}

#[tokio::test]
async fn a_partly_accepted_text_is_not_sent_again() {
    let world = World::without_delay(&[]).await;
    world
        .nexmo
        .traffic()
        .add_fault(Fault::new(When::phone(BENS_PHONE), What::Partial).times(1));
    let conversation = world.conversation(&[ALICE, BEN]);
    world.say(&conversation, ALICE, &"long ".repeat(50));
    world.texts(1).await;
    let record = world.waiting(BEN, 0).await;
    assert_eq!(record["failures"], Value::Array(Vec::new()));
    assert_eq!(only(&record, "links")["introduced"], true);
    world.say(&conversation, ALICE, "Next");
    let texts = world.texts(2).await;
    assert_eq!(texts[1].text, "Alice: Next");
    assert_eq!(world.nexmo.traffic().count("/sms/json"), 2);
}
