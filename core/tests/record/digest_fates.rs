//! What becomes of the messages of a digest one by one: retries, numbers, the interval and the cap.

use texting::{
    chat::{
        recheck::Recheck,
        status::{ReportOn, Status},
    },
    ids::MessageId,
    phone::Number,
    record::{
        claim::{LEASE, TextClaim},
        outcome::TextOutcome,
        policy::DigestPolicy,
    },
    time::{DAY, HOUR, MINUTE, SECOND, Span},
};

use crate::support::{Dispatched, NUMBERS, User, failed, message_id, perhaps_taken};

/// A user whose texts are digests, with messages that are due.
fn due(messages: &[u32]) -> User {
    let mut user = User::new();
    user.policy.digest = Some(DigestPolicy {
        interval: Span::ZERO,
    });
    for message in messages {
        user.sent(*message, 1);
    }
    user.later(MINUTE * 10);
    user
}

fn due_with_interval(messages: &[u32], interval: Span) -> User {
    let mut user = due(messages);
    user.policy.digest = Some(DigestPolicy { interval });
    user
}

fn covered(claim: &TextClaim) -> Vec<MessageId> {
    claim.covered().all()
}

fn ids(messages: &[u32]) -> Vec<MessageId> {
    messages.iter().copied().map(message_id).collect()
}

fn accepted(number: &str) -> TextOutcome {
    TextOutcome::Accepted {
        number: Number::from_digits(number),
    }
}

fn refused(number: &str) -> TextOutcome {
    TextOutcome::NumberRefused {
        number: Number::from_digits(number),
        why: "not from this number".to_owned(),
    }
}

fn read(user: &User, message: u32) {
    user.turn(|record| record.receipt(&message_id(message), Status::Read));
}

fn perhaps_taken_of(user: &User, message: u32) -> i64 {
    user.notice(&message_id(message))
        .unwrap()
        .tries
        .perhaps_taken
}

#[test]
fn what_is_left_of_a_text_that_failed_waits_for_its_own_delay() {
    let mut user = due(&[1]);
    user.sent(2, 1);
    let due = user.now + MINUTE * 10;
    let claim = user.dispatch().unwrap().claim;
    user.end(&claim, failed());
    read(&user, 1);
    user.later(MINUTE);
    assert_eq!(user.claim(), None);
    assert_eq!(user.wake(), Some(due));
}

#[test]
fn what_is_left_of_a_text_without_words_waits_for_its_own_delay() {
    let user = due(&[1]);
    user.sent(2, 1);
    let claim = user.claim().unwrap();
    let covered = user.unread(&claim, Recheck::Unknown).unwrap();
    let blank = [message_id(1)];
    let left = user.turn(|record| record.without_blanks(&claim, &covered, &blank));
    assert_eq!(left, None);
    assert_eq!(user.wake(), Some(user.now + MINUTE * 10));
}

#[test]
fn nothing_waits_for_the_retry_of_a_message_that_is_read() {
    let mut user = due(&[2]);
    let claim = user.dispatch().unwrap().claim;
    user.end(&claim, TextOutcome::OperatorFault("no credit".to_owned()));
    user.sent(1, 1);
    user.later(SECOND);
    read(&user, 2);
    assert_eq!(user.wake(), Some(user.now - SECOND + MINUTE * 10));
}

#[test]
fn a_hold_before_the_first_try_is_no_part_of_the_six_hours() {
    let mut user = due(&[2]);
    let claim = user.claim().unwrap();
    user.turn(|record| record.hold(&claim, user.now + HOUR, "quiet"));
    user.sent(1, 1);
    user.later(MINUTE * 10);
    for _ in 0..10 {
        user.later(HOUR);
        let claim = user.claim().unwrap();
        user.turn(|record| record.hold(&claim, user.now + HOUR, "quiet"));
    }
    user.later(HOUR);
    let claim = user.dispatch().unwrap().claim;
    user.end(&claim, failed());
    assert!(user.notice(&message_id(2)).is_some());
}

