use serde_json::json;

use super::*;
use crate::{
    ids::{ConversationId, UserId},
    matrix::fake::{Fake, SOON, chat, ok, page, response, run, says, stored},
    time::SECOND,
};

/// What the homeserver says of the message `$m` for Bob, if it was sent and arrived so long ago, and of others that are
/// only counted.
fn ask(
    fake: &Fake,
    (sent, arrived): (Span, Span),
    status: Status,
    counted: &[MessageId],
) -> Result<Answers, AskAgain> {
    let message = AskedMessage {
        message_id: &MessageId::new("$m"),
        message: &stored(sent, arrived),
        status,
    };
    let asked = Asked {
        user_id: &UserId::new("@bob:localtest"),
        conversation_id: &ConversationId::new("!r"),
        shown: &[message],
        counted,
    };
    run(chat().recheck(fake, &asked, SOON))
}

fn recheck(
    fake: &Fake,
    sent: Span,
    arrived: Span,
    was_unread: bool,
) -> Result<Rechecked, AskAgain> {
    let status = match was_unread {
        true => Status::Delivered,
        false => Status::Sent,
    };
    let answers = ask(fake, (sent, arrived), status, &[]);
    answers.map(|mut answers| answers.shown.remove(0))
}

fn recent(fake: &Fake) -> Result<Rechecked, AskAgain> {
    recheck(fake, MINUTE * 10, MINUTE * 10, false)
}

#[test]
fn a_notification_says_whether_a_message_is_read_and_the_event_what_it_says_now() {
    for (read, status) in [(false, Status::Delivered), (true, Status::Read)] {
        let fake = Fake::with(vec![
            ("notifications", page(&[("$m", read, MINUTE * 10)], None)),
            ("/event/", says("Hello again")),
        ]);
        let rechecked = recent(&fake).unwrap();
        assert_eq!(rechecked.recheck, Recheck::Status(status));
        let parts = json!([{"mime_type": "text/plain", "body": "Hello again"}]);
        assert_eq!(rechecked.parts.map(Value::Array), Some(parts));
    }
}

#[test]
fn a_message_without_a_notification_was_read_or_the_user_wants_to_hear_nothing_of_it() {
    let fake = Fake::with(vec![
        ("notifications", page(&[], None)),
        ("/event/", says("Hi")),
    ]);
    assert_eq!(recent(&fake).unwrap().recheck, Recheck::ReadOrMuted);
}

#[test]
fn a_deleted_message_is_gone_whatever_its_notification_says() {
    let fake = Fake::with(vec![
        ("notifications", page(&[("$m", false, MINUTE * 10)], None)),
        ("/event/", response(404, &json!({"errcode": "M_NOT_FOUND"}))),
    ]);
    assert_eq!(recent(&fake).unwrap().recheck, Recheck::Gone);
}

#[test]
fn who_is_not_among_the_members_has_left() {
    for members in [
        ok(&json!({"joined": {"@ada:localtest": {}}})),
        response(403, &json!({"errcode": "M_FORBIDDEN"})),
    ] {
        let fake = Fake::with(vec![
            ("joined_members", members),
            ("notifications", page(&[("$m", false, MINUTE * 10)], None)),
            ("/event/", says("Hi")),
        ]);
        assert_eq!(recent(&fake).unwrap().recheck, Recheck::NotListed);
    }
}

