//! How much work is under way, and what becomes of it in a crash.

use texting::{
    attempt::LONGEST_ATTEMPT,
    driver::{GRACE, MOST_REPLIES, MOST_TEXTS},
    record::claim::LEASE,
    time::{SECOND, Span},
};

use crate::{services::Answer, user::User, world::DELAY};

#[test]
fn no_more_texts_are_under_way_than_there_is_room_for() {
    let user = User::due(6);
    user.ring();
    user.ring();
    user.later(SECOND).sent(7, 7);
    user.run();
    assert_eq!(MOST_TEXTS, 4);
    assert_eq!(user.services.texts(), ["m1", "m2", "m3", "m4"]);
}

#[test]
fn a_text_that_ends_takes_up_the_next() {
    let user = User::due(6);
    user.ring();
    user.answer_first(Answer::Accepted);
    assert_eq!(user.services.texts(), ["m1", "m2", "m3", "m4", "m5"]);
    user.answer_first(Answer::Refused);
    assert_eq!(user.services.texts().len(), 6);
    assert_eq!(user.tasks.len(), MOST_TEXTS);
    user.answer(Answer::Accepted);
    user.run();
    assert_eq!(user.logged("notice.sent"), 5);
    assert_eq!(user.logged("notice.failed"), 1);
    assert_eq!(user.tasks.len(), 0);
}

#[test]
fn no_more_replies_are_under_way_than_there_is_room_for() {
    let user = User::texted(4);
    for (id, conversation) in [("A1", 1), ("A2", 2), ("A3", 3), ("A4", 4)] {
        user.reply(id, conversation);
        user.run();
    }
    assert_eq!(MOST_REPLIES, 2);
    assert_eq!(user.services.posts(), ["A1", "A2"]);
}

#[test]
fn a_reply_that_ends_takes_up_the_next() {
    let user = User::texted(3);
    for (id, conversation) in [("A1", 1), ("A2", 2), ("A3", 3)] {
        user.reply(id, conversation);
    }
    user.run();
    user.answer_first(Answer::Accepted);
    assert_eq!(user.services.posts(), ["A1", "A2", "A3"]);
    assert_eq!(user.tasks.len(), MOST_REPLIES);
    assert_eq!(user.logged("reply.done"), 1);
}

#[test]
fn texts_and_replies_take_no_room_from_each_other() {
    let user = User::texted(6);
    for number in 1..=6 {
        user.reply(&format!("A{number}"), number);
        user.sent(10 + number, number);
    }
    user.later(DELAY - SECOND).ring();
    assert_eq!(user.services.posts().len(), MOST_REPLIES);
    user.later(SECOND).ring();
    assert_eq!(user.tasks.len(), MOST_TEXTS + MOST_REPLIES);
}

#[test]
fn a_reply_is_posted_at_once_while_there_is_no_room_for_texts() {
    let user = User::texted(5);
    for number in 1..=5 {
        user.sent(10 + number, number);
    }
    user.later(DELAY).ring();
    assert_eq!(user.tasks.len(), MOST_TEXTS);
    user.reply("A1", 1);
    user.run();
    assert_eq!(user.services.posts(), ["A1"]);
}

#[test]
fn a_lease_outlasts_the_longest_attempt() {
    assert_eq!((LONGEST_ATTEMPT, LEASE), (SECOND * 30, SECOND * 45));
}

#[test]
fn a_text_that_is_prepared_for_too_long_does_not_leave_and_is_tried_again() {
    let user = User::due(1);
    user.begin_to_ring();
    user.later(LONGEST_ATTEMPT).tasks.run();
    assert!(user.services.texts().is_empty());
    assert_eq!(user.logged("notice.postponed"), 1);
    user.later(SECOND).ring();
    assert_eq!(user.services.texts(), ["m1"]);
}

