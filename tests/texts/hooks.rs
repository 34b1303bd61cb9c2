//! Identities and introductions that come from the operator's own services.

use serde_json::{Value, json};
use standins::{Fault, Nexmo, NexmoOptions, User, What, When};

use crate::support::{ALICE, BEN, CARA, World};

/// A service that answers what it is told to answer, and keeps what it was asked. Any stand-in that
/// is full of faults is one.
async fn service(answers: &[(&str, u16, Value)]) -> Nexmo {
    let service = Nexmo::start(NexmoOptions::default()).await.unwrap();
    for (path, status, body) in answers {
        let body = match body {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            json => json.to_string(),
        };
        service
            .traffic()
            .add_fault(Fault::new(When::path(path), What::Status(*status, body)));
    }
    service
}

fn people() -> [(&'static str, u16, Value); 2] {
    [
        (
            "/alice",
            200,
            json!({ "name": "Dr. Alice", "clinic": { "city": "Ulm" } }),
        ),
        (
            "/ben",
            200,
            json!({ "name": "Benjamin", "phone": "+49 171 5550101" }),
        ),
    ]
}

#[tokio::test]
async fn identities_come_from_a_url_of_the_operators() {
    let own =
        service(&[&people()[..], &[("/user%201%2F%C3%A9/", 404, Value::Null)]].concat()).await;
    let url = format!("{}/people/{{user_id}}/card?full=1", own.url());
    let template =
        "<%= recipient.name %>! <%= sender.name %> (<%= sender.clinic.city %>): <%= text %>";
    let world = World::quick(&[
        ("IDENTITIES_URL", &url),
        ("IDENTITIES_TOKEN", "identities-token"),
        ("TEMPLATE", template),
    ])
    .await;
    let odd = "user 1/é";
    world
        .layer
        .create_user(User::new(odd, "Odd", "+1 555 010 4444"));
    let conversation = world.conversation(&[ALICE, BEN, odd]);
    world.say(&conversation, ALICE, "Hi");
    let text = &world.texts(1).await[0];
    assert_eq!(
        (text.text.as_str(), text.phone.as_str()),
        ("Benjamin! Dr. Alice (Ulm): Hi", "491715550101")
    );
    assert_eq!(
        world.dropped(1).await[&conversation],
        "no_phone",
        "404: no such user"
    );

    let asked = own.traffic().requests();
    assert!(
        asked
            .iter()
            .all(|one| one.header("authorization") == Some("Bearer identities-token"))
    );
    assert!(
        asked
            .iter()
            .all(|one| one.query == "full=1" && one.method == "GET")
    );
    let mut paths: Vec<_> = asked.into_iter().map(|one| one.path).collect();
    paths.sort();
    let expected = [
        "/people/alice/card",
        "/people/ben/card",
        "/people/user%201%2F%C3%A9/card",
    ];
    assert_eq!(paths, expected);
    assert_eq!(
        world.layer.traffic().count("/identity"),
        0,
        "Layer is not asked"
    );
}

#[tokio::test]
async fn no_text_leaves_while_identities_cannot_be_had() {
    let own = service(&people()).await;
    let trouble = [
        Fault::new(When::path("/ben").nth(1), What::Status(500, String::new())),
        Fault::new(
            When::path("/ben").nth(1),
            What::Status(200, "[]".to_owned()),
        ),
        Fault::new(
            When::path("/alice").nth(1),
            What::Status(302, String::new()),
        ),
    ];
    let answers = people().map(|(path, status, body)| {
        Fault::new(When::path(path), What::Status(status, body.to_string()))
    });
    own.traffic()
        .set_faults(trouble.into_iter().chain(answers).collect());
    let url = format!("{}/{{user_id}}", own.url());
    let world = World::quick(&[("IDENTITIES_URL", &url)]).await;
    world.say(&world.conversation(&[ALICE, BEN]), ALICE, "Hi");
    assert_eq!(world.texts(1).await[0].text, "Dr. Alice: Hi");
    let reasons = world.entries("notice.postponed");
    let reasons: Vec<_> = reasons
        .iter()
        .map(|entry| entry["why"].as_str().unwrap())
        .collect();
    let expected = [
        "recipient's identity: HTTP 500",
        "not a JSON object",
        "sender's identity: ",
    ];
    assert_eq!(reasons.len(), 3, "{reasons:?}");
    assert!(
        reasons
            .iter()
            .zip(expected)
            .all(|(why, part)| why.contains(part)),
        "{reasons:?}"
    );
}

#[tokio::test]
async fn identities_come_from_another_worker_of_the_operators() {
    let own = service(&[&people()[..], &[("/cara", 404, Value::Null)]].concat()).await;
    let failing = Fault::new(When::path("/ben").nth(1), What::Status(500, String::new()));
    let answers = people().map(|(path, status, body)| {
        Fault::new(When::path(path), What::Status(status, body.to_string()))
    });
    let missing = Fault::new(When::path("/cara"), What::Status(404, String::new()));
    let all = [failing, missing].into_iter().chain(answers);
    own.traffic().set_faults(all.collect());
    let origin = own.url();
    let world = World::built(&[("DELAY", "0")], |_, _, worker| {
        worker.services.insert("IDENTITIES".to_owned(), origin);
    })
    .await;
    let conversation = world.conversation(&[ALICE, BEN, CARA]);
    world.say(&conversation, ALICE, "Hi");
    let text = &world.texts(1).await[0];
    assert_eq!(
        (text.text.as_str(), text.phone.as_str()),
        ("Dr. Alice: Hi", "491715550101")
    );
    assert_eq!(world.dropped(1).await[&conversation], "no_phone");
    assert_eq!(world.entries("notice.postponed").len(), 1, "after the 500");
    assert_eq!(
        world.layer.traffic().count("/identity"),
        0,
        "Layer is not asked"
    );
}

#[tokio::test]
async fn introductions_come_from_another_worker_of_the_operators() {
    let own = service(&[]).await;
    let answer = |status, body: &str| What::Status(status, body.to_owned());
    own.traffic().set_faults(vec![
        Fault::new(When::always(), answer(500, "Never texted")).times(1),
        Fault::new(When::always(), answer(200, "Your trip")).times(1),
        Fault::new(When::always(), answer(204, "")).times(1),
    ]);
    let origin = own.url();
    let differences = [
        ("DELAY", "0"),
        ("INTRODUCE_CONVERSATION", "The service goes first"),
    ];
    let world = World::built(&differences, |_, _, worker| {
        worker.services.insert("INTRODUCTIONS".to_owned(), origin);
    })
    .await;
    let one = world.conversation(&[ALICE, BEN]);
    let sent = world.say(&one, ALICE, "Hi");
    assert_eq!(world.texts(1).await[0].text, "Your trip\n\nAlice: Hi");
    assert_eq!(world.entries("notice.postponed").len(), 1, "after the 500");
    world.say(&one, ALICE, "Again");
    world.texts(2).await;
    world.say(&world.conversation(&[ALICE, BEN]), ALICE, "Ho");
    let texts = world.texts(3).await;
    assert_eq!(
        (texts[1].text.as_str(), texts[2].text.as_str()),
        ("Alice: Again", "Alice: Ho")
    );

    let asked = own.traffic().requests();
    assert_eq!(asked.len(), 3);
    assert!(asked.iter().all(|one| one.method == "POST"));
    let told: Value = serde_json::from_str(&asked[1].body).unwrap();
    assert_eq!(told["id"], format!("layer:///messages/{}", sent.message.id));
    assert_eq!(
        (&told["text"], &told["parts"][0]["body"]),
        (&json!("Hi"), &json!("Hi"))
    );
    assert_eq!(told["sender"]["name"], "Alice");
    assert_eq!(told["recipient"]["phone"], "+1 (555) 010-2030");
    assert_eq!(told["conversation"]["participants"], json!([ALICE, BEN]));
}
