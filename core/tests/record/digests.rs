//! Digests: one text for what waits unread in a conversation.

use texting::{
    chat::{
        recheck::Recheck,
        status::{ReportOn, Status},
    },
    ids::{MessageId, Position},
    phone::Number,
    record::{
        claim::{LEASE, TextClaim},
        command::{Outcome, Sent},
        covered::Covered,
        outcome::{Ended, TextOutcome},
        policy::DigestPolicy,
    },
    time::{MINUTE, SECOND, Span},
};

use crate::support::{Dispatched, NUMBERS, User, failed, message_id, message_of, perhaps_taken};

fn digests() -> User {
    let mut user = User::new();
    user.policy.digest = Some(DigestPolicy {
        interval: Span::ZERO,
    });
    user
}

/// A user with messages of one conversation, a minute apart. The first one is due.
fn due(messages: u32) -> User {
    let mut user = digests();
    for message in 1..=messages {
        user.sent(message, 1);
        user.later(SECOND);
    }
    user.later(MINUTE * 10 - SECOND * i64::from(messages));
    user
}

fn ids(messages: impl IntoIterator<Item = u32>) -> Vec<MessageId> {
    messages.into_iter().map(message_id).collect()
}

fn waits(user: &User, message: u32) -> bool {
    user.notice(&message_id(message)).is_some()
}

fn perhaps_taken_of(user: &User, message: u32) -> i64 {
    let notice = user.notice(&message_id(message)).unwrap();
    notice.tries.perhaps_taken
}

/// The claim's text covers what the chat says is unread, and its try ends like this.
fn end(user: &User, claim: &TextClaim, covered: Covered, outcome: TextOutcome) {
    let ended = Ended {
        outcome,
        covered,
        trace: None,
    };
    user.turn(|record| record.text_ended(claim, &ended, 0));
}

fn accepted() -> TextOutcome {
    TextOutcome::Accepted {
        number: Number::from_digits(NUMBERS[0]),
    }
}

#[test]
fn a_text_covers_all_messages_even_one_that_came_just_now() {
    let user = due(3);
    user.sent(4, 1);
    let claim = user.claim().unwrap();
    assert_eq!(claim.covered().all(), ids(1..=4));
    assert_eq!(user.claim(), None);
}

#[test]
fn the_window_begins_with_the_oldest_message_and_never_slides() {
    let mut user = digests();
    user.sent(1, 1);
    let due = user.wake();
    for message in 2..9 {
        user.later(MINUTE);
        user.sent(message, 1);
        assert_eq!(user.wake(), due);
    }
}

#[test]
fn a_message_that_goes_first_but_arrives_late_does_not_put_the_others_off() {
    let mut user = digests();
    let sent = |message, position| Sent {
        position: Some(Position::new(position)),
        ..message_of(message, 1)
    };
    user.turn(|record| record.message(&sent(1, 7)));
    let due = user.wake();
    user.later(MINUTE);
    user.turn(|record| record.message(&sent(2, 3)));
    assert_eq!(user.wake(), due);
    user.later(MINUTE * 9);
    assert_eq!(user.claim().unwrap().covered().all(), ids([2, 1]));
}

#[test]
fn conversations_are_texted_apart() {
    let mut user = digests();
    for message in 1..=4 {
        user.sent(message, message % 2);
    }
    user.later(MINUTE * 10);
    let claims = [user.claim().unwrap(), user.claim().unwrap()];
    let mut covered = claims.map(|claim| claim.covered().all());
    covered.sort();
    assert_eq!(covered, [ids([1, 3]), ids([2, 4])]);
}

#[test]
fn acceptance_ends_what_the_text_covered_and_nothing_else() {
    let mut user = due(12);
    let Dispatched { claim, .. } = user.dispatch().unwrap();
    assert_eq!((claim.asked.len(), claim.counted.len()), (10, 2));
    user.later(SECOND);
    user.sent(13, 1);
    user.end(&claim, accepted());
    let waiting: Vec<u32> = (1..=13).filter(|it| waits(&user, *it)).collect();
    assert_eq!(waiting, [13]);
    assert_eq!(user.sent(12, 1), Outcome::Known);
    assert_eq!(user.wake(), Some(user.now + MINUTE * 10));
}

