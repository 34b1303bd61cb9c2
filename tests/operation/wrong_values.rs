use reqwest::Method;
use serde_json::Value;

use crate::support::{WorkerOptions, WorkerProcess, fetch, valid_settings};

/// An invalid value of a setting.
struct Invalid {
    setting: &'static str,
    value: &'static str,
    /// A part of the problem that is reported.
    problem: &'static str,
}

const fn invalid(setting: &'static str, value: &'static str, problem: &'static str) -> Invalid {
    Invalid {
        setting,
        value,
        problem,
    }
}

/// One invalid value for each setting.
const FIRST: [Invalid; 18] = [
    invalid(
        "LAYER_APP_ID",
        "layer:///apps/staging/42",
        "is not an application's id",
    ),
    invalid(
        "LAYER_BEARER_TOKEN",
        "two\nlines",
        "characters that a header cannot carry",
    ),
    invalid(
        "LAYER_WEBHOOK_SECRET",
        "Lord of the Mog has jammed your radar",
        "published example",
    ),
    invalid("LAYER_API_VERSION", "4.0", "`4.0` is not a version"),
    invalid("LAYER_API_URL", "http://layer.example", "not on loopback"),
    invalid("LAYER_PATH", "admin/hook", "lies under /admin"),
    invalid("NEXMO_NUMBERS", "12025550101, 911, 12025550101", "entry 2"),
    invalid("NEXMO_PATH", "sms?x", "has the character `?`"),
    invalid(
        "NEXMO_SIGNATURE_METHOD",
        "rot13",
        "is not a signature method",
    ),
    invalid("NEXMO_SIGNATURE_MAX_AGE", "0", "is zero"),
    invalid("NEXMO_API_URL", "ftp://nexmo.example", "is not https"),
    invalid("SERVER_URL", "https://texts.example/path", "has a path"),
    invalid("DELAY", "31 days", "is over 30 days"),
    invalid("NUMBER_EXPIRATION_TIME", "-1 week", "is negative"),
    invalid("REPORT_ON_STATUS", "sent,read", "needs no text"),
    invalid("TEMPLATE", "<% if (text) { %>x<% } %>", ""),
    invalid(
        "INTRODUCE_CONVERSATION",
        "<%= conversation.metadata.topic",
        "",
    ),
    invalid(
        "IDENTITIES_URL",
        "https://ids.example/users",
        "does not contain {user_id}",
    ),
];

const SECOND: [Invalid; 12] = [
    invalid(
        "LAYER_APP_ID",
        "5c1a9b0e6f0d4a579d0b2f6f3c1d7e42",
        "is not an application's id",
    ),
    invalid(
        "LAYER_API_URL",
        "https://layer.example?x=1",
        "a query or a fragment",
    ),
    invalid("NEXMO_NUMBERS", " , ", "no number in it"),
    invalid("NEXMO_PATH", "/nexmo-new-message/sms/", "LAYER_PATH"),
    invalid("NEXMO_API_URL", "nexmo", "is not a URL"),
    invalid("SERVER_URL", "http://texts.example", "not on loopback"),
    invalid("DELAY", "-5", "is negative"),
    invalid("NUMBER_EXPIRATION_TIME", "0", "is zero"),
    invalid(
        "RECIPIENT_STATUS_FILTER",
        "maybe",
        "is not a recipient status",
    ),
    invalid("TEMPLATE", "<%= nobody.name %>: <%= text %>", "nobody"),
    invalid(
        "INTRODUCE_CONVERSATION",
        "<%= sender.name.toUpperCase() %>",
        "",
    ),
    invalid(
        "IDENTITIES_URL",
        "https://{user_id}.example/",
        "outside its path",
    ),
];

async fn assert_all_reported(wrong: &[Invalid]) {
    let mut options = WorkerOptions::new();
    options.settings = valid_settings(&options.url(), "http://127.0.0.1:9", "http://127.0.0.1:9");
    for Invalid { setting, value, .. } in wrong {
        options
            .settings
            .insert((*setting).to_owned(), (*value).to_owned());
    }
    let worker = WorkerProcess::start(options).await;
    let health = fetch(Method::GET, &format!("{}/health", worker.url())).await;
    assert_eq!(health.status, 503);
    let body: Value = serde_json::from_str(&health.body).unwrap();
    let problems = body["problems"].as_array().unwrap();
    let reported: Vec<_> = problems
        .iter()
        .map(|one| one["setting"].as_str().unwrap())
        .collect();
    let expected: Vec<_> = wrong.iter().map(|one| one.setting).collect();
    assert_eq!(reported, expected);
    for (problem, wrong) in problems.iter().zip(wrong) {
        let name = wrong.setting;
        assert!(
            problem["problem"].as_str().unwrap().contains(wrong.problem),
            "{name}: {problem}"
        );
        assert!(!problem["expected"].as_str().unwrap().is_empty(), "{name}");
    }
}

#[tokio::test]
async fn each_invalid_value_is_reported_with_the_expected_one() {
    assert_all_reported(&FIRST).await;
}

#[tokio::test]
async fn other_invalid_values_are_reported_too() {
    assert_all_reported(&SECOND).await;
}

#[tokio::test]
async fn code_in_a_template_is_reported_with_what_is_supported() {
    let mut options = WorkerOptions::new();
    options.settings = valid_settings(&options.url(), "http://127.0.0.1:9", "http://127.0.0.1:9");
    options
        .settings
        .insert("TEMPLATE".to_owned(), "<% print(text) %>".to_owned());
    let worker = WorkerProcess::start(options).await;
    let health = fetch(Method::GET, &format!("{}/health", worker.url())).await;
    let body: Value = serde_json::from_str(&health.body).unwrap();
    let problem = &body["problems"][0];
    assert_eq!(problem["setting"], "TEMPLATE");
    assert!(
        problem["problem"]
            .as_str()
            .unwrap()
            .contains("is JavaScript, which is not run; write `<%= text %>`"),
        "{problem}"
    );
    assert!(
        problem["expected"].as_str().unwrap().contains("<%="),
        "{problem}"
    );
}
