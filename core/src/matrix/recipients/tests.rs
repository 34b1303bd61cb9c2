use serde_json::{Value, json};

use super::*;
use crate::{
    http::{HttpResponse, LONGEST_RESPONSE},
    ids::MessageId,
    matrix::{
        fake::{Fake, SOON, chat, ok, response, run},
        transaction,
    },
};

fn members(users: &[&str]) -> HttpResponse {
    let joined = users.iter().map(|user| ((*user).to_owned(), json!({})));
    ok(&json!({ "joined": joined.collect::<serde_json::Map<_, _>>() }))
}

fn message(room: &str, id: &str, sender: &str) -> Value {
    json!({
        "type": "m.room.message", "room_id": room, "event_id": id, "sender": sender,
        "origin_server_ts": 1, "content": {"msgtype": "m.text", "body": "Hi"},
    })
}

fn left(room: &str, user: &str) -> Value {
    json!({
        "type": "m.room.member", "room_id": room, "state_key": user,
        "content": {"membership": "leave"},
    })
}

fn events(events: &[Value]) -> Vec<RoomEvent> {
    let body = json!({ "events": events }).to_string();
    transaction::read(body.as_bytes()).unwrap().events
}

fn read(fake: &Fake, all: &[Value], largest: usize) -> Result<Vec<ChatEvent>, Failure> {
    let chat = MatrixChat { largest, ..chat() };
    run(chat.chat_events(fake, events(all), SOON))
}

/// The recipients of the only message.
fn recipients(fake: &Fake, sender: &str, largest: usize) -> Option<Vec<String>> {
    let events = read(fake, &[message("!r", "$m", sender)], largest).unwrap();
    match events.as_slice() {
        [] => None,
        [ChatEvent::Sent(sent)] => {
            let users = sent.statuses.iter();
            Some(users.map(|(user, _)| user.to_string()).collect())
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_message_is_for_the_members_of_the_homeserver_who_are_not_ignored() {
    let fake = Fake::with(vec![(
        "joined_members",
        members(&[
            "@ada:localtest",
            "@bob:localtest",
            "@cem:elsewhere.org",
            "@bot:localtest",
            "@telegram_1:localtest",
        ]),
    )]);
    let bob = Some(vec!["@bob:localtest".to_owned()]);
    assert_eq!(recipients(&fake, "@ada:localtest", 50), bob);
    let both = ["@ada:localtest", "@bob:localtest"].map(str::to_owned);
    let of_stranger = recipients(&fake, "@cem:elsewhere.org", 50);
    assert_eq!(of_stranger, Some(both.to_vec()));
    assert_eq!(recipients(&fake, "@bot:localtest", 50), None);
}

#[test]
fn a_room_with_too_many_others_is_left_out_but_for_those_who_leave_it() {
    let users: Vec<String> = (0..51).map(|it| format!("@u{it}:localtest")).collect();
    let users: Vec<&str> = users.iter().map(String::as_str).collect();
    let fake = Fake::with(vec![("joined_members", members(&users))]);
    let sent = recipients(&fake, "@u0:localtest", 50).unwrap();
    assert_eq!(sent.len(), 50);
    assert_eq!(recipients(&fake, "@u0:localtest", 49), None);
    let redacted = json!({"type": "m.room.redaction", "room_id": "!r", "redacts": "$m"});
    let all = [redacted, left("!r", "@u1:localtest")];
    let events = read(&fake, &all, 49).unwrap();
    let [ChatEvent::Left { users, .. }] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!(users, &[UserId::new("@u1:localtest")]);
}

#[test]
fn a_room_is_asked_for_once_and_again_when_somebody_came_or_left() {
    let fake = Fake::with(vec![]);
    let chat = chat();
    let ask = |all: &[Value]| {
        run(chat.chat_events(&fake, events(all), SOON)).unwrap();
        fake.count("joined_members")
    };
    let hello = |id| message("!r", id, "@ada:localtest");
    assert_eq!(ask(&[hello("$1"), hello("$2")]), 1);
    assert_eq!(ask(&[hello("$3")]), 1);
    assert_eq!(ask(&[left("!r", "@bob:localtest"), hello("$4")]), 2);
    assert_eq!(ask(&[left("!q", "@bob:localtest")]), 2);
}

#[test]
fn a_dead_room_blocks_nothing_and_one_of_which_nothing_is_known_blocks_all() {
    let with = |status| {
        Fake::with(vec![(
            "rooms/%21dead/joined_members",
            response(
                status,
                &json!({"errcode": if status == 403 { "M_FORBIDDEN" } else { "M_NOT_FOUND" }}),
            ),
        )])
    };
    let all = [
        message("!dead", "$1", "@ada:localtest"),
        message("!r", "$2", "@ada:localtest"),
    ];
    for status in [403, 404] {
        let events = read(&with(status), &all, 50).unwrap();
        let sent = events.iter().map(|event| match event {
            ChatEvent::Sent(sent) => (sent.message_id.clone(), sent.statuses.len()),
            other => panic!("{other:?}"),
        });
        let expected = [(MessageId::new("$1"), 0), (MessageId::new("$2"), 1)];
        assert_eq!(sent.collect::<Vec<_>>(), expected);
    }
    for status in [401, 429, 500] {
        assert!(read(&with(status), &all, 50).is_err(), "{status}");
    }
}

#[test]
fn a_room_whose_members_do_not_fit_into_a_response_is_too_large() {
    let long = "x".repeat(LONGEST_RESPONSE);
    let body = HttpResponse::Received {
        status: 200,
        body: long,
    };
    let fake = Fake::with(vec![("joined_members", body)]);
    assert_eq!(recipients(&fake, "@ada:localtest", 50), None);
}

#[test]
fn a_proxy_that_refuses_says_nothing_about_a_room() {
    for status in [403, 404] {
        let fake = Fake::with(vec![("joined_members", response(status, &json!("no")))]);
        let all = [message("!r", "$1", "@ada:localtest")];
        assert!(read(&fake, &all, 50).is_err(), "{status}");
    }
}

#[test]
fn who_comes_back_in_the_same_transaction_has_not_left() {
    let member = |membership: &str, user: &str| {
        json!({
            "type": "m.room.member", "room_id": "!r", "state_key": user,
            "content": {"membership": membership},
        })
    };
    let (bob, ada) = ("@bob:localtest", "@ada:localtest");
    let fake = Fake::with(vec![]);
    let left = |all: &[Value]| read(&fake, all, 50).unwrap().len();
    assert_eq!(left(&[member("leave", bob), member("join", bob)]), 0);
    assert_eq!(left(&[member("join", bob), member("leave", bob)]), 1);
    assert_eq!(left(&[member("leave", bob), member("join", ada)]), 1);
}
