//! When the alarm is set.

use texting::{
    driver::{ALARM_LOST_AFTER, ALARM_SLACK, SHORTEST_PAUSE},
    record::{claim::LEASE, command::Outcome},
    time::{MINUTE, SECOND, Span},
};

use crate::{
    user::User,
    world::{DELAY, START},
};

const MILLISECOND: Span = Span::from_millis(1);

#[test]
fn the_spans_of_the_alarm_are_pinned() {
    let spans = [ALARM_SLACK, ALARM_LOST_AFTER, SHORTEST_PAUSE];
    assert_eq!(spans, [SECOND / 4, MINUTE, SECOND]);
}

#[test]
fn an_event_sets_the_alarm_for_when_its_notice_is_due() {
    let user = User::new();
    user.sent(1, 1);
    assert_eq!(user.alarms(), [START + DELAY]);
    assert_eq!(user.driver.alarm_at(), Some(START + DELAY));
}

#[test]
fn a_later_due_time_does_not_move_an_earlier_alarm() {
    let user = User::new();
    user.sent(1, 1);
    user.later(MINUTE).sent(2, 2);
    assert_eq!(user.alarms(), [START + DELAY]);
}

#[test]
fn an_alarm_that_nothing_waits_for_any_more_is_left_to_ring() {
    let user = User::new();
    user.sent(1, 1);
    user.read(1);
    assert_eq!(user.alarms(), [START + DELAY]);
    user.later(DELAY).ring();
    assert_eq!(user.alarms(), [START + DELAY]);
    assert_eq!(user.driver.alarm_at(), None);
}

#[test]
fn an_alarm_that_is_late_by_no_more_than_the_slack_is_not_moved() {
    let user = User::new();
    user.sent(1, 1);
    user.policy.borrow_mut().delay = DELAY - ALARM_SLACK;
    user.sent(2, 2);
    assert_eq!(user.alarms(), [START + DELAY]);
}

#[test]
fn an_alarm_that_is_late_by_more_than_the_slack_is_moved() {
    let user = User::new();
    user.sent(1, 1);
    let earlier = DELAY - ALARM_SLACK - MILLISECOND;
    user.policy.borrow_mut().delay = earlier;
    user.sent(2, 2);
    assert_eq!(user.alarms(), [START + DELAY, START + earlier]);
}

#[test]
fn an_alarm_that_should_have_rung_a_minute_ago_is_lost_and_set_again_a_second_ahead() {
    let user = User::new();
    user.sent(1, 1);
    user.later(DELAY + ALARM_LOST_AFTER);
    assert_eq!(user.sent(1, 1), Outcome::Known);
    assert_eq!(user.alarms(), [START + DELAY], "it may still ring");
    user.later(MILLISECOND);
    assert_eq!(user.sent(1, 1), Outcome::Known);
    let again = user.now.get() + SHORTEST_PAUSE;
    assert_eq!(user.alarms(), [START + DELAY, again]);
}

#[test]
fn a_wake_up_that_is_past_for_a_new_instance_is_set_a_second_ahead() {
    let mut user = User::new();
    user.sent(1, 1);
    user.crash();
    user.later(DELAY).sent(1, 1);
    let ahead = START + DELAY + SHORTEST_PAUSE;
    assert_eq!(user.alarms(), [START + DELAY, ahead]);
}

#[test]
fn an_alarm_that_is_set_a_second_ahead_is_not_set_again_with_each_event() {
    let mut user = User::new();
    user.sent(1, 1);
    user.crash();
    user.later(DELAY + SECOND * 10).sent(1, 1);
    let set = user.alarms();
    user.sent(1, 1);
    user.later(SECOND / 2).sent(1, 1);
    assert_eq!(user.alarms(), set);
}

#[test]
fn work_that_there_is_no_room_for_does_not_set_the_alarm() {
    let user = User::new();
    for number in 1..=4 {
        user.sent(number, number);
    }
    user.later(DELAY).ring();
    let set = user.alarms();
    user.policy.borrow_mut().delay = Span::ZERO;
    assert_eq!(user.sent(5, 5), Outcome::Stored);
    assert_eq!(user.alarms(), set);
}

#[test]
fn an_alarm_that_could_not_be_set_is_set_with_the_next_event() {
    let user = User::new();
    user.alarm_works.set(false);
    user.sent(1, 1);
    assert_eq!(user.driver.alarm_at(), None);
    user.alarm_works.set(true);
    user.sent(1, 1);
    assert_eq!(user.alarms(), [START + DELAY]);
}

#[test]
fn an_alarm_that_rings_while_nothing_waits_sets_nothing() {
    let user = User::new();
    user.ring();
    assert!(user.alarms().is_empty());
    assert_eq!(user.tasks.len(), 0);
}

#[test]
fn an_alarm_that_rings_too_early_only_sets_the_next() {
    let user = User::new();
    user.sent(1, 1);
    user.later(MINUTE).ring();
    assert_eq!(user.alarms(), [START + DELAY, START + DELAY]);
    assert!(user.services.texts().is_empty());
}

#[test]
fn an_alarm_that_cannot_read_what_is_due_sets_the_next_all_the_same() {
    let user = User::new();
    user.sent(1, 1);
    user.storage.refuse("SELECT min(wake_at)");
    user.later(DELAY).ring();
    let safety = START + DELAY + LEASE + ALARM_SLACK;
    assert_eq!(user.alarms(), [START + DELAY, safety]);
}

#[test]
fn an_operators_wake_sets_the_alarm_again_even_if_it_seems_set() {
    let user = User::new();
    user.sent(1, 1);
    user.driver.wake().unwrap();
    assert_eq!(user.alarms(), [START + DELAY, START + DELAY]);
}