#[test]
fn a_message_that_was_read_is_left_out() {
    let user = due(3);
    let claim = user.claim().unwrap();
    let read = Recheck::Status(Status::Read);
    let unread = Recheck::Status(Status::Sent);
    let covered = user.still_unread(&claim, &[unread, read, unread]);
    assert_eq!(covered.unwrap().shown, ids([1, 3]));
    assert!(!waits(&user, 2));
}

#[test]
fn if_the_first_message_was_read_another_claim_follows_for_the_others_once_they_are_due() {
    let mut user = due(2);
    let claim = user.claim().unwrap();
    let answers = [Recheck::Status(Status::Read), Recheck::Status(Status::Sent)];
    assert_eq!(user.still_unread(&claim, &answers), None);
    assert_eq!(user.claim(), None);
    user.later(SECOND);
    assert_eq!(user.claim().unwrap().covered().all(), ids([2]));
}

#[test]
fn if_none_of_ten_is_left_the_next_ten_are_asked_about() {
    let mut user = due(23);
    user.later(MINUTE);
    let claim = user.claim().unwrap();
    assert_eq!(user.unread(&claim, Recheck::Gone), None);
    let claim = user.claim().unwrap();
    assert_eq!(claim.covered().shown, ids(11..=20));
    assert_eq!(claim.counted, ids(21..=23));
}

#[test]
fn none_left_at_all_makes_no_text() {
    let user = due(3);
    let claim = user.claim().unwrap();
    assert_eq!(user.unread(&claim, Recheck::NotListed), None);
    assert_eq!((user.claim(), user.wake()), (None, None));
}

#[test]
fn a_message_that_does_not_justify_a_text_yet_stays() {
    let mut user = digests();
    user.policy.report_on = ReportOn {
        sent: false,
        delivered: true,
    };
    user.sent(1, 1);
    user.turn(|record| record.receipt(&message_id(1), Status::Delivered));
    user.later(MINUTE);
    user.sent(2, 1);
    user.sent(3, 1);
    user.turn(|record| record.receipt(&message_id(3), Status::Delivered));
    user.later(MINUTE * 9);
    let Dispatched { claim, .. } = user.dispatch().unwrap();
    assert_eq!(claim.covered().all(), ids([1, 3]));
    user.end(&claim, accepted());
    assert!(waits(&user, 2));
    assert_eq!(user.wake(), Some(user.now + MINUTE));
}

#[test]
fn a_blank_message_ends_alone() {
    let user = due(3);
    let claim = user.claim().unwrap();
    let covered = user.unread(&claim, Recheck::Unknown).unwrap();
    let left = user.turn(|record| record.without_blanks(&claim, &covered, &ids([2])));
    assert_eq!(left.unwrap().shown, ids([1, 3]));
    assert!(!waits(&user, 2));
}

#[test]
fn a_message_that_is_read_while_its_text_is_made_stops_it() {
    let user = due(2);
    let claim = user.claim().unwrap();
    user.unread(&claim, Recheck::Unknown).unwrap();
    let number = Number::from_digits(NUMBERS[0]);
    user.number_for(&claim).unwrap();
    user.turn(|record| record.receipt(&message_id(2), Status::Read));
    assert!(!user.may_leave(&claim, &number, crate::support::PHONE));
    assert_eq!(user.claim().unwrap().covered().all(), ids([1]));
}

#[test]
fn a_retry_covers_what_came_since() {
    let mut user = due(2);
    let Dispatched { claim, .. } = user.dispatch().unwrap();
    user.end(&claim, failed());
    user.sent(3, 1);
    user.turn(|record| record.receipt(&message_id(1), Status::Read));
    assert_eq!(user.claim(), None);
    user.later(SECOND);
    assert_eq!(user.claim().unwrap().covered().all(), ids([2, 3]));
}

