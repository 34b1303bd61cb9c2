//! Numbers from which Nexmo sends no text to a phone: another of the pool may do.

use texting::{
    phone::{Number, Phone},
    record::{command::Outcome, outcome::TextOutcome, tables::links::Link},
    time::{DAY, MINUTE, SECOND},
};

use crate::support::{
    Dispatched, NUMBERS, PHONE, User, conversation_id, due, perhaps_taken, reply,
};

fn refused(number: &Number) -> TextOutcome {
    TextOutcome::NumberRefused {
        number: number.clone(),
        why: "status 15".to_owned(),
    }
}

/// Tries what is due, and has its number refused. Returns the number, and goes on to the next try.
fn refuse(user: &mut User) -> Number {
    let Dispatched { claim, number } = user.dispatch().unwrap();
    user.end(&claim, refused(&number));
    user.now = user.wake().unwrap_or(user.now);
    number
}

fn links_of(user: &User, conversation: u32) -> Vec<Link> {
    let mut links = user.links();
    links.retain(|link| link.conversation_id == conversation_id(conversation));
    links
}

#[test]
fn a_text_goes_through_the_pool_within_seconds_and_is_then_given_up() {
    let mut user = due();
    let start = user.now;
    let tried = [(); 3].map(|()| refuse(&mut user));
    assert_eq!(tried.map(|number| number.to_string()), NUMBERS);
    assert!(user.now - start <= SECOND * 5);
    assert_eq!(user.wake(), None);
    let failures = user.turn(|record| record.kept_failures());
    assert_eq!(failures[0].reason, "status 15");
    assert!(user.links().is_empty());
}

#[test]
fn the_next_texts_of_the_conversation_use_the_number_that_did() {
    let mut user = due();
    refuse(&mut user);
    assert_eq!(user.text().as_deref(), Some(NUMBERS[1]));
    user.sent(2, 1);
    user.later(MINUTE * 10);
    assert_eq!(user.text().as_deref(), Some(NUMBERS[1]));
    assert_eq!(links_of(&user, 1).len(), 1);
}

#[test]
fn a_former_link_stays_for_replies_and_the_newer_one_is_introduced_anew() {
    let mut user = due();
    user.text().unwrap();
    user.sent(2, 1);
    user.later(MINUTE * 10);
    refuse(&mut user);
    let Dispatched { claim, number } = user.dispatch().unwrap();
    assert_eq!(number.as_str(), NUMBERS[1]);
    assert!(!links_of(&user, 1)[1].introduced);
    user.end(&claim, TextOutcome::Accepted { number });
    assert_eq!(
        user.inbound(&reply("A1", NUMBERS[0], "on the former")),
        Outcome::Stored
    );
    user.sent(3, 1);
    user.later(MINUTE * 10);
    assert_eq!(user.text().as_deref(), Some(NUMBERS[1]));
}

#[test]
fn a_number_that_another_conversation_has_is_not_tried() {
    let mut user = due();
    user.sent(2, 2);
    assert_eq!(user.text().as_deref(), Some(NUMBERS[0]));
    user.later(MINUTE * 10).text().unwrap();
    user.sent(3, 1);
    user.later(MINUTE * 10);
    refuse(&mut user);
    assert_eq!(user.dispatch().unwrap().number.as_str(), NUMBERS[2]);
}

#[test]
fn an_expired_link_of_another_conversation_counts_as_free() {
    let mut user = due();
    user.policy.numbers.truncate(2);
    user.sent(2, 2);
    user.text().unwrap();
    user.later(MINUTE * 10).text().unwrap();
    user.later(DAY * 7);
    user.sent(3, 1);
    user.later(MINUTE * 10);
    refuse(&mut user);
    assert_eq!(user.text().as_deref(), Some(NUMBERS[1]));
}

#[test]
fn a_text_that_was_perhaps_taken_on_the_refused_number_keeps_its_link() {
    let mut user = due();
    let Dispatched { claim, .. } = user.dispatch().unwrap();
    user.end(&claim, perhaps_taken());
    user.now = user.wake().unwrap();
    refuse(&mut user);
    assert_eq!(user.text().as_deref(), Some(NUMBERS[1]));
    let link = user.links().remove(0);
    assert!(link.retired && link.counts_from(&Phone::from_digits(PHONE)));
}
