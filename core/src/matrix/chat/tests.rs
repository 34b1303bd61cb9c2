use std::{
    cell::RefCell,
    pin::pin,
    task::{Context, Poll, Waker},
};

use serde_json::json;

use super::*;
use crate::{http::NoResponse, matrix::account::homeserver, time::SECOND};

const NOON: Timestamp = Timestamp::from_millis(1_795_694_400_000);
const SOON: When = When {
    now: NOON,
    deadline: Timestamp::from_millis(1_795_694_430_000),
};

/// A homeserver that answers each request with what the first matching part of its URL says.
struct Fake {
    answers: Vec<(&'static str, HttpResponse)>,
    asked: RefCell<Vec<String>>,
}

impl Http for Fake {
    async fn call(&self, request: HttpRequest, _: Timestamp) -> HttpResponse {
        self.asked.borrow_mut().push(request.url.clone());
        let mut answers = self.answers.iter();
        let answer = answers.find(|(part, _)| request.url.contains(part));
        answer.map_or(HttpResponse::Missing(NoResponse::Timeout), |(_, it)| {
            it.clone()
        })
    }
}

impl Fake {
    fn with(answers: Vec<(&'static str, HttpResponse)>) -> Self {
        let mut all = answers;
        all.extend([
            (
                "joined_members",
                ok(&json!({"joined": {"@bob:localtest": {}, "@ada:localtest": {}}})),
            ),
            ("from=2", page(&[], None)),
        ]);
        Self {
            answers: all,
            asked: RefCell::default(),
        }
    }

    /// How often a URL with this part was asked for.
    fn count(&self, part: &str) -> usize {
        let asked = self.asked.borrow();
        asked.iter().filter(|url| url.contains(part)).count()
    }
}

fn ok(body: &Value) -> HttpResponse {
    response(200, body)
}

fn response(status: u16, body: &Value) -> HttpResponse {
    let body = body.to_string();
    HttpResponse::Received { status, body }
}

/// A page of notifications: message, whether it is read, and how long ago it came.
fn page(entries: &[(&str, bool, Span)], next: Option<&str>) -> HttpResponse {
    let entry = |(id, read, ago): &(&str, bool, Span)| json!({"event": {"event_id": id}, "read": read, "ts": (NOON - *ago).as_millis()});
    let entries: Vec<Value> = entries.iter().map(entry).collect();
    ok(&json!({ "notifications": entries, "next_token": next }))
}

fn says(text: &str) -> HttpResponse {
    ok(&json!({"content": {"msgtype": "m.text", "body": text}}))
}

/// The stored JSON of a message that was sent and arrived so long ago.
fn stored(sent: Span, arrived: Span) -> String {
    let moment = |ago: Span| {
        let moment = chrono::DateTime::from_timestamp_millis((NOON - ago).as_millis());
        moment.unwrap().to_rfc3339()
    };
    json!({"sent_at": moment(sent), "received_at": moment(arrived)}).to_string()
}

fn run<T>(future: impl Future<Output = T>) -> T {
    let polled = pin!(future).poll(&mut Context::from_waker(Waker::noop()));
    let Poll::Ready(result) = polled else {
        panic!("the fake answers at once")
    };
    result
}

fn chat() -> MatrixChat {
    MatrixChat {
        homeserver: homeserver(),
        members: Rc::default(),
    }
}

/// What the homeserver says of the message `$m` for Bob, if it was sent and arrived so long ago.
fn recheck(
    fake: &Fake,
    sent: Span,
    arrived: Span,
    was_unread: bool,
) -> Result<Rechecked, AskAgain> {
    let message = AskedMessage {
        message_id: &MessageId::new("$m"),
        message: &stored(sent, arrived),
        was_unread,
    };
    let asked = Asked {
        user_id: &UserId::new("@bob:localtest"),
        room: &ConversationId::new("!r"),
        messages: &[message],
    };
    run(chat().recheck(fake, &asked, SOON)).map(|mut answers| answers.remove(0))
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
        ("/event/", response(404, &json!({}))),
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
    assert_eq!(of(day, day, false), Recheck::ReadOrMuted);
    assert_eq!(of(day, MINUTE, false), Recheck::TooOld);
    assert_eq!(of(HOUR * 22, HOUR * 22, true), Recheck::ReadOrMuted);
}

#[test]
fn members_are_asked_for_once_a_minute() {
    let fake = Fake::with(vec![]);
    let (chat, room) = (chat(), ConversationId::new("!r"));
    let members = |now| {
        let when = When { now, ..SOON };
        run(chat.members(&fake, &room, when)).unwrap().len()
    };
    assert_eq!([NOON, NOON + SECOND * 59].map(members), [2, 2]);
    assert_eq!(fake.count("joined_members"), 1);
    chat.members.forget(&room);
    assert_eq!(members(NOON + SECOND * 59), 2);
    assert_eq!(fake.count("joined_members"), 2);
}

#[test]
fn nothing_is_posted_before_there_is_a_device_and_the_room_is_known_to_be_plain() {
    let (bob, room) = (UserId::new("@bob:localtest"), ConversationId::new("!r"));
    let may_post = |device, encryption| {
        let fake = Fake::with(vec![
            ("devices/TEXTS", response(device, &json!({}))),
            ("m.room.encryption", response(encryption, &json!({}))),
        ]);
        run(chat().may_post(&fake, &bob, &room, SOON.deadline))
    };
    assert_eq!(may_post(201, 404), Ok(()));
    assert!(matches!(
        may_post(201, 200),
        Err(PostOutcome::Refused { .. })
    ));
    assert!(matches!(
        may_post(500, 404),
        Err(PostOutcome::TryAgain { .. })
    ));
    assert!(matches!(
        may_post(401, 404),
        Err(PostOutcome::OperatorFault { .. })
    ));
}

/// What a real homeserver answered.
mod captured {
    use super::*;

