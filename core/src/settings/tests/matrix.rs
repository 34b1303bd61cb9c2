//! The settings of a Matrix homeserver.

use super::*;
use crate::{ids::UserId, matrix::account::Homeserver};

/// Everything that Matrix requires, and nothing else.
const REQUIRED: [(&str, &str); 10] = [
    ("CHAT", "matrix"),
    ("MATRIX_URL", "https://matrix.example.org/"),
    ("MATRIX_SERVER_NAME", "example.org"),
    ("MATRIX_AS_TOKEN", "as-token"),
    ("MATRIX_HS_TOKEN", "hs-token"),
    ("NEXMO_KEY", "nexmo-key"),
    ("NEXMO_SECRET", "nexmo-secret"),
    ("NEXMO_NUMBERS", "15550102030"),
    ("SERVER_URL", "https://texts.example.com"),
    ("DELAY", "10 minutes"),
];

fn matrix(changes: &[(&str, &str)]) -> Result<Settings, Vec<SettingProblem>> {
    let mut environment = BTreeMap::from(REQUIRED);
    environment.extend(changes.iter().copied());
    read(&|name| environment.get(name).map(|value| Var::from(*value)))
}

fn homeserver(settings: Settings) -> Homeserver {
    match settings.chat {
        Chat::Matrix(matrix) => matrix.homeserver,
        Chat::Layer(_) => panic!("this is Matrix"),
    }
}

/// The names and problems.
fn problems(changes: &[(&str, &str)]) -> Vec<(&'static str, String)> {
    let problems = matrix(changes).err().unwrap_or_default();
    let problems = problems.into_iter();
    problems.map(|it| (it.setting, it.problem)).collect()
}

#[test]
fn matrix_needs_no_setting_of_layer() {
    let settings = matrix(&[]).unwrap();
    assert_eq!(settings.largest_conversation, Some(50));
    assert!(settings.mark_read && settings.report_on.sent && settings.report_on.delivered);
    let homeserver = homeserver(settings);
    assert_eq!(homeserver.url, "https://matrix.example.org");
    assert_eq!(homeserver.server_name, "example.org");
    assert_eq!(homeserver.as_token.expose(), "as-token");
    assert_eq!(homeserver.hs_token.expose(), "hs-token");
    assert!(homeserver.ignored.is_empty());
}

#[test]
fn what_matrix_requires_is_required_only_for_matrix() {
    let missing: Vec<_> = problems(&[
        ("MATRIX_URL", ""),
        ("MATRIX_SERVER_NAME", ""),
        ("MATRIX_AS_TOKEN", ""),
        ("MATRIX_HS_TOKEN", ""),
    ]);
    let names: Vec<&str> = missing.iter().map(|(name, _)| *name).collect();
    let expected = [
        "MATRIX_URL",
        "MATRIX_SERVER_NAME",
        "MATRIX_AS_TOKEN",
        "MATRIX_HS_TOKEN",
    ];
    assert_eq!(names, expected);
    assert!(missing.iter().all(|(_, problem)| problem == "is not set"));
    assert_eq!(problem("CHAT", "slack"), "`slack` is not layer or matrix");
}

#[test]
fn settings_of_layer_are_ignored_however_wrong_they_are() {
    let settings = matrix(&[
        ("LAYER_APP_ID", "?"),
        ("LAYER_API_VERSION", "9"),
        ("LAYER_PATH", "nexmo-new-sms"),
        ("REPORT_ON_STATUS", "sent"),
    ]);
    assert!(settings.unwrap().report_on.delivered);
}

#[test]
fn the_chat_and_its_switches_can_be_set() {
    assert!(matrix(&[("CHAT", "Matrix")]).is_ok());
    let settings = matrix(&[("LARGEST_CONVERSATION", "200"), ("MARK_READ", "off")]).unwrap();
    assert_eq!(settings.largest_conversation, Some(200));
    assert!(!settings.mark_read);
}

#[test]
fn ignored_users_are_ids_or_beginnings_of_ids() {
    let users = "@bot:example.org, @telegram_*,";
    let homeserver = homeserver(matrix(&[("MATRIX_IGNORE_USERS", users)]).unwrap());
    let ignores = |user: &str| homeserver.ignores(&UserId::new(user));
    assert!(ignores("@bot:example.org") && ignores("@telegram_7:example.org"));
    assert!(!ignores("@bots:example.org") && !ignores("@ada:example.org"));
    for wrong in ["bot", "@bot", "*", "@a*b*", "telegram_*", "@bot:*:x"] {
        let expected = (
            "MATRIX_IGNORE_USERS",
            format!("`{wrong}` is not a user's id"),
        );
        assert_eq!(problems(&[("MATRIX_IGNORE_USERS", wrong)]), [expected]);
    }
}

#[test]
fn a_server_has_a_name_and_not_a_url() {
    for good in ["example.org", "localhost:8448", "[::1]:8448"] {
        assert_eq!(problems(&[("MATRIX_SERVER_NAME", good)]), []);
    }
    for wrong in ["https://example.org", "@ada:example.org", ":8448", "a b"] {
        let expected = format!("`{wrong}` is not the name of a server");
        let found = problems(&[("MATRIX_SERVER_NAME", wrong)]);
        assert_eq!(found, [("MATRIX_SERVER_NAME", expected)]);
    }
}

#[test]
fn a_text_must_come_before_the_homeserver_forgets_what_is_unread() {
    let digest = |delay, interval| {
        problems(&[
            ("DELAY", delay),
            ("DIGEST", "on"),
            ("TEXT_INTERVAL", interval),
        ])
    };
    assert_eq!(problems(&[("DELAY", "20 hours")]), []);
    assert_eq!(digest("10 hours", "10 hours"), []);
    let why = "a homeserver forgets after a day what is unread";
    let long = format!("`21 hours` is over 20 hours: {why}");
    assert_eq!(problems(&[("DELAY", "21 hours")]), [("DELAY", long)]);
    let both = format!("`10 hours` and TEXT_INTERVAL are together over 20 hours: {why}");
    assert_eq!(digest("10 hours", "11 hours"), [("DELAY", both)]);
    assert!(good("DELAY", "21 hours").delay > HOUR * 20);
}

#[test]
fn with_layer_replies_mark_nothing_as_read_unless_it_is_set_and_the_version_can() {
    assert!(!with(&[]).unwrap().mark_read);
    let version_3 = with(&[("LAYER_API_VERSION", "3.0"), ("MARK_READ", "on")]);
    assert!(version_3.unwrap().mark_read);
    assert_eq!(problem("MARK_READ", "on"), "needs LAYER_API_VERSION=3.0");
    assert!(!good("MARK_READ", "off").mark_read);
}