#[test]
fn a_claim_for_a_retry_is_given_back_if_nothing_of_that_text_is_left() {
    let mut user = due_with_interval(&[2], HOUR);
    let claim = user.dispatch().unwrap().claim;
    user.end(&claim, perhaps_taken());
    user.sent(1, 1);
    user.later(MINUTE * 10);
    let retry = user.claim().unwrap();
    assert_eq!((covered(&retry), retry.in_doubt), (ids(&[1, 2]), true));
    let answers = [Recheck::Unknown, Recheck::Status(Status::Read)];
    let left = user.still_unread(&retry, &answers);
    assert_eq!(left, None);
    assert_eq!(user.wake(), Some(user.now + MINUTE * 50));
}

#[test]
fn the_interval_follows_a_text_that_may_have_arrived_at_the_same_phone() {
    let mut user = due_with_interval(&[1], HOUR);
    user.text().unwrap();
    user.later(HOUR);
    user.sent(2, 1);
    user.later(MINUTE * 10);
    let claim = user.dispatch().unwrap().claim;
    user.end(&claim, perhaps_taken());
    user.sent(3, 1);
    read(&user, 2);
    assert_eq!(user.wake(), Some(user.now + HOUR));
}

#[test]
fn an_attempt_that_ends_before_its_text_left_begins_no_interval() {
    let mut user = due_with_interval(&[1], HOUR);
    user.text().unwrap();
    let texted_at = user.now;
    user.sent(2, 1);
    user.later(HOUR + MINUTE);
    user.sent(3, 1);
    let claim = user.claim().unwrap();
    assert!(user.number_for(&claim).is_some());
    let answers = [Recheck::Status(Status::Read), Recheck::Unknown];
    user.still_unread(&claim, &answers);
    assert!(texted_at + HOUR < user.now);
    assert_eq!(user.wake(), Some(user.now + MINUTE * 10));
}

#[test]
fn it_does_so_if_the_message_that_held_the_claim_is_read_as_it_ends() {
    let mut user = due(&[1, 2]);
    user.dispatch().unwrap();
    user.later(LEASE);
    read(&user, 1);
    assert_eq!(perhaps_taken_of(&user, 2), 1);
    assert!(user.claim().unwrap().in_doubt);
}

#[test]
fn a_late_answer_lets_nothing_leave_that_a_later_text_covers() {
    let mut user = due(&[1]);
    let Dispatched { claim, number } = user.dispatch().unwrap();
    user.sent(2, 1);
    user.later(LEASE);
    let second = user.dispatch().unwrap().claim;
    assert_eq!(covered(&second), ids(&[1, 2]));
    user.later(MINUTE * 10 - LEASE);
    user.turn(|record| record.extend_text(&second, user.now + SECOND));
    user.end(&claim, TextOutcome::Accepted { number });
    assert_eq!(user.claim(), None);
    user.end(&second, accepted(NUMBERS[0]));
    assert_eq!(user.wake(), None);
}

#[test]
fn a_message_that_joined_moves_on_to_the_numbers_that_it_was_not_refused_from() {
    let mut user = due(&[1]);
    user.policy.numbers.truncate(2);
    let claim = user.dispatch().unwrap().claim;
    user.end(&claim, refused(NUMBERS[0]));
    user.sent(2, 1);
    user.later(SECOND);
    let Dispatched { claim, number } = user.dispatch().unwrap();
    assert_eq!((covered(&claim), &*number), (ids(&[1, 2]), NUMBERS[1]));
    user.end(&claim, refused(NUMBERS[1]));
    assert_eq!(user.notice(&message_id(1)), None);
    user.later(MINUTE * 10);
    let Dispatched { claim, number } = user.dispatch().unwrap();
    assert_eq!((covered(&claim), &*number), (ids(&[2]), NUMBERS[0]));
}

