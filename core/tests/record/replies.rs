//! Claims on replies: taken in order, ended by their outcome.

use texting::{
    record::{
        claim::LEASE,
        reply::{ReplyClaim, ReplyOutcome},
    },
    time::{HOUR, MINUTE, Span},
};

use crate::support::{NUMBERS, User, reply};

pub fn linked() -> User {
    let mut user = User::new();
    user.sent(1, 1);
    user.later(MINUTE * 10).text();
    user
}

pub fn claim(user: &User) -> Option<ReplyClaim> {
    user.turn(|record| record.claim_reply())
}

pub fn end(user: &User, claim: &ReplyClaim, outcome: ReplyOutcome) {
    user.turn(|record| record.reply_ended(claim, outcome, 0));
}

#[test]
fn replies_of_a_conversation_leave_in_order_and_others_do_not_wait() {
    let mut user = linked();
    user.sent(2, 2);
    user.later(MINUTE * 10).text();
    for (id, number) in [("A1", 0), ("A2", 0), ("B1", 1)] {
        user.inbound(&reply(id, NUMBERS[number], id));
    }
    let (first, other) = (claim(&user).unwrap(), claim(&user).unwrap());
    assert_eq!(
        (
            first.reply.message_id.as_str(),
            other.reply.message_id.as_str()
        ),
        ("A1", "B1")
    );
    assert_eq!(claim(&user), None);
    end(&user, &first, ReplyOutcome::Failed("HTTP 500".to_owned()));
    assert_eq!(claim(&user), None);
    end(&user, &other, ReplyOutcome::Done);
    user.now = user.wake().unwrap();
    let again = claim(&user).unwrap();
    assert_eq!(again.reply.message_id.as_str(), "A1");
    end(&user, &again, ReplyOutcome::Done);
    assert_eq!(claim(&user).unwrap().reply.message_id.as_str(), "A2");
}

#[test]
fn a_crash_while_posting_ends_in_another_try() {
    let mut user = linked();
    user.inbound(&reply("A1", NUMBERS[0], "hello"));
    claim(&user).unwrap();
    assert_eq!(user.wake(), Some(user.now + LEASE));
    user.later(LEASE);
    assert_eq!(claim(&user).unwrap().claim, 2);
}

/// A reply that was claimed, and claimed again when its lease ended.
fn claimed_twice() -> (User, ReplyClaim, ReplyClaim) {
    let mut user = linked();
    user.inbound(&reply("A1", NUMBERS[0], "hello"));
    let first = claim(&user).unwrap();
    user.later(LEASE);
    let second = claim(&user).unwrap();
    (user, first, second)
}

fn may_act(user: &User, claim: &ReplyClaim) -> bool {
    user.turn(|record| record.may_act(claim))
}

#[test]
fn a_claim_on_a_reply_counts_until_its_lease_ends_or_another_is_taken() {
    let mut user = linked();
    user.inbound(&reply("A1", NUMBERS[0], "hello"));
    let first = claim(&user).unwrap();
    user.later(LEASE - Span::from_millis(1));
    assert!(may_act(&user, &first));
    user.later(Span::from_millis(1));
    assert!(!may_act(&user, &first));
    let second = claim(&user).unwrap();
    assert!(may_act(&user, &second) && !may_act(&user, &first));
}

#[test]
fn a_failure_of_a_claim_on_a_reply_that_was_taken_over_changes_nothing() {
    let (user, first, second) = claimed_twice();
    for why in [ReplyOutcome::Failed, ReplyOutcome::Refused] {
        end(&user, &first, why("HTTP 422".to_owned()));
        assert!(may_act(&user, &second));
    }
    assert!(user.turn(|record| record.kept_failures()).is_empty());
}

#[test]
fn a_reply_that_was_posted_is_done_even_if_its_claim_was_taken_over() {
    let (user, first, second) = claimed_twice();
    end(&user, &first, ReplyOutcome::Done);
    assert!(!may_act(&user, &second));
    assert_eq!(user.wake(), None);
}

#[test]
fn a_reply_is_tried_for_a_day_and_then_kept_as_a_failure() {
    let mut user = linked();
    user.inbound(&reply("A1", NUMBERS[0], "hello"));
    let start = user.now;
    while let Some(claimed) = claim(&user) {
        end(&user, &claimed, ReplyOutcome::Failed("HTTP 503".to_owned()));
        let Some(wake) = user.wake() else { break };
        user.now = wake;
    }
    assert!((HOUR * 24..HOUR * 25).contains(&(user.now - start)));
    let kind = user.turn(|record| record.kept_failures())[0].kind;
    assert_eq!(<&str>::from(kind), "reply");
}

#[test]
fn each_failure_doubles_the_wait_and_an_operators_fault_waits_a_minute() {
    let mut user = linked();
    user.inbound(&reply("A1", NUMBERS[0], "hello"));
    for millis in [500, 1_000] {
        let claimed = claim(&user).unwrap();
        end(&user, &claimed, ReplyOutcome::Failed("HTTP 503".to_owned()));
        let wait = Span::from_millis(millis);
        assert_eq!(user.wake(), Some(user.now + wait));
        user.later(wait);
    }
    let claimed = claim(&user).unwrap();
    end(
        &user,
        &claimed,
        ReplyOutcome::OperatorFault("HTTP 401".to_owned()),
    );
    assert_eq!(user.wake(), Some(user.now + MINUTE));
}
