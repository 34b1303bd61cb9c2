mod matrix;
mod places;
mod quiet;
mod restraint;
mod values;

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::{
    layer::{chat::LayerChat, version::ApiVersion},
    template::{Context, TemplateKind},
    time::{DAY, HOUR, MINUTE},
};

const APP: &str = "24f43c32-4d95-11e4-b3a2-0fd00000020d";

/// Everything that is required, and nothing else.
const REQUIRED: [(&str, &str); 8] = [
    ("LAYER_APP_ID", APP),
    ("LAYER_BEARER_TOKEN", "layer-token"),
    ("LAYER_WEBHOOK_SECRET", "webhook-secret"),
    ("NEXMO_KEY", "nexmo-key"),
    ("NEXMO_SECRET", "nexmo-secret"),
    ("NEXMO_NUMBERS", "15550102030"),
    ("SERVER_URL", "https://texts.example.com"),
    ("DELAY", "10 minutes"),
];

/// Reads the required settings with some of them changed, others added.
fn with(changes: &[(&str, &str)]) -> Result<Settings, Vec<SettingProblem>> {
    let mut environment = BTreeMap::from(REQUIRED);
    environment.extend(changes.iter().copied());
    read(&|name| environment.get(name).map(|value| Var::from(*value)))
}

fn good(name: &str, value: &str) -> Settings {
    with(&[(name, value)]).unwrap_or_else(|problems| panic!("{name}={value}: {problems:?}"))
}

fn number(digits: &str) -> Number {
    Number::from_digits(digits)
}

/// The one problem of a value.
fn problem(name: &str, value: &str) -> String {
    let problems = with(&[(name, value)]).unwrap_err();
    let [problem] = problems.as_slice() else {
        panic!("{name}={value}: {problems:?}");
    };
    assert_eq!(problem.setting, name);
    assert!(!problem.expected.is_empty());
    problem.problem.clone()
}

impl Settings {
    fn layer(&self) -> &LayerChat {
        match &self.chat {
            Chat::Layer(layer) => layer,
            Chat::Matrix(_) => panic!("this is Layer"),
        }
    }
}

fn are_problems(name: &str, cases: &[(&str, &str)]) {
    for (value, said) in cases {
        assert_eq!(problem(name, value), *said, "{name}={value}");
    }
}

#[test]
fn the_required_settings_are_enough() {
    let settings = with(&[]).unwrap();
    assert_eq!(settings.layer().account.app_id, APP);
    assert_eq!(settings.layer().account.token.expose(), "layer-token");
    assert_eq!(settings.layer().account.version, ApiVersion::V1_0);
    assert_eq!(settings.layer().account.api_url, "https://api.layer.com");
    assert_eq!(settings.layer().webhook_secret.expose(), "webhook-secret");
    assert_eq!(settings.layer().path, "nexmo-new-message");
    assert_eq!(settings.layer().webhook_name, "Nexmo Integration");
    assert_eq!(settings.nexmo.key.expose(), "nexmo-key");
    assert_eq!(settings.nexmo.secret.expose(), "nexmo-secret");
    assert_eq!(settings.nexmo.api_url, "https://rest.nexmo.com");
    assert_eq!(settings.numbers, [number("15550102030")]);
    assert_eq!(settings.nexmo_path, "nexmo-new-sms");
    assert_eq!(settings.server_url, "https://texts.example.com");
    assert_eq!(settings.delay, MINUTE.times(10));
    assert_eq!(settings.number_expiration, DAY.times(7));
    assert_eq!(
        settings.template.source(),
        "<%= sender.name %>: <%= text %>"
    );
    assert_eq!(
        settings
            .template
            .render(&Context::sample(TemplateKind::Text))
            .unwrap(),
        "Ada: Hello"
    );
    assert!(settings.signature.is_none() && settings.introduction.is_none());
    assert!(settings.identities.is_none() && settings.admin_token.is_none());
    assert!(settings.stop_reply.is_none() && settings.help_reply.is_none());
    assert!(settings.quiet_hours.is_none());
}

