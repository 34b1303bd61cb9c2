//! What each code means.

use standins::User;

use crate::{
    receiving::Next,
    support::{BENS_PHONE, World},
};

/// Each code of Nexmo's list with its class, and what it does to the next message.
const CODES: [(u16, &str, &str); 17] = [
    (0, "undelivered_unknown", "texted"),
    (1, "undelivered_unknown", "texted"),
    (2, "undelivered_passing", "texted"),
    (3, "undelivered_for_good", "unreachable"),
    (4, "undelivered_for_good", "unreachable"),
    (5, "undelivered_recipient", "texted"),
    (6, "undelivered_operator", "texted"),
    (7, "undelivered_passing", "texted"),
    (8, "undelivered_passing", "texted"),
    (9, "undelivered_opted_out", "opted_out"),
    (10, "undelivered_operator", "texted"),
    (11, "undelivered_operator", "texted"),
    (12, "undelivered_unreachable", "texted"),
    (13, "undelivered_recipient", "texted"),
    (14, "undelivered_unreachable", "texted"),
    (15, "undelivered_recipient", "texted"),
    (99, "undelivered_operator", "texted"),
];

#[tokio::test]
async fn each_code_has_its_class_and_does_to_the_next_message_what_it_should() {
    let world = World::without_delay(&[]).await;
    println!("{:>4}  {:24}  next message", "code", "class");
    for (code, class, next) in CODES {
        let user = format!("user-{code}");
        let phone = format!("155502000{code:02}");
        assert_ne!(phone, BENS_PHONE);
        world
            .layer
            .create_user(User::new(&user, "Somebody", &phone));
        let (thread, text) = world.texted(&user).await;
        world.receive_failure(&text, code).await;
        let last = world.record(&user).await["links"][0]["last_verdict"].clone();
        let did = match world.next(&thread, &user).await {
            Next::Texted => "texted".to_owned(),
            Next::Dropped(reason) => reason,
        };
        let word = last["verdict"].as_str().unwrap();
        println!("{code:>4}  {word:24}  {did}");
        assert_eq!((word, did.as_str()), (class, next), "{code}");
        assert_eq!(last["code"], code);
    }
    // Those on the operator's side are errors in the log, but one a minute is enough.
    let entries = world.entries_when("text.undelivered", CODES.len()).await;
    let errors = entries.iter().filter(|one| one["level"] == "error");
    let reasons: Vec<&str> = errors.map(|one| one["reason"].as_str().unwrap()).collect();
    assert!(!reasons.is_empty());
    assert!(
        reasons
            .iter()
            .all(|reason| *reason == "undelivered_operator")
    );
}

#[tokio::test]
async fn every_final_status_but_delivered_is_a_failure() {
    let world = World::without_delay(&[]).await;
    for (number, status) in ["failed", "expired", "rejected"].into_iter().enumerate() {
        let user = format!("user-{number}");
        let phone = format!("1555020010{number}");
        world
            .layer
            .create_user(User::new(&user, "Somebody", &phone));
        let (_, text) = world.texted(&user).await;
        let receipt = world.nexmo.receipt(&text, 0, status, "2");
        world.receive(&text, &receipt).await;
        let record = world.record(&user).await;
        let last = &record["links"][0]["last_verdict"];
        assert_eq!(last["verdict"], "undelivered_passing", "{status}");
    }
}