#[test]
fn a_message_that_came_after_a_failure_waits_for_the_retry() {
    let mut user = due(1);
    for _ in 0..8 {
        let Dispatched { claim, .. } = user.dispatch().unwrap();
        user.end(&claim, failed());
        user.later(MINUTE * 5);
    }
    let Dispatched { claim, .. } = user.dispatch().unwrap();
    user.end(&claim, TextOutcome::OperatorFault("no credit".to_owned()));
    let retry = user.wake().unwrap();
    user.sent(2, 1);
    assert_eq!(user.wake(), Some(retry));
}

#[test]
fn tries_count_for_each_message_and_one_that_reaches_its_end_leaves() {
    let mut user = due(1);
    for _ in 0..2 {
        let Dispatched { claim, .. } = user.dispatch().unwrap();
        user.end(&claim, perhaps_taken());
        user.later(MINUTE);
    }
    user.sent(2, 1);
    let Dispatched { claim, .. } = user.dispatch().unwrap();
    assert!(claim.in_doubt);
    assert_eq!(claim.covered().all(), ids([1, 2]));
    user.end(&claim, perhaps_taken());
    assert!(!waits(&user, 1));
    assert_eq!(perhaps_taken_of(&user, 2), 1);
    let failures = user.turn(|record| record.kept_failures());
    assert_eq!(failures.len(), 1);
}

#[test]
fn a_lease_that_ends_without_an_outcome_counts_for_all_that_the_text_covered() {
    let mut user = due(12);
    user.dispatch().unwrap();
    user.later(LEASE);
    user.sent(13, 1);
    let claim = user.claim().unwrap();
    assert_eq!(claim.covered().count(), 13);
    assert!(claim.in_doubt);
    let counts: Vec<i64> = (1..=13).map(|it| perhaps_taken_of(&user, it)).collect();
    assert_eq!(counts, [vec![1; 12], vec![0]].concat());
}

#[test]
fn each_message_of_a_refused_text_is_a_failure_of_its_own_and_can_be_retried() {
    let user = due(2);
    let Dispatched { claim, number } = user.dispatch().unwrap();
    let why = "barred".to_owned();
    user.end(&claim, TextOutcome::Refused { number, why });
    let failures = user.turn(|record| record.kept_failures());
    assert_eq!(failures.len(), 2);
    assert_eq!(user.wake(), None);
    for failure in failures {
        user.turn(|record| record.retry(failure.seq));
    }
    assert_eq!(user.claim().unwrap().covered().count(), 2);
}

#[test]
fn a_retried_failure_does_not_wait_for_younger_messages() {
    let user = due(1);
    let Dispatched { claim, number } = user.dispatch().unwrap();
    let why = "barred".to_owned();
    user.end(&claim, TextOutcome::Refused { number, why });
    user.sent(2, 1);
    let seq = user.turn(|record| record.kept_failures())[0].seq;
    user.turn(|record| record.retry(seq));
    assert_eq!(user.claim().unwrap().covered().count(), 2);
}

#[test]
fn a_digest_writes_three_rows_for_each_further_message() {
    let rows = |messages| {
        let mut user = digests();
        user.sent(100, 1);
        user.later(MINUTE * 10);
        user.text().unwrap();
        let before = user.rows_written();
        for message in 1..=messages {
            user.sent(message, 1);
        }
        user.later(MINUTE * 10);
        user.text().unwrap();
        user.rows_written() - before
    };
    assert_eq!(rows(5) - rows(1), 4 * 3);
}

#[test]
fn a_claim_of_a_record_that_had_no_digests_yet_covers_its_own_message() {
    let mut user = User::new();
    user.sent(1, 1);
    user.sent(2, 1);
    user.later(MINUTE * 10);
    user.dispatch().unwrap();
    user.policy.digest = Some(DigestPolicy {
        interval: Span::ZERO,
    });
    user.later(LEASE);
    let claim = user.claim().unwrap();
    assert_eq!(claim.covered().all(), ids([1, 2]));
    assert_eq!(
        (perhaps_taken_of(&user, 1), perhaps_taken_of(&user, 2)),
        (1, 0)
    );
    end(&user, &claim, claim.covered(), failed());
    user.policy.digest = None;
    user.later(MINUTE);
    assert_eq!(user.claim().unwrap().covered().all(), ids([1]));
}
