//! A room as templates show it: a conversation in Layer's words.

use serde_json::{Value, json};

use super::{
    account::{Homeserver, local_part},
    failure::{Failure, success},
    members::Member,
};
use crate::{
    digest::senders::joined,
    http::{HttpRequest, HttpResponse, Method},
    ids::{ConversationId, UserId},
    json,
    percent::escaped,
};

/// The request for the name of a room, as a member.
pub fn get_name(homeserver: &Homeserver, user_id: &UserId, room: &ConversationId) -> HttpRequest {
    let path = format!("v3/rooms/{}/state/m.room.name", escaped(room));
    homeserver.request_as(user_id, Method::Get, &path)
}

/// Reads the response to [`get_name`]. `None`: the room has no name.
///
/// # Errors
/// [`Failure`] if the name is not known.
pub fn read_name(response: &HttpResponse) -> Result<Option<String>, Failure> {
    let body = match success(response) {
        Err(failure) if failure.is_not_found() => return Ok(None),
        body => body?,
    };
    let state = json::value(body);
    let name = state.as_ref().and_then(|state| state.get("name")?.as_str());
    let name = name.map(str::trim).filter(|name| !name.is_empty());
    Ok(name.map(str::to_owned))
}

/// A room in Layer's words. One without a name is called by those of its other members.
pub fn in_layers_words(
    room: &ConversationId,
    name: Option<String>,
    members: &[Member],
    user_id: &UserId,
) -> Value {
    let others = members.iter().filter(|member| member.user_id != *user_id);
    let others: Vec<&str> = others
        .map(|member| {
            member
                .name
                .as_deref()
                .unwrap_or(local_part(&member.user_id))
        })
        .collect();
    let participants: Vec<&UserId> = members.iter().map(|member| &member.user_id).collect();
    json!({
        "id": room,
        "participants": participants,
        "metadata": { "conversationName": name.unwrap_or_else(|| joined(&others)) },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(user_id: &str, name: Option<&str>) -> Member {
        Member {
            user_id: UserId::new(user_id),
            name: name.map(str::to_owned),
        }
    }

    fn title(name: Option<&str>) -> Value {
        let members = [
            member("@ada:x", Some("Ada")),
            member("@bob:x", Some("Bob")),
            member("@cem:x", None),
        ];
        let (room, bob) = (ConversationId::new("!r"), UserId::new("@bob:x"));
        let room = in_layers_words(&room, name.map(str::to_owned), &members, &bob);
        room["metadata"]["conversationName"].clone()
    }

    #[test]
    fn a_room_without_a_name_is_called_by_its_other_members() {
        assert_eq!(title(Some("Project Falcon")), "Project Falcon");
        assert_eq!(title(None), "Ada and cem");
    }

    #[test]
    fn a_room_may_have_no_name_but_no_answer_is_another_matter() {
        let name = |status, body: &str| {
            let body = body.to_owned();
            read_name(&HttpResponse::Received { status, body })
        };
        assert_eq!(
            name(200, r#"{"name":"Falcon"}"#),
            Ok(Some("Falcon".to_owned()))
        );
        assert_eq!(name(200, r#"{"name":" "}"#), Ok(None));
        assert_eq!(name(404, r#"{"errcode":"M_NOT_FOUND"}"#), Ok(None));
        assert!(name(500, "").is_err());
    }
}
