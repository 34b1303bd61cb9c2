//! An alarm is held while the work that it started is under way.

use texting::{
    driver::{ALARM_SLACK, LATEST_START, TOO_LATE_TO_HOLD},
    record::claim::LEASE,
    time::{MINUTE, SECOND, Span},
};

use crate::{
    services::Answer,
    user::User,
    world::{DELAY, START},
};

#[test]
fn the_spans_of_a_hold_are_pinned() {
    assert_eq!((LATEST_START, TOO_LATE_TO_HOLD), (SECOND * 5, MINUTE));
}

#[test]
fn an_alarm_that_may_ring_for_the_last_time_is_set_again_instead_of_held() {
    let user = User::due(1);
    user.later(TOO_LATE_TO_HOLD - Span::from_millis(1)).ring();
    assert!(user.is_ringing());
    let user = User::due(1);
    user.later(TOO_LATE_TO_HOLD);
    user.storage.refuse("UPDATE notices SET claims");
    user.ring();
    let later = user.now.get() + LEASE + ALARM_SLACK;
    assert_eq!(user.alarms(), [START + DELAY, later]);
    user.storage.refuse(None);
    user.ring();
    assert_eq!(user.services.texts(), ["m1"]);
    assert!(!user.is_ringing());
}

#[test]
fn an_alarm_is_held_until_its_text_is_stored_as_sent_and_none_is_set() {
    let user = User::due(1);
    user.ring();
    assert_eq!(user.services.texts(), ["m1"]);
    assert!(user.is_ringing());
    assert_eq!(user.driver.alarm_at(), None);
    user.answer(Answer::Accepted);
    user.run();
    assert_eq!(user.logged("notice.sent"), 1);
    assert!(!user.is_ringing());
    assert_eq!(user.alarms(), [START + DELAY]);
}

#[test]
fn an_alarm_is_not_held_for_work_that_an_event_starts() {
    let user = User::texted(1);
    user.reply("A1", 1);
    user.tasks.run();
    assert_eq!(user.services.posts(), ["A1"]);
    let lease_ends = user.now.get() + LEASE;
    assert_eq!(user.driver.alarm_at(), Some(lease_ends));
}

#[test]
fn a_held_alarm_that_rings_again_after_a_crash_is_set_for_the_end_of_the_lease() {
    let mut user = User::due(1);
    user.ring();
    user.crash();
    user.later(SECOND * 2).ring();
    assert!(!user.is_ringing());
    assert_eq!(user.driver.alarm_at(), Some(START + DELAY + LEASE));
    assert_eq!(user.services.texts(), ["m1"]);
}

#[test]
fn after_a_text_that_is_to_be_tried_again_the_alarm_is_set_for_that() {
    let user = User::due(1);
    user.begin_to_ring();
    user.answer(Answer::Throttled);
    user.run();
    assert!(!user.is_ringing());
    assert_eq!(user.logged("notice.postponed"), 1);
    let wake = user.driver.alarm_at().unwrap();
    assert!(wake > user.now.get() && wake < user.now.get() + MINUTE);
}

#[test]
fn what_is_due_after_a_hold_sets_the_alarm_when_the_hold_ends() {
    let user = User::due(1);
    user.ring();
    user.sent(2, 2);
    user.run();
    assert!(user.is_ringing());
    assert_eq!(user.alarms(), [START + DELAY]);
    user.answer(Answer::Accepted);
    user.run();
    assert_eq!(user.alarms(), [START + DELAY, START + DELAY + DELAY]);
}

#[test]
fn what_is_due_before_the_hold_is_surely_over_ends_it() {
    let user = User::due(1);
    user.ring();
    let earlier = LEASE - Span::from_millis(1);
    user.policy.borrow_mut().delay = earlier;
    user.sent(2, 2);
    user.run();
    assert!(!user.is_ringing());
    assert_eq!(user.alarms(), [START + DELAY, START + DELAY + earlier]);
    user.later(earlier).ring();
    assert_eq!(user.services.texts(), ["m1", "m2"]);
}

#[test]
fn the_next_text_of_a_conversation_is_under_the_same_hold_if_it_begins_soon() {
    let user = User::new();
    user.sent(1, 1);
    user.sent(2, 1);
    user.later(DELAY).ring();
    user.later(LATEST_START).answer_first(Answer::Accepted);
    assert_eq!(user.services.texts(), ["m1", "m2"]);
    assert!(user.is_ringing());
    user.answer(Answer::Accepted);
    user.run();
    assert!(!user.is_ringing());
    assert_eq!(user.alarms(), [START + DELAY]);
}

#[test]
fn a_text_that_begins_late_under_a_hold_ends_it_and_the_alarm_is_set_for_its_lease() {
    let user = User::new();
    user.sent(1, 1);
    user.sent(2, 1);
    user.later(DELAY).ring();
    user.later(LATEST_START + Span::from_millis(1))
        .answer_first(Answer::Accepted);
    assert_eq!(user.services.texts(), ["m1", "m2"]);
    assert!(!user.is_ringing());
    let lease_ends = user.now.get() + LEASE;
    assert_eq!(user.alarms(), [START + DELAY, lease_ends]);
}

#[test]
fn an_alarm_whose_work_cannot_be_claimed_is_set_for_the_end_of_a_lease() {
    let user = User::due(1);
    user.storage.refuse("UPDATE notices SET claims");
    user.ring();
    assert_eq!(user.logged("record.storage_failed"), 1);
    assert!(!user.is_ringing());
    let later = START + DELAY + LEASE + ALARM_SLACK;
    assert_eq!(user.alarms(), [START + DELAY, later]);
}

#[test]
fn an_attempt_whose_turn_fails_ends_the_hold_and_the_alarm_is_set_for_its_lease() {
    let user = User::due(1);
    user.begin_to_ring();
    user.storage.refuse("INSERT OR REPLACE INTO links");
    user.run();
    assert!(!user.is_ringing());
    assert_eq!(user.driver.alarm_at(), Some(START + DELAY + LEASE));
}

#[test]
fn an_operators_wake_ends_a_hold_and_sets_the_alarm() {
    let user = User::due(1);
    user.ring();
    user.driver.wake().unwrap();
    user.run();
    assert!(!user.is_ringing());
    assert_eq!(user.driver.alarm_at(), Some(START + DELAY + LEASE));
}

#[test]
fn an_alarm_that_cannot_be_set_when_the_hold_ends_rings_again() {
    let user = User::due(1);
    user.ring();
    user.sent(2, 2);
    user.alarm_works.set(false);
    user.answer(Answer::Accepted);
    user.run();
    assert_eq!((user.is_ringing(), user.failed_alarms.get()), (false, 1));
    user.alarm_works.set(true);
    user.later(SECOND * 2).ring();
    assert_eq!(user.failed_alarms.get(), 1);
    assert_eq!(user.alarms(), [START + DELAY, START + DELAY + DELAY]);
}

#[test]
fn an_alarm_that_rings_too_early_and_cannot_be_set_rings_again() {
    let user = User::new();
    user.sent(1, 1);
    user.alarm_works.set(false);
    user.later(MINUTE).ring();
    assert_eq!(user.failed_alarms.get(), 1);
}

#[test]
fn a_message_that_is_read_while_its_text_is_prepared_leaves_no_alarm_behind() {
    let user = User::due(1);
    user.begin_to_ring();
    user.read(1);
    user.run();
    assert!(!user.is_ringing());
    assert!(user.services.texts().is_empty());
    assert_eq!(user.alarms(), [START + DELAY]);
}