#[test]
fn a_message_that_was_never_refused_waits_for_another_number() {
    let mut user = due(&[1]);
    let claim = user.dispatch().unwrap().claim;
    user.end(&claim, refused(NUMBERS[0]));
    user.policy.numbers.truncate(1);
    user.sent(2, 1);
    user.later(SECOND);
    let claim = user.claim().unwrap();
    assert_eq!(user.number_for(&claim), None);
    assert_eq!(user.notice(&message_id(1)), None);
    assert!(user.notice(&message_id(2)).is_some());
    assert_eq!(user.wake(), Some(user.now - SECOND + MINUTE * 10));
}

/// A user who may get one text in 24 hours.
fn capped(messages: &[u32]) -> User {
    let mut user = due(messages);
    user.policy.max_texts_per_day = Some(1);
    user
}

#[test]
fn over_the_cap_a_conversation_waits_until_the_last_text_is_a_day_old() {
    let mut user = capped(&[1]);
    user.text().unwrap();
    let texted_at = user.now;
    user.sent(2, 1);
    user.later(MINUTE * 10);
    assert_eq!(user.claim_and_cap(), None);
    assert_eq!(user.wake(), Some(texted_at + DAY));
    user.now = texted_at + DAY;
    assert!(user.text().is_some());
}

#[test]
fn a_text_counts_though_an_earlier_claim_ended_before_its_text_left() {
    let mut user = capped(&[1]);
    user.claim().unwrap();
    user.later(LEASE);
    user.text().unwrap();
    user.sent(2, 2);
    user.later(MINUTE * 10);
    assert_eq!(user.claim_and_cap(), None);
}

#[test]
fn a_retry_of_a_text_that_counts_is_no_other_one() {
    let mut user = capped(&[1]);
    let claim = user.dispatch().unwrap().claim;
    user.end(&claim, perhaps_taken());
    user.later(MINUTE);
    assert!(user.text().is_some());
}

#[test]
fn a_text_counts_from_its_last_try() {
    let mut user = capped(&[1]);
    let claim = user.dispatch().unwrap().claim;
    user.end(&claim, perhaps_taken());
    user.later(HOUR);
    user.text().unwrap();
    let texted_at = user.now;
    user.sent(2, 2);
    user.later(MINUTE * 10);
    assert_eq!(user.claim_and_cap(), None);
    assert_eq!(user.wake(), Some(texted_at + DAY));
}

#[test]
fn a_retry_that_nexmo_did_not_take_does_not_count_for_what_joined_it() {
    let mut user = capped(&[1]);
    let first = user.dispatch().unwrap().claim;
    user.end(&first, perhaps_taken());
    user.sent(2, 1);
    user.later(MINUTE);
    let second = user.dispatch().unwrap().claim;
    assert_eq!(covered(&second), ids(&[1, 2]));
    user.end(&second, failed());
    user.later(MINUTE * 10);
    user.claim().unwrap();
    user.later(LEASE);
    read(&user, 1);
    assert_eq!(user.claim_and_cap(), None);
}

#[test]
fn a_message_that_an_operator_retries_is_another_text() {
    let mut user = capped(&[1]);
    let Dispatched { claim, .. } = user.dispatch().unwrap();
    user.end(&claim, perhaps_taken());
    for _ in 0..2 {
        user.later(MINUTE);
        user.claim().unwrap();
        user.later(LEASE);
    }
    assert_eq!(user.claim(), None);
    user.turn(|record| record.retry(1));
    user.claim().unwrap();
    user.later(LEASE);
    assert_eq!(user.claim_and_cap(), None);
}

#[test]
fn a_message_beyond_the_first_ten_that_is_due_and_justifies_nothing_ends() {
    let mut user = due(&[]);
    user.policy.report_on = ReportOn {
        sent: false,
        delivered: true,
    };
    (1..=11).for_each(|message| {
        user.sent(message, 1);
    });
    user.later(MINUTE * 10);
    let claim = user.claim().unwrap();
    assert_eq!(covered(&claim), ids(&(1..=10).collect::<Vec<_>>()));
    assert_eq!(user.notice(&message_id(11)), None);
}
