//! When a text that Nexmo throttled is tried again.

use texting::time::{MINUTE, SECOND, Span};

use crate::user::User;

const NUMBERS_RATE: &str = "Throughput Rate Exceeded - please wait [ 702 ] and retry";
const ACCOUNTS_RATE: &str = "Exceeded maximum MT throughput[ MAX [ 30 ] INTERVAL [ 1000 ] ]";

/// A user whose text Nexmo throttles, saying this.
fn throttled(words: &'static str, pace: Option<Span>) -> User {
    let user = User::told(&[], &["Hello"]);
    user.services.throttles.replace(Some(words));
    user.pace.set(pace);
    user.attempt();
    user
}

/// How often Nexmo was asked to send the text, until this long after it was throttled first.
fn tries_after(user: &User, span: Span) -> usize {
    user.later(span).attempt();
    user.services.texts().len()
}

#[test]
fn a_text_beyond_its_numbers_rate_waits_for_the_moment_that_the_numbers_pace_gives_it() {
    let user = throttled(NUMBERS_RATE, Some(MINUTE));
    let asked = ("12025550101".to_owned(), Some(Span::from_millis(702)));
    assert_eq!(*user.paces_asked.borrow(), [asked]);
    assert_eq!(tries_after(&user, MINUTE - Span::from_millis(1)), 1);
    assert_eq!(tries_after(&user, Span::from_millis(1)), 2);
}

#[test]
fn a_pace_that_does_not_respond_leaves_the_text_to_wait_as_long_as_nexmo_asks() {
    let user = throttled(NUMBERS_RATE, None);
    assert_eq!(tries_after(&user, Span::from_millis(701)), 1);
    assert_eq!(tries_after(&user, Span::from_millis(1)), 2);
}

#[test]
fn after_the_deadline_of_the_attempt_no_pace_is_asked() {
    let user = User::told(&[], &["Hello"]);
    user.services.throttles.replace(Some(NUMBERS_RATE));
    user.latency.set(SECOND * 16);
    user.attempt();
    assert_eq!(user.services.texts().len(), 1);
    assert!(user.paces_asked.borrow().is_empty());
}

#[test]
fn a_text_beyond_the_accounts_rate_waits_behind_others_of_its_number_if_there_are_any() {
    let user = throttled(ACCOUNTS_RATE, Some(MINUTE));
    let asked = ("12025550101".to_owned(), None);
    assert_eq!(*user.paces_asked.borrow(), [asked]);
    assert_eq!(tries_after(&user, MINUTE - Span::from_millis(1)), 1);
    let user = throttled(ACCOUNTS_RATE, None);
    assert_eq!(tries_after(&user, SECOND), 2);
}
