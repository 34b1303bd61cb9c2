//! Digests, caps and what else decides whether a text leaves.

use super::*;
use crate::{time::SECOND, words::Attachments};

#[test]
fn without_these_settings_each_message_is_a_text_at_any_time() {
    let settings = with(&[]).unwrap();
    assert!(settings.digest.is_none() && settings.quiet_hours.is_none());
    assert_eq!(
        (
            settings.max_texts_per_day,
            settings.largest_conversation,
            settings.text_ttl
        ),
        (None, None, None)
    );
    assert_eq!(settings.preference_field, None);
    assert_eq!(settings.number_order, NumberOrder::Listed);
    assert_eq!(settings.attachments, Attachments::Describe);
}

#[test]
fn digests_are_switched_on_and_off_in_any_case() {
    for on in ["on", "ON", "true", "True"] {
        assert!(good("DIGEST", on).digest.is_some(), "{on}");
    }
    for off in ["off", "false", "FALSE"] {
        assert!(good("DIGEST", off).digest.is_none(), "{off}");
    }
    assert_eq!(problem("DIGEST", "yes"), "`yes` is not on or off");
}

#[test]
fn a_digest_has_a_template_and_an_interval_if_they_are_set() {
    let settings = with(&[
        ("DIGEST", "on"),
        ("DIGEST_TEMPLATE", "<%= count %> new"),
        ("TEXT_INTERVAL", "2 hours"),
    ]);
    let digest = settings.unwrap().digest.unwrap();
    assert_eq!(digest.interval, HOUR * 2);
    assert_eq!(digest.template.unwrap().source(), "<%= count %> new");
    let digest = good("DIGEST", "on").digest.unwrap();
    assert!(digest.template.is_none() && digest.interval == Span::ZERO);
}

#[test]
fn what_needs_digests_is_a_problem_without_them() {
    for digest in ["", "off"] {
        for (name, value) in [
            ("DIGEST_TEMPLATE", "<%= count %> new"),
            ("TEXT_INTERVAL", "1 hour"),
        ] {
            let problems = with(&[("DIGEST", digest), (name, value)]).unwrap_err();
            let said: Vec<_> = problems
                .iter()
                .map(|it| (it.setting, it.problem.as_str()))
                .collect();
            assert_eq!(said, [(name, "needs DIGEST=on")]);
        }
    }
}

#[test]
fn a_template_of_digests_knows_the_names_of_digests() {
    let wrong = |template| with(&[("DIGEST", "on"), ("DIGEST_TEMPLATE", template)]).unwrap_err();
    assert!(wrong("<%= sender.name %>")[0].problem.contains("`sender`"));
    assert!(
        wrong("<% if conversation.nothing %>x<% endif %>")[0]
            .problem
            .contains("renders blank")
    );
}

#[test]
fn an_interval_is_no_longer_than_numbers_are_kept() {
    let interval = |interval| {
        with(&[
            ("DIGEST", "on"),
            ("TEXT_INTERVAL", interval),
            ("NUMBER_EXPIRATION_TIME", "1 day"),
        ])
    };
    assert!(interval("1 day").is_ok());
    let problems = interval("25 hours").unwrap_err();
    assert_eq!(problems[0].setting, "TEXT_INTERVAL");
    assert_eq!(
        problems[0].problem,
        "`25 hours` is over NUMBER_EXPIRATION_TIME"
    );
}

#[test]
fn caps_are_whole_numbers_from_one() {
    for name in ["MAX_TEXTS_PER_DAY", "LARGEST_CONVERSATION"] {
        are_problems(
            name,
            &[
                ("0", "`0` is below 1"),
                ("-1", "`-1` is not a whole number"),
                ("1.5", "`1.5` is not a whole number"),
                ("many", "`many` is not a whole number"),
                (
                    "99999999999999999999",
                    "`99999999999999999999` is too large",
                ),
            ],
        );
    }
    assert_eq!(good("MAX_TEXTS_PER_DAY", "20").max_texts_per_day, Some(20));
    assert_eq!(
        good("LARGEST_CONVERSATION", "1").largest_conversation,
        Some(1)
    );
}

#[test]
fn nexmo_may_try_from_twenty_seconds_to_seven_days() {
    assert_eq!(good("TEXT_TTL", "20s").text_ttl, Some(SECOND * 20));
    assert_eq!(good("TEXT_TTL", "7 days").text_ttl, Some(DAY * 7));
    are_problems(
        "TEXT_TTL",
        &[
            ("19s", "`19s` is under 20 seconds"),
            ("8 days", "`8 days` is over 7 days"),
        ],
    );
}

#[test]
fn words_are_read_in_any_case() {
    assert_eq!(
        good("NUMBER_ORDER", "Spread").number_order,
        NumberOrder::Spread
    );
    assert_eq!(
        good("ATTACHMENTS", "IGNORE").attachments,
        Attachments::Ignore
    );
    assert_eq!(
        problem("NUMBER_ORDER", "any"),
        "`any` is not listed or spread"
    );
    assert_eq!(
        problem("ATTACHMENTS", "on"),
        "`on` is not describe or ignore"
    );
    assert_eq!(
        problem("PREFERENCE_FIELD", "metadata."),
        "`metadata.` is not a path of names with points between"
    );
}