    const CALLS: &str = include_str!("../../../tests/vectors/matrix/client-calls.json");

    /// The answer to the call with this description.
    fn answer(what: &str) -> HttpResponse {
        let calls: Vec<Value> = serde_json::from_str(CALLS).unwrap();
        let call = calls.iter().find(|call| call["what"] == what).unwrap();
        let status = u16::try_from(call["status"].as_u64().unwrap()).unwrap();
        response(status, &call["answer"])
    }

    #[test]
    fn identities_have_names_and_phones() {
        let bob = UserId::new("@bob:localtest");
        let profile = answer("profile (as_token)");
        let IdentityOutcome::Found(identity) =
            read_identity(&bob, &profile, &answer("masq account 3pid"))
        else {
            panic!("Bob is there")
        };
        assert_eq!(identity.phone.as_deref(), Some("+15550102030"));
        assert_eq!(identity.fields["name"], "Bob Builder");
    }

    #[test]
    fn members_are_the_same_for_the_service_as_for_a_member() {
        let members = read_members(&answer("joined_members as the bot")).unwrap();
        let names: Vec<_> = members.iter().map(|it| it.name.as_deref()).collect();
        assert_eq!(names, [Some("alice"), Some("Bob Builder"), Some("Carol")]);
        let of_bob = read_members(&answer("joined_members as bob"));
        assert_eq!(of_bob, Ok(members));
    }

    #[test]
    fn notifications_say_what_a_receipt_has_read() {
        let read = |what| {
            let page = read_page(&answer(what)).unwrap();
            let newest = page.entries.iter().take(3);
            newest.map(|it| it.is_read).collect::<Vec<_>>()
        };
        assert_eq!(read("bob notifications (masq)"), [false, false, false]);
        assert_eq!(read("bob notifications after receipt"), [false, true, true]);
    }

    #[test]
    fn an_event_is_as_it_was_sent_or_redacted_or_in_a_purged_room() {
        let Current::Says(content) = read_event(&answer("fetch event 1 as bob")).unwrap() else {
            panic!("it is there")
        };
        assert_eq!(content["body"], "Hello Bob, are you there?");
        for deleted in [
            "fetch redacted event 3 as bob",
            "fetch event in deleted room as carol",
        ] {
            assert_eq!(read_event(&answer(deleted)), Ok(Current::Deleted));
        }
    }

    #[test]
    fn a_room_has_a_name() {
        let name = read_name(&answer("room name as bob"));
        assert_eq!(name, Ok(Some("Project Falcon".to_owned())));
    }

    #[test]
    fn posts_succeed_fail_for_good_or_need_another_token() {
        let posted = |what| read_post_response(&answer(what));
        assert_eq!(posted("masq send"), PostOutcome::Posted);
        assert_eq!(posted("masq send repeated"), PostOutcome::Posted);
        let refused = posted("masq send after leaving");
        assert!(matches!(refused, PostOutcome::Refused { .. }));
        assert!(matches!(
            posted("wrong token"),
            PostOutcome::OperatorFault { .. }
        ));
    }
}
