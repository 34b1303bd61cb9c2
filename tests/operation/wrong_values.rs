use reqwest::Method;
use serde_json::Value;

use crate::support::{WorkerOptions, WorkerProcess, ask, valid_settings};

/// Each setting, a wrong value, and a part of what is said about it.
const FIRST: [(&str, &str, &str); 18] = [
    (
        "LAYER_APP_ID",
        "layer:///apps/staging/42",
        "is not an application's id",
    ),
    (
        "LAYER_BEARER_TOKEN",
        "two\nlines",
        "characters that a header cannot carry",
    ),
    (
        "LAYER_WEBHOOK_SECRET",
        "Lord of the Mog has jammed your radar",
        "published example",
    ),
    ("LAYER_API_VERSION", "4.0", "`4.0` is not a version"),
    ("LAYER_API_URL", "http://layer.example", "not on loopback"),
    ("LAYER_PATH", "admin/hook", "lies under /admin"),
    ("NEXMO_NUMBERS", "12025550101, 911, 12025550101", "entry 2"),
    ("NEXMO_PATH", "sms?x", "has the character `?`"),
    (
        "NEXMO_SIGNATURE_METHOD",
        "rot13",
        "is not a signature method",
    ),
    ("NEXMO_SIGNATURE_MAX_AGE", "0", "is zero"),
    ("NEXMO_API_URL", "ftp://nexmo.example", "is not https"),
    ("SERVER_URL", "https://texts.example/path", "has a path"),
    ("DELAY", "31 days", "is over 30 days"),
    ("NUMBER_EXPIRATION_TIME", "-1 week", "is negative"),
    ("REPORT_ON_STATUS", "sent,read", "needs no text"),
    ("TEMPLATE", "<% if (text) { %>x<% } %>", ""),
    (
        "INTRODUCE_CONVERSATION",
        "<%= conversation.metadata.topic",
        "",
    ),
    (
        "IDENTITIES_URL",
        "https://ids.example/users",
        "does not contain {user_id}",
    ),
];

const SECOND: [(&str, &str, &str); 12] = [
    (
        "LAYER_APP_ID",
        "5c1a9b0e6f0d4a579d0b2f6f3c1d7e42",
        "is not an application's id",
    ),
    (
        "LAYER_API_URL",
        "https://layer.example?x=1",
        "a query or a fragment",
    ),
    ("NEXMO_NUMBERS", " , ", "no number in it"),
    ("NEXMO_PATH", "/nexmo-new-message/sms/", "LAYER_PATH"),
    ("NEXMO_API_URL", "nexmo", "is not a URL"),
    ("SERVER_URL", "http://texts.example", "not on loopback"),
    ("DELAY", "-5", "is negative"),
    ("NUMBER_EXPIRATION_TIME", "0", "is zero"),
    (
        "RECIPIENT_STATUS_FILTER",
        "maybe",
        "is not a recipient status",
    ),
    ("TEMPLATE", "<%= nobody.name %>: <%= text %>", "nobody"),
    (
        "INTRODUCE_CONVERSATION",
        "<%= sender.name.toUpperCase() %>",
        "",
    ),
    (
        "IDENTITIES_URL",
        "https://{user_id}.example/",
        "outside its path",
    ),
];

async fn all_are_told(wrong: &[(&str, &str, &str)]) {
    let mut options = WorkerOptions::new();
    options.settings = valid_settings(&options.url(), "http://127.0.0.1:9", "http://127.0.0.1:9");
    for (name, value, _) in wrong {
        options
            .settings
            .insert((*name).to_owned(), (*value).to_owned());
    }
    let worker = WorkerProcess::start(options).await;
    let (status, body) = ask(Method::GET, &format!("{}/health", worker.url())).await;
    assert_eq!(status, 503);
    let body: Value = serde_json::from_str(&body).unwrap();
    let problems = body["problems"].as_array().unwrap();
    let told: Vec<_> = problems
        .iter()
        .map(|one| one["setting"].as_str().unwrap())
        .collect();
    let expected: Vec<_> = wrong.iter().map(|(name, ..)| *name).collect();
    assert_eq!(told, expected);
    for (problem, (name, _, words)) in problems.iter().zip(wrong) {
        assert!(
            problem["problem"].as_str().unwrap().contains(words),
            "{name}: {problem}"
        );
        assert!(!problem["expected"].as_str().unwrap().is_empty(), "{name}");
    }
}

#[tokio::test]
async fn each_wrong_value_is_told_with_what_is_wrong_and_what_would_be_right() {
    all_are_told(&FIRST).await;
}

#[tokio::test]
async fn other_wrong_values_are_told_too() {
    all_are_told(&SECOND).await;
}

#[tokio::test]
async fn templates_that_the_original_took_and_this_does_not_say_what_is_supported() {
    let mut options = WorkerOptions::new();
    options.settings = valid_settings(&options.url(), "http://127.0.0.1:9", "http://127.0.0.1:9");
    options
        .settings
        .insert("TEMPLATE".to_owned(), "<% print(text) %>".to_owned());
    let worker = WorkerProcess::start(options).await;
    let (_, body) = ask(Method::GET, &format!("{}/health", worker.url())).await;
    let body: Value = serde_json::from_str(&body).unwrap();
    let problem = &body["problems"][0];
    assert_eq!(problem["setting"], "TEMPLATE");
    assert!(
        problem["problem"]
            .as_str()
            .unwrap()
            .contains("is code, which is not run"),
        "{problem}"
    );
    assert!(
        problem["expected"].as_str().unwrap().contains("<%="),
        "{problem}"
    );
}
