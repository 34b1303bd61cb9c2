use serde_json::{Value, json};

use super::*;
use crate::{
    matrix::{
        event::{Current, read_event},
        fake::{Fake, NOON, SOON, chat, response, run},
        notifications::read_page,
    },
    time::SECOND,
};

#[test]
fn members_are_asked_for_once_a_minute() {
    let fake = Fake::with(vec![]);
    let (chat, room) = (chat(), ConversationId::new("!r"));
    let members = |now| {
        let when = When { now, ..SOON };
        run(chat.members(&fake, &room, when)).unwrap().known().len()
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
            (
                "m.room.encryption",
                response(encryption, &json!({"errcode": "M_NOT_FOUND"})),
            ),
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
        let members = read_members(&answer("joined_members as the bot"), 50).unwrap();
        let names: Vec<_> = members
            .known()
            .iter()
            .map(|it| it.name.as_deref())
            .collect();
        assert_eq!(names, [Some("alice"), Some("Bob Builder"), Some("Carol")]);
        let of_bob = read_members(&answer("joined_members as bob"), 50);
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