#[test]
fn without_an_answer_nothing_is_known() {
    let limit = response(
        429,
        &json!({"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 3_000}),
    );
    for (what, why) in [
        ("notifications", "notifications: HTTP 429, M_LIMIT_EXCEEDED"),
        ("/event/", "message: HTTP 429, M_LIMIT_EXCEEDED"),
        ("joined_members", "members: HTTP 429, M_LIMIT_EXCEEDED"),
    ] {
        let fake = Fake::with(vec![
            (what, limit.clone()),
            ("notifications", page(&[("$m", false, MINUTE * 10)], None)),
            ("/event/", says("Hi")),
        ]);
        let expected = AskAgain {
            why: why.to_owned(),
            wait: Some(SECOND * 3),
        };
        assert_eq!(recent(&fake), Err(expected));
    }
    let silent = Fake::with(vec![("/event/", says("Hi"))]);
    assert_eq!(
        recent(&silent).unwrap_err().why,
        "notifications: no response in time"
    );
}

#[test]
fn pages_are_read_until_the_message_is_found_or_they_are_a_minute_older() {
    let older = |ago| {
        Fake::with(vec![
            ("from=1", page(&[("$m", false, MINUTE * 10)], Some("2"))),
            ("notifications", page(&[("$x", false, ago)], Some("1"))),
            ("/event/", says("Hi")),
        ])
    };
    let found = older(MINUTE * 5);
    let unread = Recheck::Status(Status::Delivered);
    assert_eq!(recent(&found).unwrap().recheck, unread);
    assert_eq!(found.count("notifications"), 2);
    let within_a_minute = older(MINUTE * 10 + SECOND * 59);
    assert_eq!(recent(&within_a_minute).unwrap().recheck, unread);
    let beyond = older(MINUTE * 11 + SECOND);
    assert_eq!(recent(&beyond).unwrap().recheck, Recheck::ReadOrMuted);
    assert_eq!(beyond.count("notifications"), 1);
}

#[test]
fn the_last_page_is_empty() {
    let fake = Fake::with(vec![
        ("from=1", page(&[], None)),
        ("notifications", page(&[("$x", false, MINUTE)], Some("1"))),
        ("/event/", says("Hi")),
    ]);
    assert_eq!(recent(&fake).unwrap().recheck, Recheck::ReadOrMuted);
    assert_eq!(fake.count("notifications"), 2);
}

#[test]
fn of_an_old_message_the_homeserver_no_longer_knows_whether_it_is_unread() {
    let fake = Fake::with(vec![
        ("notifications", page(&[], None)),
        ("/event/", says("Hi")),
    ]);
    let day = HOUR * 24;
    let of = |sent, arrived, was_unread| recheck(&fake, sent, arrived, was_unread).unwrap().recheck;
    assert_eq!(of(day, day, true), Recheck::Unknown);
    assert_eq!(of(day, day, false), Recheck::TooOld);
    assert_eq!(of(day, MINUTE, false), Recheck::TooOld);
    assert_eq!(of(HOUR * 22, HOUR * 22, true), Recheck::ReadOrMuted);
}

#[test]
fn one_reading_of_the_notifications_decides_what_is_counted_too() {
    let others = ["$unread", "$read", "$missing"].map(MessageId::new);
    let entries = [
        ("$read", true, MINUTE),
        ("$unread", false, MINUTE),
        ("$m", false, MINUTE * 10),
    ];
    let fake = Fake::with(vec![
        ("from=2", page(&[], None)),
        ("notifications", page(&entries, Some("2"))),
        ("/event/", says("Hi")),
    ]);
    let of = |ago| {
        ask(&fake, (ago, ago), Status::Sent, &others)
            .unwrap()
            .counted
    };
    let (unread, read) = (Status::Delivered, Status::Read);
    let known = [unread, read].map(Recheck::Status);
    assert_eq!(of(MINUTE * 10), [known[0], known[1], Recheck::ReadOrMuted]);
    assert_eq!(of(HOUR * 24), [known[0], known[1], Recheck::Unknown]);
    assert_eq!(fake.count("/event/"), 2);
}

#[test]
fn who_came_after_the_members_were_remembered_has_not_left() {
    let (chat, room) = (chat(), ConversationId::new("!r"));
    let before = Fake::with(vec![("joined_members", ok(&json!({"joined": {}})))]);
    run(chat.members(&before, &room, SOON)).unwrap();
    let now = Fake::with(vec![
        ("notifications", page(&[("$m", false, MINUTE)], None)),
        ("/event/", says("Hi")),
    ]);
    let asked = Asked {
        user_id: &UserId::new("@bob:localtest"),
        conversation_id: &room,
        shown: &[AskedMessage {
            message_id: &MessageId::new("$m"),
            message: &stored(MINUTE, MINUTE),
            status: Status::Sent,
        }],
        counted: &[],
    };
    let answers = run(chat.recheck(&now, &asked, SOON)).unwrap();
    assert_eq!(answers.shown[0].recheck, Recheck::Status(Status::Delivered));
}