#[test]
fn everything_can_be_set() {
    let settings = with(&[
        ("LAYER_API_VERSION", "3.0"),
        ("LAYER_API_URL", "http://127.0.0.1:8787/layer/"),
        ("LAYER_PATH", "/hooks/layer/"),
        ("NEXMO_NUMBERS", "+1 (555) 010-2030, ,0044 20 7946 0000,"),
        ("NEXMO_PATH", "hooks/nexmo"),
        ("NEXMO_SIGNATURE_SECRET", "signature"),
        ("NEXMO_SIGNATURE_METHOD", "SHA256"),
        ("NEXMO_SIGNATURE_MAX_AGE", "1h"),
        ("NEXMO_API_URL", "https://nexmo.example.com"),
        ("NUMBER_EXPIRATION_TIME", "2 days"),
        (
            "INTRODUCE_CONVERSATION",
            "In <%= conversation.metadata.conversationName %>:",
        ),
        ("WEBHOOK_NAME", "Texts"),
        ("IDENTITIES_URL", "https://people.example.com/{user_id}"),
        ("IDENTITIES_TOKEN", "people-token"),
        ("STOP_REPLY", "Stopped."),
        ("HELP_REPLY", "Ask us."),
        ("ADMIN_TOKEN", "admin-token"),
    ])
    .unwrap();
    assert_eq!(settings.layer().account.version, ApiVersion::V3_0);
    assert_eq!(
        settings.layer().account.api_url,
        "http://127.0.0.1:8787/layer"
    );
    assert_eq!(
        (settings.layer().path.as_str(), settings.nexmo_path.as_str()),
        ("hooks/layer", "hooks/nexmo")
    );
    assert_eq!(
        settings.numbers,
        [number("15550102030"), number("442079460000")]
    );
    assert_eq!(settings.layer().webhook_name, "Texts");
    let signature = settings.signature.unwrap();
    assert_eq!(signature.secret.expose(), "signature");
    assert_eq!(signature.method, SignatureMethod::Sha256);
    assert_eq!(signature.max_age, Some(HOUR));
    assert_eq!(settings.nexmo.api_url, "https://nexmo.example.com");
    assert_eq!(settings.number_expiration, DAY.times(2));
    let introduction = settings.introduction.unwrap();
    assert_eq!(
        introduction
            .render(&Context::sample(TemplateKind::Introduction))
            .unwrap(),
        "In Sample:"
    );
    let identities = settings.identities.unwrap();
    assert_eq!(identities.url, "https://people.example.com/{user_id}");
    assert_eq!(identities.token.unwrap().expose(), "people-token");
    assert_eq!(settings.stop_reply.as_deref(), Some("Stopped."));
    assert_eq!(settings.help_reply.as_deref(), Some("Ask us."));
    assert_eq!(settings.admin_token.unwrap().expose(), "admin-token");
}

#[test]
fn all_problems_are_reported_in_the_order_of_the_table() {
    let problems = read(&|name| match name {
        "DELAY" => Some("soon".into()),
        "LAYER_PATH" | "NEXMO_PATH" => Some("texts".into()),
        "RECIPIENT_STATUS_FILTER" => Some("read".into()),
        "TEMPLATE" => Some("<%= sender.name =>: <%= text %>".into()),
        "LAYER_API_URL" => Some("http://example.com".into()),
        _ => None,
    })
    .unwrap_err();
    let said: Vec<_> = problems
        .iter()
        .map(|it| (it.setting, it.problem.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            ("LAYER_APP_ID", "is not set"),
            ("LAYER_BEARER_TOKEN", "is not set"),
            ("LAYER_WEBHOOK_SECRET", "is not set"),
            (
                "LAYER_API_URL",
                "`http://example.com` is http, but not on loopback"
            ),
            ("NEXMO_KEY", "is not set"),
            ("NEXMO_SECRET", "is not set"),
            ("NEXMO_NUMBERS", "is not set"),
            ("NEXMO_PATH", "`texts` overlaps LAYER_PATH"),
            ("SERVER_URL", "is not set"),
            ("DELAY", "`soon` is not a span of time: a number is missing"),
            (
                "RECIPIENT_STATUS_FILTER",
                "`read` is not allowed: a message that was read needs no text"
            ),
            ("TEMPLATE", "`<%= sender.name =>:` is not closed by %>"),
        ]
    );
}