#[test]
fn a_text_is_claimed_again_when_its_lease_ends_and_not_a_moment_before() {
    let mut user = User::due(1);
    user.ring();
    assert_eq!(user.services.texts(), ["m1"]);
    user.crash();
    user.later(LEASE - Span::from_millis(1)).ring();
    assert_eq!(user.services.texts(), ["m1"]);
    assert_eq!(
        user.driver.alarm_at(),
        Some(user.now.get() + Span::from_millis(1))
    );
    user.later(Span::from_millis(1)).ring();
    assert_eq!(user.services.texts(), ["m1", "m1"]);
    assert_eq!(user.logged("notice.interrupted"), 1);
}

#[test]
fn a_crash_before_a_task_ran_texts_once() {
    let mut user = User::due(1);
    user.begin_to_ring();
    user.crash();
    user.answer(Answer::Accepted);
    user.later(LEASE).ring();
    user.later(LEASE).ring();
    assert_eq!(user.services.texts(), ["m1"]);
    assert_eq!(user.logged("notice.sent"), 1);
}

#[test]
fn a_new_instance_has_room_for_everything() {
    let mut user = User::due(5);
    user.ring();
    user.crash();
    user.later(LEASE).ring();
    assert_eq!(user.tasks.len(), MOST_TEXTS);
}

#[test]
fn an_attempt_whose_turn_fails_is_tried_again_when_its_lease_ends() {
    let user = User::due(1);
    user.begin_to_ring();
    user.storage.refuse("INSERT OR REPLACE INTO links");
    user.run();
    assert_eq!(user.logged("record.storage_failed"), 1);
    assert_eq!(user.tasks.len(), 0);
    user.storage.refuse(None);
    user.answer(Answer::Accepted);
    user.later(LEASE).ring();
    assert_eq!(user.logged("notice.sent"), 1);
}

#[test]
fn an_accepted_text_is_stored_even_if_what_is_due_next_cannot_be_claimed() {
    let user = User::due(1);
    user.ring();
    user.sent(2, 2);
    user.later(DELAY);
    user.storage.refuse("UPDATE notices SET claims");
    user.answer(Answer::Accepted);
    user.run();
    assert_eq!(user.logged("notice.sent"), 1);
    assert_eq!(user.logged("record.storage_failed"), 1);
    user.storage.refuse(None);
    user.later(LEASE).ring();
    assert_eq!(user.services.texts(), ["m1", "m2"]);
}

#[test]
fn a_posted_reply_is_stored_even_if_what_is_due_next_cannot_be_claimed() {
    let user = User::texted(1);
    user.reply("A1", 1);
    user.run();
    user.sent(2, 2);
    user.later(DELAY);
    user.storage.refuse("UPDATE notices SET claims");
    user.answer(Answer::Accepted);
    user.run();
    assert_eq!(user.logged("reply.done"), 1);
    assert_eq!(user.services.posts(), ["A1"]);
}

#[test]
fn an_answer_that_came_while_the_whole_process_stood_still_counts() {
    let user = User::due(4);
    user.ring();
    user.later(LEASE * 2);
    user.begin_to_ring();
    user.answer(Answer::Accepted);
    user.run();
    assert_eq!(user.services.texts().len(), 4);
    assert_eq!(user.logged("notice.sent"), 4);
}

#[test]
fn an_attempt_that_is_still_without_an_answer_seconds_after_that_is_taken_for_lost() {
    let user = User::due(1);
    user.ring();
    user.later(LEASE * 2).ring();
    user.later(GRACE - SECOND).ring();
    assert_eq!(user.services.texts().len(), 1);
    user.later(SECOND).ring();
    assert_eq!(user.services.texts(), ["m1", "m1"]);
}

#[test]
fn a_reply_is_not_posted_again_after_such_a_pause() {
    let user = User::texted(1);
    user.reply("A1", 1);
    user.run();
    user.later(LEASE * 2);
    user.begin_to_ring();
    user.answer(Answer::Accepted);
    user.run();
    assert_eq!(user.services.posts(), ["A1"]);
}
