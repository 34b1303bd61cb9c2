//! Who is in a room.

use std::{cell::RefCell, collections::HashMap};

use serde_json::value::RawValue;

use super::{account::Homeserver, failure::Failure};
use crate::{
    fields::{FieldProblem, Fields},
    http::{HttpRequest, HttpResponse, Method},
    ids::{ConversationId, UserId},
    json,
    percent::escaped,
    sms::control::is_blank,
    time::{MINUTE, Span, Timestamp},
};

/// How long the members of a room are remembered.
const KNOWN_FOR: Span = MINUTE;
/// The most rooms whose members are remembered.
const MOST: usize = 1_000;

/// A member of a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The user.
    pub user_id: UserId,
    /// The name that the user has in the room, if there is one.
    pub name: Option<String>,
}

/// The request for the joined members of a room. The service itself may ask though it is not in the room.
pub fn joined_members(homeserver: &Homeserver, room: &ConversationId) -> HttpRequest {
    let path = format!("v3/rooms/{}/joined_members", escaped(room));
    homeserver.request(Method::Get, &path)
}

/// Reads the response to [`joined_members`], sorted by user. A room in which nobody is of this homeserver, or that does
/// not exist, has no members.
///
/// # Errors
/// [`Failure`] if who is in the room is not known.
pub fn read_members(response: &HttpResponse) -> Result<Vec<Member>, Failure> {
    let body = match response {
        HttpResponse::Received { status: 200, body } => body,
        HttpResponse::Received {
            status: 403 | 404, ..
        } => return Ok(Vec::new()),
        _ => return Err(Failure::read(response)),
    };
    joined(&json::readable(body.as_bytes())).map_err(|_| Failure::unreadable(response, "members"))
}

fn joined(body: &str) -> Result<Vec<Member>, FieldProblem> {
    let body = Fields::read("", body)?;
    let joined = body.must("joined", body.object("joined"))?;
    let members = joined.all().map(|(user_id, profile)| Member {
        user_id: UserId::new(user_id),
        name: name(profile),
    });
    Ok(members.collect())
}

fn name(profile: &RawValue) -> Option<String> {
    let profile = Fields::read("", profile.get()).ok()?;
    let name = profile.text("display_name").ok()??;
    (!is_blank(&name)).then(|| name.into_owned())
}

/// The members of rooms, remembered for a minute.
#[derive(Debug, Default)]
pub struct KnownMembers {
    rooms: RefCell<HashMap<ConversationId, (Timestamp, Vec<Member>)>>,
    /// Counts how often something was forgotten: an answer to a question from before may be out of date.
    forgotten: RefCell<u64>,
}

/// A question for the members of a room, while it is on its way.
#[derive(Clone, Copy, Debug)]
pub struct Pending(u64);

impl KnownMembers {
    /// The members of a room, if they are remembered.
    pub fn of(&self, room: &ConversationId, now: Timestamp) -> Option<Vec<Member>> {
        let rooms = self.rooms.borrow();
        let known = rooms.get(room).filter(|(until, _)| *until > now);
        known.map(|(_, members)| members.clone())
    }

    /// Called when the homeserver is asked.
    pub fn asking(&self) -> Pending {
        Pending(*self.forgotten.borrow())
    }

    /// Remembers the answer to a question, unless somebody joined or left a room meanwhile.
    pub fn remember(
        &self,
        asked: Pending,
        room: &ConversationId,
        members: &[Member],
        now: Timestamp,
    ) {
        if asked.0 != *self.forgotten.borrow() {
            return;
        }
        let mut rooms = self.rooms.borrow_mut();
        if rooms.len() >= MOST {
            rooms.retain(|_, (until, _)| *until > now);
        }
        if rooms.len() >= MOST {
            rooms.clear();
        }
        rooms.insert(room.clone(), (now + KNOWN_FOR, members.to_vec()));
    }

    /// Forgets the members of a room, as somebody joined or left it.
    pub fn forget(&self, room: &ConversationId) {
        *self.forgotten.borrow_mut() += 1;
        self.rooms.borrow_mut().remove(room);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{http::NoResponse, matrix::account::homeserver, time::SECOND};

    const NOON: Timestamp = Timestamp::from_millis(1_795_694_400_000);

    fn response(status: u16, body: &str) -> HttpResponse {
        let body = body.to_owned();
        HttpResponse::Received { status, body }
    }

    fn room() -> ConversationId {
        ConversationId::new("!a/b:localtest")
    }

    fn bob() -> Member {
        Member {
            user_id: UserId::new("@bob:localtest"),
            name: Some("Bob".to_owned()),
        }
    }

    #[test]
    fn the_service_asks_as_itself() {
        let request = joined_members(&homeserver(), &room());
        assert_eq!(
            request.url,
            "https://matrix.example.org/_matrix/client/v3/rooms/%21a%2Fb%3Alocaltest/joined_members"
        );
    }

    #[test]
    fn members_are_sorted_and_may_have_no_name_or_an_odd_one() {
        let body = r#"{"joined":{"@cem:localtest":{"avatar_url":null,"display_name":null},
            "@dan:localtest":{"display_name":5},"@bob:localtest":{"display_name":"Bob"}}}"#;
        let unnamed = |user_id: &str| Member {
            user_id: UserId::new(user_id),
            name: None,
        };
        let expected = vec![bob(), unnamed("@cem:localtest"), unnamed("@dan:localtest")];
        assert_eq!(read_members(&response(200, body)), Ok(expected));
    }

    #[test]
    fn a_dead_room_has_no_members_and_a_silent_homeserver_says_nothing() {
        let forbidden = r#"{"errcode":"M_FORBIDDEN","error":"Appservice not in room"}"#;
        assert_eq!(read_members(&response(403, forbidden)), Ok(vec![]));
        assert_eq!(read_members(&response(404, "")), Ok(vec![]));
        let silent = HttpResponse::Missing(NoResponse::Timeout);
        for failed in [
            silent,
            response(401, ""),
            response(429, ""),
            response(500, ""),
        ] {
            assert!(read_members(&failed).is_err(), "{failed:?}");
        }
        let why = read_members(&response(200, "[]")).unwrap_err().why();
        assert_eq!(why, "HTTP 200 without members");
    }

    #[test]
    fn members_are_remembered_for_a_minute() {
        let known = KnownMembers::default();
        known.remember(known.asking(), &room(), &[bob()], NOON);
        assert_eq!(known.of(&room(), NOON + SECOND * 59), Some(vec![bob()]));
        assert_eq!(known.of(&room(), NOON + MINUTE), None);
    }

    #[test]
    fn an_answer_that_is_older_than_a_change_is_not_remembered() {
        let known = KnownMembers::default();
        let asked = known.asking();
        known.forget(&room());
        known.remember(asked, &room(), &[bob()], NOON);
        assert_eq!(known.of(&room(), NOON), None);
    }

    #[test]
    fn the_members_of_a_bounded_number_of_rooms_are_remembered() {
        let known = KnownMembers::default();
        for index in 0..=MOST {
            let room = ConversationId::new(format!("!{index}"));
            known.remember(known.asking(), &room, &[], NOON);
        }
        assert!(known.rooms.borrow().len() <= MOST);
    }
}
