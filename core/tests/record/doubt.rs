//! Texts that Nexmo may have taken without our knowing: replies to them find their conversation, and they are
//! not sent again and again.

use texting::{
    chat::{recheck::Recheck, status::Status},
    phone::Phone,
    record::{
        claim::{LEASE, TextClaim},
        command::Outcome,
        ending::{Dropped, Ending},
        outcome::TextOutcome,
        reply::ReplyOutcome,
        tables::seen::Seen,
    },
    sms::inbound::InboundText,
    time::{DAY, MINUTE, SECOND, Span},
};

use crate::support::{
    Dispatched, NUMBERS, PHONE, User, conversation_id, due, failed, message_id, perhaps_taken,
    reply,
};

const WEEK: Span = DAY.times(7);
const NEW_PHONE: &str = "15550102031";

/// The ways in which it stays unknown whether a text was taken, the message being read meanwhile.
const WAYS: [fn(&mut User, &TextClaim); 5] = [
    |user, claim| {
        user.turn(|record| record.receipt(&claim.message_id, Status::Read));
        user.end(claim, perhaps_taken());
    },
    |user, claim| {
        user.end(claim, perhaps_taken());
        user.turn(|record| record.receipt(&claim.message_id, Status::Read));
    },
    |user, claim| {
        user.later(LEASE);
        user.turn(|record| record.receipt(&claim.message_id, Status::Read));
    },
    |user, claim| {
        user.turn(|record| record.message_deleted(&claim.message_id));
        user.later(LEASE);
        assert_eq!(user.claim(), None);
    },
    |user, claim| {
        user.later(LEASE);
        let next = user.claim().unwrap();
        assert!(next.in_doubt);
        let number = user.number_for(&next).unwrap();
        let number = number.number().unwrap().clone();
        user.end(claim, perhaps_taken());
        let why = "barred".to_owned();
        user.end(&next, TextOutcome::Refused { number, why });
    },
];

fn from(phone: &str, number: &str) -> InboundText {
    InboundText {
        phone: Phone::from_digits(phone),
        ..reply("A1", number, "hello")
    }
}

/// The conversation that a text from a phone to a number is posted into.
fn posted_into(user: &User, phone: &str, number: &str) -> Option<String> {
    let outcome = user.inbound(&from(phone, number));
    if outcome != Outcome::Stored {
        return None;
    }
    let claim = user.turn(|record| record.claim_reply()).unwrap();
    user.turn(|record| record.reply_ended(&claim, ReplyOutcome::Done, 0));
    Some(claim.reply.action.conversation().to_owned())
}

#[test]
fn a_reply_to_the_first_text_of_a_link_is_posted_whatever_becomes_of_the_notice() {
    for way in WAYS {
        let mut user = due();
        let Dispatched { claim, number } = user.dispatch().unwrap();
        way(&mut user, &claim);
        assert!(user.notice(&message_id(1)).is_none());
        user.later(WEEK - MINUTE * 2);
        let conversation = posted_into(&user, PHONE, &number);
        assert_eq!(conversation.as_deref(), Some(conversation_id(1).as_str()));
    }
}

#[test]
fn a_reply_on_a_number_taken_over_goes_to_the_new_conversation() {
    for way in WAYS {
        let mut user = User::new();
        user.policy.numbers.truncate(1);
        user.sent(9, 9);
        user.later(MINUTE * 10).text().unwrap();
        user.later(WEEK).sent(1, 1);
        user.later(MINUTE * 10);
        let Dispatched { claim, number } = user.dispatch().unwrap();
        way(&mut user, &claim);
        let conversation = posted_into(&user, PHONE, &number);
        assert_eq!(conversation.as_deref(), Some(conversation_id(1).as_str()));
    }
}

#[test]
fn a_number_on_which_a_text_may_have_left_is_not_given_to_a_third_conversation() {
    for way in WAYS {
        let mut user = due();
        user.policy.numbers.truncate(1);
        let Dispatched { claim, number } = user.dispatch().unwrap();
        way(&mut user, &claim);
        user.sent(2, 2);
        user.later(MINUTE * 10);
        assert_eq!(user.dispatch(), None);
        let no_number = Seen::Ended(Ending::Dropped(Dropped::NoNumber));
        assert_eq!(user.seen(&message_id(2)), Some(no_number));
        let conversation = posted_into(&user, PHONE, &number);
        assert_eq!(conversation.as_deref(), Some(conversation_id(1).as_str()));
    }
}

#[test]
fn replies_count_from_the_new_phone_and_from_the_old_one() {
    for way in WAYS {
        for phone in [PHONE, NEW_PHONE] {
            let mut user = User::new();
            user.sent(9, 1);
            user.later(MINUTE * 10).text().unwrap();
            user.sent(1, 1);
            user.later(MINUTE * 10);
            let Dispatched { claim, number } = user.dispatch_to(NEW_PHONE).unwrap();
            way(&mut user, &claim);
            let conversation = posted_into(&user, phone, &number);
            assert_eq!(
                conversation.as_deref(),
                Some(conversation_id(1).as_str()),
                "{phone}"
            );
        }
    }
}

#[test]
fn a_reply_between_a_crash_and_its_discovery_goes_to_the_conversation_that_was_texted_last() {
    let mut user = User::new();
    user.policy.numbers.truncate(1);
    user.sent(9, 9);
    user.later(MINUTE * 10).text().unwrap();
    user.later(WEEK).sent(1, 1);
    user.later(MINUTE * 10);
    let Dispatched { number, .. } = user.dispatch().unwrap();
    user.later(LEASE);
    let conversation = posted_into(&user, PHONE, &number);
    assert_eq!(conversation.as_deref(), Some(conversation_id(1).as_str()));
}

