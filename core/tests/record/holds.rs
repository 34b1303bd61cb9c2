//! Texts that are held back: quiet hours, and the cap.

use texting::{
    record::{outcome::TextOutcome, policy::DigestPolicy},
    time::{DAY, HOUR, MINUTE, Span},
};

use crate::support::{Dispatched, PHONE, User, due, failed, message_id, perhaps_taken};

const QUIET: &str = "quiet until 08:00 Europe/Berlin";

fn capped(most: usize) -> User {
    let mut user = User::new();
    user.policy.max_texts_per_day = Some(most);
    user
}

fn within_cap(user: &User) -> bool {
    let claim = user.claim().unwrap();
    user.turn(|record| record.within_cap(&claim, &claim.covered()))
}

/// What the operator sees of the first notice.
fn shown(user: &User, field: &str) -> serde_json::Value {
    user.turn(|record| record.show())["notices"]["first"][0][field].clone()
}

#[test]
fn a_held_text_is_due_when_the_hold_ends_and_says_what_it_waits_for() {
    let mut user = due();
    let claim = user.claim().unwrap();
    let until = user.now + HOUR * 9;
    user.turn(|record| record.hold(&claim, until, QUIET));
    assert_eq!(user.wake(), Some(until));
    assert_eq!(shown(&user, "waits_for"), QUIET);
    assert_eq!(shown(&user, "due_at"), serde_json::json!(until));
    user.later(HOUR * 9);
    assert!(user.text().is_some());
}

#[test]
fn a_hold_is_no_try_and_does_not_count_towards_giving_up() {
    let mut user = due();
    for _ in 0..4 {
        let claim = user.claim().unwrap();
        user.turn(|record| record.hold(&claim, user.now + HOUR * 9, QUIET));
        user.later(HOUR * 9);
    }
    let Dispatched { claim, .. } = user.dispatch().unwrap();
    user.end(&claim, failed());
    assert!(user.notice(&message_id(1)).is_some());
    user.later(HOUR * 5);
    let claim = user.claim().unwrap();
    user.turn(|record| record.hold(&claim, user.now + HOUR * 9, QUIET));
    user.later(HOUR * 9);
    let Dispatched { claim, .. } = user.dispatch().unwrap();
    user.end(&claim, failed());
    assert!(user.notice(&message_id(1)).is_some());
    user.later(HOUR);
    let Dispatched { claim, .. } = user.dispatch().unwrap();
    user.end(&claim, failed());
    assert!(user.notice(&message_id(1)).is_none());
}

#[test]
fn a_later_message_of_the_conversation_waits_behind_a_held_one() {
    for digest in [
        None,
        Some(DigestPolicy {
            interval: Span::ZERO,
        }),
    ] {
        let mut user = due();
        user.policy.digest = digest;
        let claim = user.claim().unwrap();
        let until = user.now + HOUR;
        user.turn(|record| record.hold(&claim, until, QUIET));
        user.sent(2, 1);
        assert_eq!(user.wake(), Some(until));
        user.later(MINUTE * 30);
        assert_eq!(user.claim(), None);
    }
}

#[test]
fn an_operator_can_have_held_texts_looked_at_again() {
    let user = due();
    let claim = user.claim().unwrap();
    user.turn(|record| record.hold(&claim, user.now + HOUR, QUIET));
    user.turn(|record| record.release_holds());
    assert_eq!(user.wake(), Some(user.now));
    assert!(user.claim().is_some());
}

#[test]
fn looking_again_counts_only_the_time_that_was_waited() {
    let mut user = due();
    let Dispatched { claim, .. } = user.dispatch().unwrap();
    user.end(&claim, failed());
    user.later(MINUTE);
    let tried = user.notice(&message_id(1)).unwrap().first_try_at.unwrap();
    for _ in 0..3 {
        let claim = user.claim().unwrap();
        user.turn(|record| record.hold(&claim, user.now + HOUR * 10, QUIET));
        user.later(MINUTE);
        user.turn(|record| record.release_holds());
    }
    let notice = user.notice(&message_id(1)).unwrap();
    assert_eq!(notice.first_try_at, Some(tried + MINUTE * 3));
}

