//! Up to which message a reply marks a conversation as read.

use texting::{
    ids::MessageId,
    record::{
        covered::Covered,
        outcome::{Ended, TextOutcome},
    },
    time::MINUTE,
};

use crate::support::{Dispatched, User, message_id};

/// Messages that were sent in the order of their numbers and arrived in this order, a minute apart, and are due.
fn arrived(messages: &[u32]) -> User {
    let mut user = User::new();
    user.policy.mark_read = true;
    for message in messages {
        user.sent(*message, 1);
        user.later(MINUTE);
    }
    user.later(MINUTE * 10);
    user
}

/// Texts what is due, with the words of its first message. Returns what a reply would mark.
fn marked(user: &User) -> Option<MessageId> {
    let Dispatched { claim, number } = user.dispatch().unwrap();
    let covered = Covered {
        last_shown: Some(claim.message_id.clone()),
        ..claim.covered()
    };
    let outcome = TextOutcome::Accepted { number };
    let ended = Ended {
        outcome,
        covered,
        trace: None,
    };
    user.turn(|record| record.text_ended(&claim, &ended, 0));
    let shown = user.links()[0].shown.clone();
    shown.map(|shown| shown.message_id)
}

#[test]
fn a_text_is_marked_with_all_that_arrived_before_it() {
    let user = arrived(&[1, 2]);
    assert_eq!(marked(&user), Some(message_id(1)));
    assert_eq!(marked(&user), Some(message_id(2)));
}

#[test]
fn a_text_is_not_marked_if_another_message_arrived_before_it_and_was_not_shown() {
    let user = arrived(&[2, 1]);
    assert_eq!(marked(&user), None);
    assert_eq!(marked(&user), Some(message_id(2)));
}

#[test]
fn nothing_is_kept_if_nothing_is_to_be_marked() {
    let mut user = arrived(&[1]);
    user.policy.mark_read = false;
    assert_eq!(marked(&user), None);
}
