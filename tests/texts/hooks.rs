//! Identities and introductions from the operator's own services.

use serde_json::{Value, json};
use standins::{Fault, Nexmo, NexmoOptions, User, What, When};

use crate::support::{ALICE, BEN, CARA, World};

/// A response of an operator's service.
#[derive(Clone)]
struct Answer {
    path: &'static str,
    status: u16,
    body: Value,
}

impl Answer {
    fn not_found(path: &'static str) -> Self {
        Self {
            path,
            status: 404,
            body: Value::Null,
        }
    }

    fn as_fault(&self) -> Fault {
        let body = match &self.body {
            Value::Null => String::new(),
            json => json.to_string(),
        };
        Fault::new(When::path(self.path), What::Status(self.status, body))
    }
}

/// A service with these responses. It is a stand-in that answers every request with a fault.
async fn service(answers: &[Answer]) -> Nexmo {
    let service = Nexmo::start(NexmoOptions::default()).await.unwrap();
    for answer in answers {
        service.traffic().add_fault(answer.as_fault());
    }
    service
}

fn people() -> [Answer; 2] {
    [
        Answer {
            path: "/alice",
            status: 200,
            body: json!({ "name": "Dr. Alice", "clinic": { "city": "Ulm" } }),
        },
        Answer {
            path: "/ben",
            status: 200,
            body: json!({ "name": "Benjamin", "phone": "+49 171 5550101" }),
        },
    ]
}

#[tokio::test]
async fn identities_come_from_identities_url() {
    let own = service(&[&people()[..], &[Answer::not_found("/user%201%2F%C3%A9/")]].concat()).await;
    let url = format!("{}/people/{{user_id}}/card?full=1", own.url());
    let template =
        "<%= recipient.name %>! <%= sender.name %> (<%= sender.clinic.city %>): <%= text %>";
    let world = World::without_delay(&[
        ("IDENTITIES_URL", &url),
        ("IDENTITIES_TOKEN", "identities-token"),
        ("TEMPLATE", template),
    ])
    .await;
    let unusual = "user 1/é";
    world
        .layer
        .create_user(User::new(unusual, "Odd", "+1 555 010 4444"));
    let conversation = world.conversation(&[ALICE, BEN, unusual]);
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
    // Two attempts at once may both ask for the sender.
    paths.dedup();
    let expected = [
        "/people/alice/card",
        "/people/ben/card",
        "/people/user%201%2F%C3%A9/card",
    ];
    assert_eq!(paths, expected);
    assert_eq!(
        world.layer.traffic().count("/identity"),
        0,
        "no request to Layer"
    );
}

#[tokio::test]
async fn no_text_is_sent_while_the_identities_service_fails() {
    let own = service(&people()).await;
    let failures = [
        Fault::new(When::path("/ben").nth(1), What::Status(500, String::new())),
        Fault::new(
            When::path("/ben").nth(1),
            What::Status(200, "[]".to_owned()),
        ),
        // Both are asked for in each try, and the recipient's failure counts first.
        Fault::new(When::path("/alice"), What::Status(302, String::new())).times(3),
    ];
    let answers = people().map(|answer| answer.as_fault());
    own.traffic()
        .set_faults(failures.into_iter().chain(answers).collect());
    let url = format!("{}/{{user_id}}", own.url());
    let world = World::without_delay(&[("IDENTITIES_URL", &url)]).await;
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
async fn identities_come_from_a_bound_worker() {
    let own = service(&[&people()[..], &[Answer::not_found("/cara")]].concat()).await;
    let failing = Fault::new(When::path("/ben").nth(1), What::Status(500, String::new()));
    let answers = people().map(|answer| answer.as_fault());
    let missing = Fault::new(When::path("/cara"), What::Status(404, String::new()));
    let all = [failing, missing].into_iter().chain(answers);
    own.traffic().set_faults(all.collect());
    let origin = own.url();
    let world = World::with_options(&[("DELAY", "0")], |_, _, worker| {
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
        "no request to Layer"
    );
}

#[tokio::test]
async fn introductions_come_from_a_bound_worker() {
    let own = service(&[]).await;
    let answer = |status, body: &str| What::Status(status, body.to_owned());
    own.traffic().set_faults(vec![
        Fault::new(When::always(), answer(500, "Never texted")).times(1),
        Fault::new(When::always(), answer(200, "Your trip")).times(1),
        Fault::new(When::always(), answer(204, "")).times(1),
    ]);
    let origin = own.url();
    let overrides = [
        ("DELAY", "0"),
        ("INTRODUCE_CONVERSATION", "The service goes first"),
    ];
    let world = World::with_options(&overrides, |_, _, worker| {
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
    let received: Value = serde_json::from_str(&asked[1].body).unwrap();
    assert_eq!(
        received["id"],
        format!("layer:///messages/{}", sent.message.id)
    );
    assert_eq!(
        (&received["text"], &received["parts"][0]["body"]),
        (&json!("Hi"), &json!("Hi"))
    );
    assert_eq!(received["sender"]["name"], "Alice");
    assert_eq!(received["recipient"]["phone"], "+1 (555) 010-2030");
    assert_eq!(
        received["conversation"]["participants"],
        json!([ALICE, BEN])
    );
}