#[test]
fn a_digest_that_is_looked_at_again_leaves_with_an_earlier_message_that_came_late() {
    let mut user = User::new();
    user.policy.digest = Some(DigestPolicy {
        interval: Span::ZERO,
    });
    user.sent(2, 1);
    user.later(MINUTE * 10);
    let claim = user.claim().unwrap();
    user.turn(|record| record.hold(&claim, user.now + HOUR, QUIET));
    user.sent(1, 1);
    user.turn(|record| record.release_holds());
    assert!(user.wake().is_some_and(|wake| wake <= user.now));
    assert_eq!(user.claim().unwrap().covered().count(), 2);
}

#[test]
fn a_text_beyond_the_cap_is_dropped() {
    let mut user = capped(2);
    for message in 1..=3 {
        user.sent(message, message);
    }
    user.later(MINUTE * 10);
    assert!(user.text().is_some() && user.text().is_some());
    assert!(!within_cap(&user));
    assert!(user.notice(&message_id(3)).is_none());
    user.later(DAY);
    user.sent(4, 3);
    user.later(MINUTE * 10);
    assert!(user.text().is_some());
}

#[test]
fn with_digests_a_text_beyond_the_cap_waits_until_the_oldest_is_a_day_old() {
    let mut user = capped(1);
    user.policy.digest = Some(DigestPolicy {
        interval: Span::ZERO,
    });
    user.sent(1, 1);
    user.later(MINUTE * 10);
    let first = user.now;
    user.text().unwrap();
    user.sent(2, 2);
    user.later(MINUTE * 10);
    assert!(!within_cap(&user));
    assert_eq!(user.wake(), Some(first + DAY));
    assert_eq!(
        shown(&user, "waits_for"),
        "MAX_TEXTS_PER_DAY: 1 in 24 hours"
    );
    user.now = first + DAY;
    assert!(user.text().is_some());
}

#[test]
fn all_tries_of_a_text_that_may_have_arrived_count_as_one() {
    let mut user = capped(2);
    user.sent(1, 1);
    user.sent(2, 2);
    user.later(MINUTE * 10);
    let Dispatched { claim, .. } = user.dispatch().unwrap();
    user.end(&claim, perhaps_taken());
    user.later(MINUTE);
    assert!(user.text().is_some());
    assert!(user.text().is_some());
}

#[test]
fn a_text_that_surely_was_not_taken_does_not_count() {
    let mut user = capped(1);
    user.sent(1, 1);
    user.later(MINUTE * 10);
    for _ in 0..3 {
        let Dispatched { claim, .. } = user.dispatch().unwrap();
        user.end(&claim, failed());
        user.later(MINUTE);
    }
    let Dispatched { claim, number } = user.dispatch().unwrap();
    let why = "barred".to_owned();
    user.end(&claim, TextOutcome::Refused { number, why });
    user.sent(2, 2);
    user.later(MINUTE * 10);
    assert!(user.text().is_some());
}

#[test]
fn a_text_that_is_being_sent_counts() {
    let mut user = capped(1);
    user.sent(1, 1);
    user.sent(2, 2);
    user.later(MINUTE * 10);
    user.dispatch().unwrap();
    let claim = user.claim().unwrap();
    let covered = user.unread(&claim, texting::chat::recheck::Recheck::Unknown);
    assert!(covered.is_some());
    let number = texting::phone::Number::from_digits(crate::support::NUMBERS[1]);
    user.number_for(&claim).unwrap();
    assert!(!user.may_leave(&claim, &number, PHONE));
    assert!(user.notice(&claim.message_id).is_none());
}
