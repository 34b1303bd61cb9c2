//! Whether a text leaves, and in which order that is decided.

use serde_json::{Value, json};
use texting::time::{HOUR, MINUTE, SECOND};

use crate::user::User;

/// Ten minutes past midnight, UTC, it is quiet in London and not in Kathmandu.
const QUIET: [(&str, &str); 2] = [
    ("QUIET_HOURS", "23:00-5:00"),
    ("TIME_ZONE", "Europe/London"),
];
const PREFERENCE: (&str, &str) = ("PREFERENCE_FIELD", "metadata.texts");

#[test]
fn a_preference_counts_before_the_phone_is_looked_at() {
    let user = User::told(&[PREFERENCE], &["Hi"]);
    user.ben("metadata", json!({ "texts": "off" }));
    user.ben("phone", Value::Null);
    assert_eq!(user.texts(), [""; 0]);
    assert_eq!(user.ended(1), "unwanted");
}

#[test]
fn a_user_without_a_phone_is_found_out_in_quiet_hours_too() {
    let user = User::told(&QUIET, &["Hi"]);
    user.ben("phone", Value::Null);
    user.attempt();
    assert_eq!(user.ended(1), "no_phone");
}

#[test]
fn a_text_waits_for_the_end_of_the_quiet_hours() {
    let user = User::told(&QUIET, &["Hi"]);
    assert_eq!(user.texts(), [""; 0]);
    assert_eq!(
        user.waiting()[0]["waits_for"],
        "quiet until 05:00 Europe/London"
    );
    user.later(HOUR * 4 + MINUTE * 49);
    assert_eq!(user.texts(), [""; 0]);
    user.later(MINUTE);
    assert_eq!(user.texts(), ["Ada: Hi"]);
}

#[test]
fn the_recipients_own_zone_counts() {
    let user = User::told(&QUIET, &["Hi"]);
    user.ben("time_zone", json!("asia/kathmandu"));
    assert_eq!(user.texts(), ["Ada: Hi"]);
    assert!(user.logged.borrow().is_empty());
}

#[test]
fn what_is_no_zone_is_logged_and_the_operators_counts() {
    let user = User::told(&QUIET, &["Hi"]);
    user.ben("time_zone", json!("+05:45"));
    assert_eq!(user.texts(), [""; 0]);
    assert_eq!(*user.logged.borrow(), ["identity.no_time_zone"]);
}

#[test]
fn a_text_does_not_leave_if_it_became_quiet_while_it_was_made() {
    let user = User::told(
        &[("QUIET_HOURS", "0:10-5:00"), ("TIME_ZONE", "UTC")],
        &["Hi"],
    );
    user.now.set(user.now.get() - SECOND);
    user.latency.set(SECOND);
    user.later(SECOND);
    let just_before = User::told(
        &[("QUIET_HOURS", "0:11-5:00"), ("TIME_ZONE", "UTC")],
        &["Hi"],
    );
    just_before.later(SECOND * 59);
    just_before.latency.set(SECOND * 2);
    for user in [user, just_before] {
        assert_eq!(user.texts(), [""; 0]);
        assert_eq!(user.waiting()[0]["waits_for"], "quiet until 05:00 UTC");
        assert_eq!(user.waiting()[0]["sending"], false);
    }
}

#[test]
fn a_held_digest_leaves_with_what_came_in_the_night() {
    let user = User::told(&[&QUIET[..], &[("DIGEST", "on")]].concat(), &["one"]);
    user.attempt();
    user.later(HOUR);
    user.sent(2, "cem", &crate::user::plain("two"));
    let waiting = user.waiting();
    assert_eq!(
        (&waiting[1]["joins_another"], &waiting[1]["due_at"]),
        (&json!(true), &waiting[0]["due_at"])
    );
    user.later(HOUR * 4);
    assert_eq!(user.texts(), ["Ada: one\nCem: two"]);
}

#[test]
fn a_text_beyond_the_cap_is_dropped_before_the_senders_identity_is_asked_for() {
    let user = User::told(&[("MAX_TEXTS_PER_DAY", "1")], &["one", "two"]);
    assert_eq!(user.texts(), ["Ada: one"]);
    assert_eq!(user.ended(2), "capped");
}

#[test]
fn with_digests_a_text_beyond_the_cap_waits() {
    let user = User::told(&[("MAX_TEXTS_PER_DAY", "1"), ("DIGEST", "on")], &["one"]);
    user.attempt();
    user.sent(2, "ada", &crate::user::plain("two"));
    user.later(MINUTE * 10);
    assert_eq!(user.texts(), ["Ada: one"]);
    assert_eq!(
        user.waiting()[0]["waits_for"],
        "MAX_TEXTS_PER_DAY: 1 in 24 hours"
    );
    user.later(HOUR * 24);
    assert_eq!(user.texts()[1], "Ada: two");
}
