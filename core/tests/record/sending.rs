use texting::{
    chat::{recheck::Recheck, status::Status},
    record::{claim::LEASE, ending::Dropped, outcome::TextOutcome, wake::Room},
    time::{DAY, MINUTE, Span},
};

use crate::support::{Dispatched, EVERYTHING, PHONE, User, due, failed, message_id, reply};

#[test]
fn a_crash_after_the_claim_ends_in_another_try_when_the_lease_does() {
    let mut user = due();
    user.dispatch().unwrap();
    assert_eq!(user.wake(), Some(user.now + LEASE));
    user.later(LEASE - Span::from_millis(1));
    assert_eq!(user.claim(), None);
    assert_eq!(user.later(Span::from_millis(1)).claim().unwrap().claim, 2);
}

#[test]
fn a_claim_counts_until_its_lease_ends_or_another_is_taken() {
    let mut user = due();
    let counts = |user: &User, claim| user.unread(claim, Recheck::Unknown).is_some();
    let first = user.claim().unwrap();
    user.later(LEASE - Span::from_millis(1));
    assert!(counts(&user, &first));
    user.later(Span::from_millis(1));
    assert!(!counts(&user, &first));
    let second = user.claim().unwrap();
    assert!(counts(&user, &second) && !counts(&user, &first));
}

#[test]
fn a_wake_up_stands_even_when_every_attempt_outlived_its_lease() {
    let mut user = due();
    user.dispatch().unwrap();
    let full = Room {
        texts: false,
        replies: true,
    };
    let wake = |user: &User| user.turn(|record| record.next_wake(full));
    assert_eq!(wake(&user), Some(user.now + LEASE));
    user.later(LEASE * 2);
    assert_eq!(wake(&user), Some(user.now + LEASE));
    user.turn(|record| record.receipt(&message_id(1), Status::Read));
    assert_eq!(wake(&user), None);
}

#[test]
fn a_wake_up_is_found_for_the_room_that_there_is() {
    let user = due();
    let full = Room {
        texts: false,
        replies: true,
    };
    let wakes = user.turn(|record| {
        let wake = |room| record.next_wake(room);
        Ok([wake(full)?, wake(EVERYTHING)?, wake(full)?])
    });
    let later = Some(user.now + LEASE);
    assert_eq!(wakes, [later, Some(user.now), later]);
}

#[test]
fn a_message_that_is_read_while_its_text_is_prepared_does_not_leave() {
    let user = due();
    let claim = user.claim().unwrap();
    user.turn(|record| record.receipt(&message_id(1), Status::Read));
    assert!(user.unread(&claim, Recheck::Unknown).is_none());
    assert!(user.notice(&message_id(1)).is_none());
}

#[test]
fn nothing_leaves_once_the_user_sent_stop_while_it_was_prepared() {
    let mut user = due();
    let Dispatched { claim, number } = user.dispatch().unwrap();
    user.end(
        &claim,
        TextOutcome::Accepted {
            number: number.clone(),
        },
    );
    user.sent(2, 1);
    user.later(MINUTE * 10);
    let claim = user.claim().unwrap();
    assert!(user.unread(&claim, Recheck::Unknown).is_some());
    user.inbound(&reply("A1", &number, "STOP"));
    assert!(!user.may_leave(&claim, &number, PHONE));
    assert!(user.notice(&message_id(2)).is_none());
}

#[test]
fn a_message_that_is_read_after_its_text_left_is_sent_all_the_same() {
    let user = due();
    let Dispatched { claim, number } = user.dispatch().unwrap();
    user.turn(|record| record.receipt(&message_id(1), Status::Read));
    user.end(&claim, TextOutcome::Accepted { number });
    assert!(user.links()[0].introduced);
    assert_eq!(user.wake(), None);
}

#[test]
fn a_message_that_is_read_between_two_tries_is_dropped_and_its_new_link_goes() {
    let user = due();
    let Dispatched { claim, .. } = user.dispatch().unwrap();
    user.turn(|record| record.receipt(&message_id(1), Status::Read));
    user.end(&claim, failed());
    assert_eq!(user.wake(), None);
    assert!(user.links().is_empty());
}

#[test]
fn layers_own_word_ends_a_notice() {
    for (recheck, reports) in [
        (Recheck::Gone, true),
        (Recheck::NotListed, true),
        (Recheck::Status(Status::Read), true),
        (Recheck::Status(Status::Delivered), false),
    ] {
        let mut user = due();
        user.policy.report_on.delivered = reports;
        let claim = user.claim().unwrap();
        assert!(user.unread(&claim, recheck).is_none(), "{recheck:?}");
        assert_eq!(user.wake(), None, "{recheck:?}");
    }
}

#[test]
fn a_message_that_is_read_as_its_lease_ends_waits_no_more() {
    let mut user = due();
    user.dispatch().unwrap();
    user.later(LEASE);
    user.turn(|record| record.receipt(&message_id(1), Status::Read));
    assert!(user.notice(&message_id(1)).is_none());
}

#[test]
fn a_recheck_that_says_what_is_known_writes_nothing() {
    let user = due();
    let claim = user.claim().unwrap();
    let written = user.rows_written();
    let unchanged = Recheck::Status(Status::Sent);
    assert!(user.unread(&claim, unchanged).is_some());
    assert_eq!(user.rows_written(), written);
}

#[test]
fn an_accepted_text_is_not_sent_again_even_if_its_claim_was_taken_over() {
    let mut user = due();
    let Dispatched {
        claim: first,
        number,
    } = user.dispatch().unwrap();
    user.later(LEASE);
    let second = user.claim().unwrap();
    user.end(&first, TextOutcome::Accepted { number });
    assert!(user.unread(&second, Recheck::Unknown).is_none());
    assert_eq!(user.wake(), None);
}

#[test]
fn the_outcome_of_a_claim_that_ended_lets_nothing_pass_a_message_that_is_being_sent() {
    let mut user = User::new();
    user.sent(9, 1);
    user.later(MINUTE * 10);
    let Dispatched { claim: late, .. } = user.dispatch().unwrap();
    user.sent(5, 1);
    user.later(MINUTE * 10);
    user.dispatch().unwrap();
    user.policy.delay = Span::ZERO;
    user.sent(1, 1);
    user.end(&late, failed());
    assert_eq!(user.claim(), None);
}

#[test]
fn the_outcome_of_a_claim_that_was_taken_over_changes_nothing() {
    let mut user = due();
    let Dispatched { claim: first, .. } = user.dispatch().unwrap();
    user.later(LEASE);
    let Dispatched {
        claim: second,
        number,
    } = user.dispatch().unwrap();
    user.end(&first, TextOutcome::Dropped(Dropped::Blank));
    user.end(&second, TextOutcome::Accepted { number });
    assert!(user.links()[0].introduced);
}

#[test]
fn twenty_failures_are_kept_for_thirty_days() {
    let mut user = User::new();
    for message in 1..=25 {
        user.sent(message, message);
        user.later(MINUTE * 10);
        let Dispatched { claim, number } = user.dispatch().unwrap();
        user.end(
            &claim,
            TextOutcome::Refused {
                number,
                why: "barred".to_owned(),
            },
        );
    }
    let failures = user.turn(|record| record.kept_failures());
    assert_eq!(
        (failures.len(), failures[0].message_id.as_str()),
        (20, message_id(25).as_str())
    );
    user.later(DAY * 31);
    assert!(user.turn(|record| record.kept_failures()).is_empty());
}
