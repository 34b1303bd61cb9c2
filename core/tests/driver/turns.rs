//! What one turn stores, and what it claims.

use texting::{
    record::{claim::LEASE, command::Outcome},
    time::{MINUTE, Span},
};

use crate::{
    services::Answer,
    user::{User, sent},
    world::DELAY,
};

#[test]
fn a_turn_that_fails_stores_nothing_and_claims_nothing() {
    let user = User::new();
    user.read(9);
    user.policy.borrow_mut().delay = Span::ZERO;
    user.storage.refuse("UPDATE notices SET claims");
    assert!(user.try_event(&sent(1, 1)).is_err());
    assert_eq!(user.storage.rows("notices"), 0);
    assert_eq!(user.tasks.len(), 0);
    assert!(user.alarms().is_empty());
}

#[test]
fn an_event_whose_commit_fails_stores_logs_and_claims_nothing() {
    let user = User::new();
    user.policy.borrow_mut().delay = Span::ZERO;
    user.storage.commits_fail.set(true);
    assert!(user.try_event(&sent(1, 1)).is_err());
    assert_eq!(user.tasks.len(), 0);
    assert!(user.alarms().is_empty());
    user.storage.commits_fail.set(false);
    assert_eq!(user.sent(1, 1), Outcome::Stored);
    user.tasks.run();
    assert_eq!(user.services.texts(), ["m1"]);
    assert_eq!(user.driver.show().unwrap()["user_id"], "ben");
}

#[test]
fn an_alarm_whose_commit_fails_logs_and_claims_nothing_and_rings_again() {
    let mut user = User::new();
    user.sent(1, 1);
    user.later(DELAY).ring();
    user.crash();
    user.storage.commits_fail.set(true);
    user.later(LEASE).ring();
    assert_eq!(user.tasks.len(), 0);
    assert_eq!(user.logged("notice.interrupted"), 0);
    user.storage.commits_fail.set(false);
    user.now.set(user.driver.alarm_at().unwrap());
    user.ring();
    assert_eq!(user.services.texts(), ["m1", "m1"]);
    assert_eq!(user.logged("notice.interrupted"), 1);
}

#[test]
fn an_event_whose_turn_failed_can_be_told_again() {
    let user = User::new();
    user.storage.refuse("INSERT INTO notices");
    assert!(user.try_event(&sent(1, 1)).is_err());
    user.storage.refuse(None);
    assert_eq!(user.sent(1, 1), Outcome::Stored);
    assert_eq!(user.storage.rows("profile"), 1);
}

#[test]
fn an_event_claims_what_is_due_because_of_it() {
    let user = User::new();
    user.policy.borrow_mut().delay = Span::ZERO;
    user.sent(1, 1);
    user.tasks.run();
    assert_eq!(user.services.texts(), ["m1"]);
}

#[test]
fn an_event_that_is_known_claims_nothing() {
    let user = User::new();
    user.sent(1, 1);
    user.later(DELAY);
    assert_eq!(user.sent(1, 1), Outcome::Known);
    assert_eq!(user.tasks.len(), 0);
    assert_eq!(user.sent(2, 2), Outcome::Stored);
    assert_eq!(user.tasks.len(), 1);
}

#[test]
fn the_profile_is_written_once_and_looked_for_once_by_a_later_instance() {
    let mut user = User::new();
    let looks = |user: &User| user.journal.count("SELECT user_id");
    user.sent(1, 1);
    user.sent(2, 2);
    assert_eq!(looks(&user), 0);
    user.crash();
    user.sent(3, 3);
    user.sent(4, 4);
    assert_eq!(looks(&user), 1);
    assert_eq!(user.journal.count("INSERT INTO profile"), 1);
    assert_eq!(user.driver.show().unwrap()["user_id"], "ben");
}

#[test]
fn an_instance_looks_once_at_which_tables_there_are() {
    let mut user = User::new();
    let looks = |user: &User| user.journal.count("SELECT name FROM sqlite_master");
    user.sent(1, 1);
    user.sent(2, 2);
    assert_eq!(looks(&user), 1);
    user.crash();
    user.sent(3, 3);
    user.sent(4, 4);
    assert_eq!(looks(&user), 2);
}

#[test]
fn a_retry_of_an_unknown_failure_creates_no_record() {
    let user = User::new();
    assert_eq!(user.driver.retry(7).unwrap(), Outcome::NoSuchFailure);
    assert_eq!(user.storage.rows("profile"), 0);
    assert!(user.alarms().is_empty());
    assert_eq!(user.tasks.len(), 0);
}

#[test]
fn a_retry_of_a_failure_texts_at_once() {
    let user = User::new();
    user.sent(1, 1);
    user.answer(Answer::Refused);
    user.later(DELAY).ring();
    assert_eq!(user.logged("notice.failed"), 1);
    let seq = user.driver.show().unwrap()["failures"][0]["id"].as_i64();
    assert_eq!(user.driver.retry(seq.unwrap()).unwrap(), Outcome::Stored);
    user.answer(Answer::Accepted);
    user.tasks.run();
    assert_eq!(user.services.texts(), ["m1", "m1"]);
    assert_eq!(user.logged("notice.sent"), 1);
}

#[test]
fn an_operators_wake_texts_what_is_due() {
    let user = User::new();
    user.sent(1, 1);
    user.later(DELAY);
    user.driver.wake().unwrap();
    user.tasks.run();
    assert_eq!(user.services.texts(), ["m1"]);
}

#[test]
fn the_alarm_gives_up_the_missing_parts_of_a_text() {
    let user = User::texted(1);
    user.later(LEASE).first_part("P1", 1);
    let give_up_at = user.now.get() + MINUTE * 10;
    user.later(MINUTE).ring();
    assert_eq!(user.driver.alarm_at(), Some(give_up_at));
    assert!(user.services.posts().is_empty());
    user.now.set(give_up_at);
    user.ring();
    assert_eq!(user.services.posts(), ["P1"]);
}
