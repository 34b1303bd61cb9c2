//! `TEXT_INTERVAL`: the least time between two texts of a conversation.

use texting::{
    chat::status::Status,
    phone::Number,
    record::{outcome::TextOutcome, policy::DigestPolicy},
    time::{HOUR, MINUTE, Span},
};

use crate::support::{Dispatched, NUMBERS, User, message_id, part, perhaps_taken, reply};

fn user_with(interval: Span) -> User {
    let mut user = User::new();
    user.policy.digest = Some(DigestPolicy { interval });
    user
}

fn accepted() -> TextOutcome {
    TextOutcome::Accepted {
        number: Number::from_digits(NUMBERS[0]),
    }
}

#[test]
fn the_interval_begins_with_an_accepted_text() {
    let mut user = user_with(HOUR);
    user.sent(1, 1);
    user.later(MINUTE * 10);
    user.text().unwrap();
    let next = user.now + HOUR;
    user.sent(2, 1);
    assert_eq!(user.wake(), Some(next));
    user.sent(3, 2);
    assert_eq!(user.wake(), Some(user.now + MINUTE * 10));
}

#[test]
fn messages_that_came_while_a_text_was_sent_wait_for_the_interval() {
    let mut user = user_with(HOUR);
    user.sent(1, 1);
    user.later(MINUTE * 10);
    let Dispatched { claim, .. } = user.dispatch().unwrap();
    user.sent(2, 1);
    user.end(&claim, accepted());
    assert_eq!(user.wake(), Some(user.now + HOUR));
}

#[test]
fn a_reply_ends_the_interval_and_a_keyword_does_not() {
    for (text, ends) in [
        (reply("A1", NUMBERS[0], "Coming"), true),
        (part("A1", NUMBERS[0], "Com", (1, 2)), true),
        (reply("A1", NUMBERS[0], "START"), false),
    ] {
        let mut user = user_with(HOUR);
        user.sent(1, 1);
        user.later(MINUTE * 10);
        user.text().unwrap();
        let interval = user.now + HOUR;
        user.sent(2, 1);
        let due = user.now + MINUTE * 10;
        user.inbound(&text);
        let notice = user.notice(&message_id(2)).unwrap();
        assert_eq!(
            notice.wake_at,
            Some(if ends { due } else { interval }),
            "{text:?}"
        );
    }
}

#[test]
fn a_retry_of_a_text_that_may_have_arrived_does_not_wait_for_the_interval() {
    let mut user = user_with(HOUR);
    user.sent(1, 1);
    user.later(MINUTE * 10);
    let Dispatched { claim, .. } = user.dispatch().unwrap();
    user.end(&claim, perhaps_taken());
    assert!(user.wake().unwrap() < user.now + MINUTE);
    user.turn(|record| record.receipt(&message_id(1), Status::Read));
    user.sent(2, 1);
    assert_eq!(user.wake(), Some(user.now + HOUR));
}
