use texting::{
    chat::status::Status,
    ids::ConversationId,
    phone::{Number, Phone},
    record::{allocation::Choice, claim::LEASE, ending::Dropped, outcome::TextOutcome},
    time::{DAY, MINUTE, SECOND, Span},
};

use crate::support::{Dispatched, NUMBERS, PHONE, User, conversation_id};

const WEEK: Span = DAY.times(7);

/// Texts one message of a conversation that nothing else waits in.
fn text(user: &mut User, message: u32, conversation: u32) -> Option<Number> {
    user.sent(message, conversation);
    user.later(MINUTE * 10).text()
}

fn conversation_at(user: &User, number: &str) -> Vec<(ConversationId, bool)> {
    let links = user.links();
    let here = links.into_iter().filter(|link| *link.number == *number);
    here.map(|link| (link.conversation_id, link.introduced))
        .collect()
}

#[test]
fn each_conversation_gets_a_number_of_its_own_and_keeps_it() {
    let mut user = User::new();
    assert_eq!(*text(&mut user, 1, 1).unwrap(), *NUMBERS[0]);
    assert_eq!(*text(&mut user, 2, 2).unwrap(), *NUMBERS[1]);
    assert_eq!(*text(&mut user, 3, 1).unwrap(), *NUMBERS[0]);
}

#[test]
fn a_conversation_beyond_the_pool_is_dropped_and_counted() {
    let mut user = User::new();
    for conversation in 1..=3 {
        text(&mut user, conversation, conversation);
    }
    assert_eq!(text(&mut user, 4, 4), None);
    assert_eq!(user.wake(), None);
    assert_eq!(user.profile().unwrap().without_number, 1);
}

#[test]
fn an_expired_number_is_given_away_once_the_new_conversations_text_is_accepted() {
    let mut user = User::new();
    user.policy.numbers.truncate(1);
    text(&mut user, 1, 1);
    user.sent(2, 2);
    user.later(WEEK + MINUTE);
    let Dispatched { claim, number } = user.dispatch().unwrap();
    assert_eq!(conversation_at(&user, &number).len(), 2);
    user.end(
        &claim,
        TextOutcome::Accepted {
            number: number.clone(),
        },
    );
    assert_eq!(
        conversation_at(&user, &number),
        [(conversation_id(2), true)]
    );
}

#[test]
fn the_old_link_stands_when_the_new_conversations_text_is_refused() {
    let mut user = User::new();
    user.policy.numbers.truncate(1);
    text(&mut user, 1, 1);
    user.sent(2, 2);
    user.later(WEEK + MINUTE);
    let Dispatched { claim, number } = user.dispatch().unwrap();
    let refused = TextOutcome::Refused {
        number: number.clone(),
        why: "barred".to_owned(),
    };
    user.end(&claim, refused);
    assert_eq!(
        conversation_at(&user, &number),
        [(conversation_id(1), true)]
    );
    assert_eq!(user.turn(|record| record.kept_failures()).len(), 1);
}

#[test]
fn a_number_with_an_open_claim_is_never_given_away() {
    let mut user = User::new();
    user.policy.numbers.truncate(1);
    user.policy.number_expiration = Span::from_millis(1);
    user.sent(1, 1);
    user.sent(2, 2);
    user.later(MINUTE * 10);
    let Dispatched { claim, number } = user.dispatch().unwrap();
    user.later(SECOND);
    assert_eq!(user.dispatch(), None);
    user.end(&claim, TextOutcome::Accepted { number });
    assert_eq!(user.profile().unwrap().without_number, 1);
}

#[test]
fn the_conversation_that_has_a_number_takes_it_back_from_one_that_only_tried() {
    let mut user = User::new();
    user.policy.numbers.truncate(1);
    text(&mut user, 1, 1);
    user.sent(2, 2);
    user.later(WEEK + MINUTE);
    let Dispatched { claim, number } = user.dispatch().unwrap();
    user.end(&claim, TextOutcome::OperatorFault("no credit".to_owned()));
    user.sent(3, 1);
    user.policy.delay = Span::ZERO;
    user.sent(4, 1);
    user.later(MINUTE * 10);
    // Conversation 2 is due again first; the number is its for as long as its claim is open.
    let Dispatched { claim: second, .. } = user.dispatch().unwrap();
    assert_eq!(second.message_id, claim.message_id);
    user.end(&second, TextOutcome::OperatorFault("no credit".to_owned()));
    assert_eq!(user.text().as_deref(), Some(number.as_str()));
    assert_eq!(
        conversation_at(&user, &number),
        [(conversation_id(1), true)]
    );
}