#[test]
fn the_former_conversation_does_not_take_back_a_number_on_which_another_may_have_been_texted() {
    let mut user = User::new();
    user.policy.numbers.truncate(1);
    user.sent(9, 9);
    user.later(MINUTE * 10).text().unwrap();
    user.later(WEEK).sent(1, 1);
    user.later(SECOND).sent(8, 9);
    user.later(MINUTE * 10);
    user.dispatch().unwrap();
    let other = user.claim().unwrap();
    user.later(LEASE - SECOND);
    user.turn(|record| record.extend_text(&other, user.now + LEASE));
    user.later(SECOND);
    assert_eq!(user.number_for(&other), None);
    assert_eq!(user.profile().unwrap().without_number, 1);
}

#[test]
fn a_claim_that_is_kept_open_over_a_pause_leaves_the_former_link_standing() {
    let mut user = User::new();
    user.policy.numbers.truncate(1);
    user.sent(9, 9);
    user.later(MINUTE * 10).text().unwrap();
    user.later(WEEK).sent(1, 1);
    user.later(MINUTE * 10);
    let Dispatched { claim, number } = user.dispatch().unwrap();
    user.later(LEASE * 2);
    user.turn(|record| record.extend_text(&claim, user.now + SECOND));
    let conversation = posted_into(&user, PHONE, &number);
    assert_eq!(conversation.as_deref(), Some(conversation_id(9).as_str()));
    let why = "barred".to_owned();
    let taken_over = number.clone();
    user.end(&claim, TextOutcome::Refused { number, why });
    let links = user.links();
    let left: Vec<_> = links
        .iter()
        .map(|link| (&link.number, &link.conversation_id))
        .collect();
    assert_eq!(left, [(&taken_over, &conversation_id(9))]);
}

#[test]
fn a_link_still_owes_its_introduction() {
    let user = due();
    let Dispatched { claim, .. } = user.dispatch().unwrap();
    user.end(&claim, perhaps_taken());
    let link = user.links().remove(0);
    assert!(link.perhaps_texted && !link.introduced);
    let mut user = user;
    user.now = user.wake().unwrap();
    user.text().unwrap();
    assert!(user.links()[0].introduced);
}

#[test]
fn a_try_that_surely_was_not_taken_leaves_nothing_behind() {
    let mut user = due();
    let Dispatched { claim, number } = user.dispatch().unwrap();
    user.end(&claim, failed());
    user.turn(|record| record.receipt(&message_id(1), Status::Read));
    assert!(user.links().is_empty());
    assert_eq!(posted_into(&user, PHONE, &number), None);
    user.later(WEEK).sent(2, 1);
    user.later(MINUTE * 10).text().unwrap();
    user.sent(3, 1);
    user.later(MINUTE * 10);
    let Dispatched { claim, number } = user.dispatch_to(NEW_PHONE).unwrap();
    user.end(&claim, failed());
    assert_eq!(posted_into(&user, NEW_PHONE, &number), None);
}

#[test]
fn an_attempt_that_ends_before_its_text_leaves_keeps_no_new_link() {
    let user = due();
    let claim = user.claim().unwrap();
    assert!(user.unread(&claim, Recheck::Unknown).is_some());
    user.number_for(&claim).unwrap();
    user.turn(|record| record.receipt(&message_id(1), Status::Read));
    let number = user.links().remove(0).number;
    assert!(!user.may_leave(&claim, &number, PHONE));
    assert!(user.links().is_empty());
}

#[test]
fn the_third_time_that_a_text_was_perhaps_taken_ends_it_as_perhaps_sent() {
    let crash = |user: &mut User, _: &TextClaim| {
        user.later(LEASE);
    };
    let lost = |user: &mut User, claim: &TextClaim| {
        user.end(claim, perhaps_taken());
        user.now = user.wake().unwrap_or(user.now);
    };
    for first in [crash, lost as fn(&mut User, &TextClaim)] {
        let mut user = due();
        for how in [first, crash, lost] {
            let Dispatched { claim, .. } = user.dispatch().unwrap();
            how(&mut user, &claim);
        }
        assert_eq!(user.claim(), None);
        let ended = Seen::Ended(Ending::PerhapsSent);
        assert_eq!(user.seen(&message_id(1)), Some(ended));
        let failures = user.turn(|record| record.kept_failures());
        assert!(failures[0].reason.starts_with("perhaps sent"));
        assert_eq!(
            posted_into(&user, PHONE, NUMBERS[0]).as_deref(),
            Some(conversation_id(1).as_str())
        );
    }
}

#[test]
fn other_errors_between_do_not_take_the_doubt_away() {
    let mut user = due();
    for outcome in [
        failed(),
        perhaps_taken(),
        failed(),
        TextOutcome::OperatorFault("no credit".to_owned()),
        perhaps_taken(),
        failed(),
    ] {
        let Dispatched { claim, .. } = user.dispatch().unwrap();
        user.end(&claim, outcome);
        user.now = user.wake().unwrap();
    }
    let Dispatched { claim, .. } = user.dispatch().unwrap();
    assert!(claim.in_doubt);
    user.end(&claim, perhaps_taken());
    let ended = Seen::Ended(Ending::PerhapsSent);
    assert_eq!(user.seen(&message_id(1)), Some(ended));
}

#[test]
fn a_text_accepted_after_its_notice_ended_makes_its_link_introduced() {
    let mut user = due();
    let Dispatched { claim, number } = user.dispatch().unwrap();
    user.later(LEASE);
    user.turn(|record| record.receipt(&message_id(1), Status::Read));
    user.end(&claim, TextOutcome::Accepted { number });
    assert!(user.links()[0].introduced);
}
