//! Single values other than URLs and paths.

use super::*;
use crate::chat::status::Status;

#[test]
fn an_app_id_is_read_in_both_forms() {
    for value in [
        APP.to_owned(),
        APP.to_uppercase(),
        format!("layer:///apps/staging/{APP}"),
        format!("layer:///apps/production/{APP}"),
        format!("layer:///apps/{APP}"),
    ] {
        assert_eq!(good("LAYER_APP_ID", &value).layer().account.app_id, APP);
    }
    let simple = APP.replace('-', "");
    for value in [
        "app",
        simple.as_str(),
        "layer:///apps/staging/",
        "layer:///messages/24f43c32-4d95-11e4-b3a2-0fd00000020d",
    ] {
        let said = format!("`{value}` is not an application's id");
        assert_eq!(problem("LAYER_APP_ID", value), said);
    }
}

#[test]
fn the_published_webhook_secret_is_refused() {
    are_problems(
        "LAYER_WEBHOOK_SECRET",
        &[(
            "Lord of the Mog has jammed your radar",
            "is the published example, which everybody knows",
        )],
    );
    assert_eq!(
        good("LAYER_WEBHOOK_SECRET", "x")
            .layer()
            .webhook_secret
            .expose(),
        "x"
    );
}

#[test]
fn a_token_must_fit_into_a_header() {
    are_problems(
        "LAYER_BEARER_TOKEN",
        &[("a\nb", "has characters that a header cannot carry")],
    );
    are_problems(
        "IDENTITIES_TOKEN",
        &[("tökén", "has characters that a header cannot carry")],
    );
}

#[test]
fn versions_and_methods_are_the_documented_ones() {
    for version in ["1.0", "1.1", "2.0", "3.0"] {
        assert_eq!(
            good("LAYER_API_VERSION", version)
                .layer()
                .account
                .version
                .as_str(),
            version
        );
    }
    are_problems(
        "LAYER_API_VERSION",
        &[("4.0", "`4.0` is not a version of the API")],
    );
    are_problems(
        "NEXMO_SIGNATURE_METHOD",
        &[("sha3", "`sha3` is not a signature method")],
    );
}

#[test]
fn numbers_are_plausible_and_different() {
    are_problems(
        "NEXMO_NUMBERS",
        &[
            (",", "has no number in it"),
            ("ACME", "entry 1 (`**ME`) is not a plausible phone number"),
            (
                "15550102030,123",
                "entry 2 (`*23`) is not a plausible phone number",
            ),
            (
                "15550102030,,+1 555 010 2030",
                "entry 3 (`*************30`) repeats entry 1",
            ),
            (
                "1,15550102030,15550102030",
                "entry 1 (`*`) is not a plausible phone number; entry 3 (`*********30`) repeats entry 2",
            ),
        ],
    );
}

#[test]
fn durations_have_bounds() {
    assert_eq!(good("DELAY", "0").delay, Span::ZERO);
    assert_eq!(good("DELAY", "30 days").delay, DAY.times(30));
    assert_eq!(good("DELAY", "600000").delay, MINUTE.times(10));
    assert_eq!(
        good("NUMBER_EXPIRATION_TIME", "100y").number_expiration,
        DAY.times(36_525)
    );
    are_problems(
        "DELAY",
        &[
            ("-1", "`-1` is negative"),
            ("2592000001", "`2592000001` is over 30 days"),
            ("1e400", "`1e400` is not a span of time: a unit is unknown"),
        ],
    );
    are_problems(
        "NUMBER_EXPIRATION_TIME",
        &[
            ("0", "`0` is zero"),
            ("101 years", "`101 years` is over 100 years"),
            ("-1w", "`-1w` is negative"),
        ],
    );
    are_problems(
        "NEXMO_SIGNATURE_MAX_AGE",
        &[("0 s", "`0 s` is zero"), ("-1", "`-1` is negative")],
    );
}

#[test]
fn statuses_are_those_before_read() {
    for (value, sent, delivered) in [
        ("sent,delivered", true, true),
        (" Sent , ", true, false),
        ("DELIVERED", false, true),
    ] {
        let report_on = good("REPORT_ON_STATUS", value).report_on;
        assert_eq!(report_on.justifies(Status::Sent), sent);
        assert_eq!(report_on.justifies(Status::Delivered), delivered);
        assert!(!report_on.justifies(Status::Read));
    }
    are_problems(
        "REPORT_ON_STATUS",
        &[
            (",", "has no status in it"),
            (
                "sent,Read",
                "`Read` is not allowed: a message that was read needs no text",
            ),
            ("unread", "`unread` is not a recipient status"),
        ],
    );
}

#[test]
fn report_on_status_takes_precedence_over_its_alias() {
    let report_on = good("RECIPIENT_STATUS_FILTER", "sent").report_on;
    assert!(!report_on.justifies(Status::Delivered));
    let both = with(&[
        ("RECIPIENT_STATUS_FILTER", "nonsense"),
        ("REPORT_ON_STATUS", "delivered"),
    ]);
    assert!(!both.unwrap().report_on.justifies(Status::Sent));
}

#[test]
fn templates_are_checked() {
    for name in ["TEMPLATE", "INTRODUCE_CONVERSATION"] {
        are_problems(
            name,
            &[
                (
                    "<%= user.name %>",
                    "`user` in `<%= user.name %>` is an unknown name",
                ),
                (
                    "<%= text.trim() %>",
                    "`<%= text.trim() %>` is JavaScript, which is not run; write `<%= text | trim %>`",
                ),
            ],
        );
    }
    let problems = with(&[("TEMPLATE", "<% x %>")]).unwrap_err();
    assert_eq!(problems[0].expected, crate::template::SUPPORTED);
}

#[test]
fn values_in_problems_are_cut() {
    let long = "x".repeat(500);
    let said = format!("`{}…` is not an application's id", "x".repeat(60));
    assert_eq!(problem("LAYER_APP_ID", &long), said);
}

#[test]
fn a_template_must_not_render_blank_on_the_sample() {
    for name in ["TEMPLATE", "INTRODUCE_CONVERSATION"] {
        for blank in ["<%= sender.nickname %>", "\u{200b}<%= parts.7 %> "] {
            let said = problem(name, blank);
            assert!(
                said.ends_with("renders blank on a sample message"),
                "{said}"
            );
        }
        for full in [
            "<%= conversation.url %>",
            "<%= sender.metadata.title %>",
            "<%= sender.first_name %>",
        ] {
            good(name, full);
        }
    }
    let of_conversation = "<%= conversation.metadata.topic %>";
    good("INTRODUCE_CONVERSATION", of_conversation);
    assert!(problem("TEMPLATE", of_conversation).contains("blank"));
}

#[test]
fn a_capital_m_beside_other_units_could_be_months() {
    for value in ["1h 5M", "2M 1d", "1d2M"] {
        assert!(problem("DELAY", value).contains("months"), "{value}");
    }
    assert_eq!(good("DELAY", "5M").delay, MINUTE * 5);
}

#[test]
fn a_version_without_its_fraction_asks_for_quotes() {
    assert!(problem("LAYER_API_VERSION", "1").contains("in quotes"));
}