#[test]
fn an_expired_link_of_the_conversation_itself_is_used_again() {
    let mut user = User::new();
    text(&mut user, 1, 1);
    user.later(WEEK * 2);
    text(&mut user, 2, 2);
    assert_eq!(
        conversation_at(&user, NUMBERS[0]),
        [(conversation_id(2), true)]
    );
    user.later(WEEK * 2);
    text(&mut user, 3, 2);
    assert_eq!(
        conversation_at(&user, NUMBERS[0]),
        [(conversation_id(2), true)]
    );
}

#[test]
fn an_expired_link_is_deleted_when_the_user_is_texted_on_another_number() {
    let mut user = User::new();
    text(&mut user, 1, 1);
    user.later(MINUTE);
    text(&mut user, 2, 2);
    user.later(WEEK - MINUTE * 10);
    let number = text(&mut user, 3, 2).unwrap();
    assert_eq!(number.as_str(), NUMBERS[1]);
    let links: Vec<_> = user.links().into_iter().map(|link| link.number).collect();
    assert_eq!(links, [number]);
}

#[test]
fn a_link_on_a_number_that_is_no_longer_configured_counts_as_none() {
    let mut user = User::new();
    text(&mut user, 1, 1);
    user.policy.numbers.remove(0);
    assert_eq!(*text(&mut user, 2, 1).unwrap(), *NUMBERS[1]);
    assert_eq!(
        conversation_at(&user, NUMBERS[0]),
        [(conversation_id(1), true)]
    );
}

#[test]
fn a_new_link_goes_when_its_message_is_dropped_before_any_text() {
    let mut user = User::new();
    user.sent(1, 1);
    user.later(MINUTE * 10);
    let Dispatched { claim, number } = user.dispatch().unwrap();
    user.end(&claim, TextOutcome::Dropped(Dropped::Deleted));
    assert_eq!(conversation_at(&user, &number), []);
}

#[test]
fn a_message_that_is_read_takes_no_link_from_an_earlier_one_that_is_being_sent() {
    let mut user = User::new();
    user.sent(5, 1);
    user.later(MINUTE * 10);
    let Dispatched { claim: later, .. } = user.dispatch().unwrap();
    user.end(&later, TextOutcome::Failed("HTTP 500".to_owned()));
    user.sent(1, 1);
    user.later(MINUTE * 10);
    let Dispatched {
        claim: earlier,
        number,
    } = user.dispatch().unwrap();
    user.turn(|record| record.receipt(&later.message_id, Status::Read));
    user.end(
        &earlier,
        TextOutcome::Accepted {
            number: number.clone(),
        },
    );
    assert_eq!(
        conversation_at(&user, &number),
        [(conversation_id(1), true)]
    );
}

#[test]
fn a_text_that_is_accepted_long_after_its_claim_ended_takes_no_number_away() {
    let mut user = User::new();
    user.policy.numbers.truncate(1);
    user.policy.number_expiration = Span::from_millis(1);
    user.sent(1, 1);
    user.sent(2, 2);
    user.later(MINUTE * 10);
    let Dispatched {
        claim: late,
        number,
    } = user.dispatch().unwrap();
    user.later(LEASE);
    let Dispatched { claim: other, .. } = user.dispatch().unwrap();
    assert_ne!(late.conversation_id, other.conversation_id);
    for claim in [&other, &late] {
        let number = number.clone();
        user.end(claim, TextOutcome::Accepted { number });
    }
    let owner = other.conversation_id;
    assert_eq!(conversation_at(&user, &number), [(owner, true)]);
}

#[test]
fn a_text_does_not_leave_from_a_number_whose_former_conversation_had_a_late_text_accepted() {
    let mut user = User::new();
    user.policy.numbers.truncate(1);
    user.policy.number_expiration = Span::from_millis(1);
    text(&mut user, 1, 1);
    user.sent(2, 1);
    user.later(SECOND).sent(3, 2);
    user.later(MINUTE * 10 - SECOND);
    let Dispatched {
        claim: late,
        number,
    } = user.dispatch().unwrap();
    user.later(LEASE);
    let other = user.claim().unwrap();
    let choice = user.number_for(&other);
    let taken = number.clone();
    assert_eq!(choice, Some(Choice::Take { number: taken }));
    let accepted = number.clone();
    user.end(&late, TextOutcome::Accepted { number: accepted });
    let phone = Phone::from_digits(PHONE);
    assert!(!user.may_leave(&other, &number, &phone));
    let former = late.conversation_id;
    assert_eq!(conversation_at(&user, &number), [(former, true)]);
}
