//! Who is in a room.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
};

use serde_json::value::RawValue;

use super::{
    account::Homeserver,
    failure::{Failure, success},
};
use crate::{
    fields::{FieldProblem, Fields},
    http::{HttpRequest, HttpResponse, LONGEST_RESPONSE, Method},
    ids::{ConversationId, UserId},
    json,
    percent::escaped,
    sms::control::is_blank,
    time::{MINUTE, Span, Timestamp},
};

/// How long the members of a room are remembered.
const KNOWN_FOR: Span = MINUTE;
/// The most members that are remembered, of all rooms together.
const MOST: usize = 50_000;

/// A member of a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The user.
    pub user_id: UserId,
    /// The name that the user has in the room, if there is one.
    pub name: Option<String>,
}

/// Who is in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Members {
    /// These, sorted by user.
    Known(Rc<[Member]>),
    /// More people than those whose messages cause texts.
    TooMany,
}

impl Members {
    /// Whether a user is in the room; in one with too many members everybody may be.
    pub fn may_include(&self, user_id: &UserId) -> bool {
        match self {
            Self::Known(members) => members.iter().any(|member| member.user_id == *user_id),
            Self::TooMany => true,
        }
    }

    /// The members, if they are known.
    pub fn known(&self) -> &[Member] {
        match self {
            Self::Known(members) => members,
            Self::TooMany => &[],
        }
    }
}

/// The request for the joined members of a room. The service itself may ask though it is not in the room.
pub fn joined_members(homeserver: &Homeserver, room: &ConversationId) -> HttpRequest {
    let path = format!("v3/rooms/{}/joined_members", escaped(room));
    homeserver.request(Method::Get, &path)
}

/// Reads the response to [`joined_members`]. A room in which nobody is of this homeserver, or that does not exist, has no
/// members. One with more than `largest` besides one who writes has too many, and so has one whose response is cut off.
///
/// # Errors
/// [`Failure`] if who is in the room is not known.
pub fn read_members(response: &HttpResponse, largest: usize) -> Result<Members, Failure> {
    let body = match success(response) {
        Err(failure) if failure.is_forbidden() || failure.is_not_found() => {
            return Ok(Members::Known(Rc::default()));
        }
        body => body?,
    };
    if body.len() >= LONGEST_RESPONSE {
        return Ok(Members::TooMany);
    }
    let members = joined(&json::readable(body.as_bytes()))
        .map_err(|_| Failure::unreadable(response, "members"))?;
    Ok(match members.len() > largest.saturating_add(1) {
        true => Members::TooMany,
        false => Members::Known(members.into()),
    })
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
    rooms: RefCell<HashMap<ConversationId, (Timestamp, Members)>>,
    /// Counts how often something was forgotten: an answer to a question from before may be out of date.
    forgotten: Cell<u64>,
}

/// A question for the members of a room, while it is on its way.
#[derive(Clone, Copy, Debug)]
pub struct Pending(u64);

impl KnownMembers {
    /// The members of a room, if they are remembered.
    pub fn of(&self, room: &ConversationId, now: Timestamp) -> Option<Members> {
        let rooms = self.rooms.borrow();
        let known = rooms.get(room).filter(|(until, _)| *until > now);
        known.map(|(_, members)| members.clone())
    }

    /// Called when the homeserver is asked.
    pub fn asking(&self) -> Pending {
        Pending(self.forgotten.get())
    }

    /// Remembers the answer to a question, unless somebody joined or left a room meanwhile.
    pub fn remember(
        &self,
        asked: Pending,
        room: &ConversationId,
        members: &Members,
        now: Timestamp,
    ) {
        if asked.0 != self.forgotten.get() {
            return;
        }
        let mut rooms = self.rooms.borrow_mut();
        let is_full = |rooms: &HashMap<_, (_, Members)>| {
            let sizes = rooms.values().map(|(_, members)| 1 + members.known().len());
            sizes.sum::<usize>() >= MOST
        };
        if is_full(&rooms) {
            rooms.retain(|_, (until, _)| *until > now);
        }
        if is_full(&rooms) {
            rooms.clear();
        }
        rooms.insert(room.clone(), (now + KNOWN_FOR, members.clone()));
    }

    /// Forgets the members of a room, as somebody joined or left it.
    pub fn forget(&self, room: &ConversationId) {
        self.forgotten.set(self.forgotten.get() + 1);
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

    fn with_bob() -> Members {
        Members::Known(Rc::new([bob()]))
    }

    fn read(response: &HttpResponse) -> Result<Vec<Member>, Failure> {
        read_members(response, 50).map(|members| members.known().to_vec())
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
        assert_eq!(read(&response(200, body)), Ok(expected));
    }

    #[test]
    fn a_dead_room_has_no_members_and_a_silent_homeserver_says_nothing() {
        let forbidden = r#"{"errcode":"M_FORBIDDEN","error":"Appservice not in room"}"#;
        assert_eq!(read(&response(403, forbidden)), Ok(vec![]));
        let not_found = r#"{"errcode":"M_NOT_FOUND"}"#;
        assert_eq!(read(&response(404, not_found)), Ok(vec![]));
        let silent = HttpResponse::Missing(NoResponse::Timeout);
        for failed in [
            silent,
            response(401, ""),
            response(403, "<html>"),
            response(404, r#"{"errcode":"M_UNRECOGNIZED"}"#),
            response(429, ""),
            response(500, ""),
        ] {
            assert!(read(&failed).is_err(), "{failed:?}");
        }
        let why = read(&response(200, "[]")).unwrap_err().why();
        assert_eq!(why, "HTTP 200 without members");
    }

    #[test]
    fn members_are_remembered_for_a_minute() {
        let known = KnownMembers::default();
        known.remember(known.asking(), &room(), &with_bob(), NOON);
        assert_eq!(known.of(&room(), NOON + SECOND * 59), Some(with_bob()));
        assert_eq!(known.of(&room(), NOON + MINUTE), None);
    }

    #[test]
    fn an_answer_that_is_older_than_a_change_is_not_remembered() {
        let known = KnownMembers::default();
        let asked = known.asking();
        known.forget(&room());
        known.remember(asked, &room(), &with_bob(), NOON);
        assert_eq!(known.of(&room(), NOON), None);
    }

    #[test]
    fn a_bounded_number_of_members_is_remembered() {
        let known = KnownMembers::default();
        let crowd = Members::Known(vec![bob(); 999].into());
        for index in 0..=60 {
            let room = ConversationId::new(format!("!{index}"));
            known.remember(known.asking(), &room, &crowd, NOON);
            let rooms = known.rooms.borrow().len();
            assert!(rooms <= 50 && rooms > 0, "{rooms}");
        }
    }

    #[test]
    fn who_writes_is_not_counted_among_the_members() {
        let of = |members: usize, largest| {
            let joined = (0..members).map(|it| format!(r#""@u{it}:x":{{}}"#));
            let joined: Vec<String> = joined.collect();
            let body = format!(r#"{{"joined":{{{}}}}}"#, joined.join(","));
            read_members(&response(200, &body), largest).unwrap()
        };
        assert_eq!(of(4, 3).known().len(), 4);
        assert_eq!(of(5, 3), Members::TooMany);
    }
}
