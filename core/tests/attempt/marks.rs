//! What a posted reply marks as read.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use texting::{
    attempt::reply,
    ids::TextId,
    phone::{Number, Phone},
    sms::inbound::InboundText,
    time::MINUTE,
};

use crate::user::{User, plain};

const MARKS: [(&str, &str); 2] = [("LAYER_API_VERSION", "3.0"), ("MARK_READ", "on")];

fn user(more: &[(&str, &str)]) -> User {
    User::with(&[&MARKS, more].concat())
}

/// Ben answers the last text.
fn answers(user: &User, id: &str) {
    let text = InboundText {
        message_id: TextId::new(id),
        phone: Phone::parse("15550102030").unwrap(),
        number: Number::from_digits("12025550101"),
        text: "On my way".to_owned(),
        part: None,
    };
    user.record().text(&text).unwrap();
}

/// Posts the replies that are due. Returns the positions that were marked so far.
fn marked(user: &User) -> Vec<String> {
    while let Some(claim) = user.record().claim_reply().unwrap() {
        let run = pin!(reply::run(user, user, &claim));
        let ran = Future::poll(run, &mut Context::from_waker(Waker::noop()));
        assert!(matches!(ran, Poll::Ready(Ok(()))));
    }
    user.services.marks()
}

fn position(position: u32) -> String {
    format!(r#"{{"position":{position}}}"#)
}

#[test]
fn a_reply_marks_what_was_texted_when_it_came_in_and_no_more() {
    let user = user(&[]);
    for message in 1..=2 {
        user.sent(message, "ada", &plain("Hello"));
    }
    user.later(MINUTE * 10).attempt();
    answers(&user, "r1");
    user.sent(3, "ada", &plain("Hello?"));
    user.later(MINUTE * 10).attempt();
    assert_eq!(marked(&user), [position(2)]);
    answers(&user, "r2");
    assert_eq!(marked(&user), [position(2), position(3)]);
}

#[test]
fn what_a_digest_only_counts_is_not_marked() {
    let user = user(&[("DIGEST", "on")]);
    let long = "and so on ".repeat(40);
    for message in 1..=4 {
        user.sent(message, "ada", &plain(&long));
    }
    user.later(MINUTE * 10);
    assert!(user.texts()[0].ends_with("+2 more"));
    answers(&user, "r1");
    assert_eq!(marked(&user), [position(2)]);
}

#[test]
fn a_text_without_the_words_of_messages_marks_nothing() {
    let by_template = user(&[("TEMPLATE", "<%= sender.name %> wrote to you")]);
    let by_digest = user(&[("DIGEST", "on"), ("DIGEST_TEMPLATE", "<%= count %> new")]);
    for user in [by_template, by_digest] {
        user.sent(1, "ada", &plain("Hello"));
        user.sent(2, "ada", &plain("Hello?"));
        user.later(MINUTE * 10).attempt();
        answers(&user, "r1");
        assert_eq!(marked(&user), [""; 0]);
    }
}

#[test]
fn nothing_is_marked_unless_the_operator_wants_it() {
    let user = User::told(&[("LAYER_API_VERSION", "3.0")], &["Hello"]);
    user.attempt();
    answers(&user, "r1");
    assert_eq!(marked(&user), [""; 0]);
}

#[test]
fn a_mark_is_tried_a_few_times_and_the_reply_is_posted_all_the_same() {
    let user = User::told(&MARKS, &["Hello"]);
    user.attempt();
    answers(&user, "r1");
    *user.services.refuses_marks.borrow_mut() = true;
    assert_eq!(marked(&user).len(), 3);
    assert!(user.logged.borrow().contains(&"reply.not_marked_read"));
    assert_eq!(user.record().claim_reply().unwrap(), None);
}