#[test]
fn a_problem_is_readable_as_json_and_as_text() {
    let problems = with(&[("DELAY", "-1h")]).unwrap_err();
    assert_eq!(
        serde_json::to_string(&problems).unwrap(),
        "[{\"setting\":\"DELAY\",\"problem\":\"`-1h` is negative\",\
         \"expected\":\"a span of time from zero to 30 days, such as `10 minutes`\"}]"
    );
    assert_eq!(
        problems[0].to_string(),
        "DELAY: `-1h` is negative (expected a span of time from zero to 30 days, such as `10 minutes`)"
    );
}

#[test]
fn a_blank_value_is_not_set_and_other_values_are_trimmed() {
    assert_eq!(problem("NEXMO_KEY", ""), "is not set");
    assert_eq!(problem("NEXMO_KEY", " \n"), "is not set");
    assert_eq!(good("NEXMO_KEY", " key\n").nexmo.key.expose(), "key");
    assert_eq!(good("LAYER_PATH", "  ").layer().path, "nexmo-new-message");
    assert!(good("ADMIN_TOKEN", " ").admin_token.is_none());
}

#[test]
fn no_secret_is_shown() {
    let environment: BTreeMap<_, _> = NAMES.iter().map(|it| (it.name, "hunter2\u{7f}x")).collect();
    let problems = read(&|name| environment.get(name).map(|value| Var::from(*value))).unwrap_err();
    for setting in NAMES.iter().filter(|it| it.secret) {
        for problem in problems.iter().filter(|it| it.setting == setting.name) {
            assert!(!problem.to_string().contains("hunter2"), "{problem}");
        }
    }
    let settings = with(&[
        ("ADMIN_TOKEN", "hunter2"),
        ("NEXMO_SIGNATURE_SECRET", "hunter2"),
    ])
    .unwrap();
    let debugged = format!("{settings:?}");
    for secret in [
        "hunter2",
        "layer-token",
        "webhook-secret",
        "nexmo-secret",
        "nexmo-key",
    ] {
        assert!(!debugged.contains(secret), "{secret}");
    }
}

#[test]
fn the_table_lists_all_settings_that_are_read() {
    let asked = std::cell::RefCell::new(std::collections::BTreeSet::new());
    let [problems, _] = ["layer", "matrix"].map(|chat| {
        let read = read(&|name| {
            asked.borrow_mut().insert(name.to_owned());
            (name == "CHAT").then(|| Var::from(chat))
        });
        read.unwrap_err()
    });
    let listed = NAMES
        .iter()
        .flat_map(|it| [Some(it.name), it.alias])
        .flatten();
    assert_eq!(asked.into_inner(), listed.map(str::to_owned).collect());
    let required: Vec<_> = NAMES
        .iter()
        .filter(|it| it.required && it.chat != Some(ChatKind::Matrix))
        .map(|it| it.name)
        .collect();
    assert_eq!(required, REQUIRED.map(|(name, _)| name));
    assert_eq!(
        problems.iter().map(|it| it.setting).collect::<Vec<_>>(),
        required
    );
}

proptest! {
    #[test]
    fn no_value_panics(at in 0..NAMES.len(), value in "\\PC{0,80}") {
        let name = NAMES[at].name;
        if let Err(problems) = with(&[(name, &value)]) {
            prop_assert!(problems.iter().all(|it| it.problem.chars().count() < 2_000));
        }
    }
}
