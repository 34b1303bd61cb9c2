//! Posting a reply into a room, as the user who texted it, and marking the room as read.
//!
//! A transaction id is remembered across restarts of the homeserver only for a device. All posts of the service have the
//! same device, which goes when its user logs out everywhere.

use serde_json::json;

use super::{
    account::Homeserver,
    failure::{Failure, success},
};
use crate::{
    chat::post::{Mark, Post, PostOutcome},
    http::{HttpRequest, HttpResponse, Method},
    ids::{ConversationId, UserId},
    percent::escaped,
};

/// The id of the service's device of each user.
const DEVICE: &str = "TEXTS";

/// The request that makes the service's device of a user, if there is none.
pub fn make_device(homeserver: &Homeserver, user_id: &UserId) -> HttpRequest {
    let path = format!("v3/devices/{DEVICE}");
    let request = homeserver.request_as(user_id, Method::Put, &path);
    request.with_json(json!({ "display_name": "Texts" }).to_string())
}

/// Reads the response to [`make_device`]. An error is the outcome of the post.
///
/// # Errors
/// The outcome, if nothing can be posted without the device.
pub fn read_device(response: &HttpResponse) -> Result<(), PostOutcome> {
    match response.status() {
        Some(200 | 201) => Ok(()),
        _ => Err(outcome_of(&Failure::read(response))),
    }
}

/// The request for the encryption of a room, as a member.
pub fn get_encryption(
    homeserver: &Homeserver,
    user_id: &UserId,
    room: &ConversationId,
) -> HttpRequest {
    let path = format!("v3/rooms/{}/state/m.room.encryption", escaped(room));
    homeserver.request_as(user_id, Method::Get, &path)
}

/// Reads the response to [`get_encryption`]. Nothing is posted into an encrypted room: the homeserver would take plain
/// text.
///
/// # Errors
/// The outcome of the post, if the room is encrypted or may be.
pub fn read_encryption(response: &HttpResponse) -> Result<(), PostOutcome> {
    match success(response) {
        Ok(_) => Err(PostOutcome::Refused {
            why: "the room is encrypted".to_owned(),
        }),
        Err(failure) if failure.is_not_found() => Ok(()),
        Err(failure) => Err(try_again(&failure)),
    }
}

/// The request that posts a message.
pub fn post_message(homeserver: &Homeserver, post: &Post<'_>) -> HttpRequest {
    let (room, transaction) = (escaped(post.conversation_id), escaped(post.dedupe_id));
    let path = format!("v3/rooms/{room}/send/m.room.message/{transaction}?device_id={DEVICE}");
    let request = homeserver.request_as(post.user_id, Method::Put, &path);
    request.with_json(json!({ "msgtype": "m.text", "body": post.text }).to_string())
}

/// Reads the response to [`post_message`].
pub fn read_post_response(response: &HttpResponse) -> PostOutcome {
    match response.status() {
        Some(200..=299) => PostOutcome::Posted,
        _ => outcome_of(&Failure::read(response)),
    }
}

/// The request that marks a room as read for a user, up to a message.
pub fn mark_read(homeserver: &Homeserver, mark: &Mark<'_>) -> HttpRequest {
    let (room, message_id) = (escaped(mark.conversation_id), escaped(mark.message_id));
    let path = format!("v3/rooms/{room}/receipt/m.read/{message_id}");
    let request = homeserver.request_as(mark.user_id, Method::Post, &path);
    request.with_json(json!({}).to_string())
}

fn try_again(failure: &Failure) -> PostOutcome {
    PostOutcome::TryAgain {
        why: failure.why(),
        wait: failure.retry_after,
    }
}

/// A device that is gone is made anew by the next try. Only then may a post be doubled: one whose response was lost before
/// the user logged out everywhere.
fn outcome_of(failure: &Failure) -> PostOutcome {
    let why = failure.why();
    if failure.is("M_UNKNOWN_DEVICE") {
        return try_again(failure);
    }
    // A server that does not know the path is no homeserver, or an old one.
    let is_no_homeserver =
        failure.is("M_UNRECOGNIZED") || failure.status == Some(404) && failure.errcode.is_none();
    match failure.status {
        Some(_) if is_no_homeserver => PostOutcome::OperatorFault { why },
        Some(401 | 300..=399) => PostOutcome::OperatorFault { why },
        None | Some(408 | 429 | 500.. | ..200) => try_again(failure),
        Some(_) => PostOutcome::Refused { why },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{http::NoResponse, ids::MessageId, matrix::account::homeserver};

    const CLIENT: &str = "https://matrix.example.org/_matrix/client/v3";

    fn bob() -> UserId {
        UserId::new("@bob:x")
    }

    fn response(status: u16, errcode: &str) -> HttpResponse {
        let body = json!({ "errcode": errcode, "error": "…" }).to_string();
        HttpResponse::Received { status, body }
    }

    fn kind(outcome: &PostOutcome) -> &'static str {
        match outcome {
            PostOutcome::Posted => "posted",
            PostOutcome::TryAgain { .. } => "try again",
            PostOutcome::OperatorFault { .. } => "operator's fault",
            PostOutcome::Refused { .. } => "refused",
        }
    }

    #[test]
    fn a_post_is_the_users_with_a_device_and_a_transaction_id() {
        let request = post_message(
            &homeserver(),
            &Post {
                conversation_id: &ConversationId::new("!r"),
                user_id: &bob(),
                text: "Hé \"you\"",
                dedupe_id: "b17eed23",
            },
        );
        assert_eq!(
            request.url,
            format!(
                "{CLIENT}/rooms/%21r/send/m.room.message/b17eed23?device_id=TEXTS&user_id=%40bob%3Ax"
            )
        );
        let body = r#"{"body":"Hé \"you\"","msgtype":"m.text"}"#;
        assert_eq!(request.body.as_deref(), Some(body));
        assert_eq!(request.method, Method::Put);
    }

    #[test]
    fn the_device_is_the_users() {
        let request = make_device(&homeserver(), &bob());
        assert_eq!(
            request.url,
            format!("{CLIENT}/devices/TEXTS?user_id=%40bob%3Ax")
        );
        assert_eq!(read_device(&response(201, "")), Ok(()));
        assert_eq!(read_device(&response(200, "")), Ok(()));
        let refused = read_device(&response(403, "M_FORBIDDEN")).unwrap_err();
        assert_eq!(kind(&refused), "refused");
    }

    #[test]
    fn nothing_is_posted_into_a_room_that_is_encrypted_or_may_be() {
        assert_eq!(read_encryption(&response(404, "M_NOT_FOUND")), Ok(()));
        let kind_of = |response: &HttpResponse| kind(&read_encryption(response).unwrap_err());
        assert_eq!(kind_of(&response(200, "")), "refused");
        assert_eq!(kind_of(&response(500, "")), "try again");
        assert_eq!(
            kind_of(&HttpResponse::Missing(NoResponse::Timeout)),
            "try again"
        );
    }

    #[test]
    fn a_post_is_refused_for_good_only_if_trying_again_cannot_help() {
        for (status, errcode, expected) in [
            (200, "", "posted"),
            (400, "M_UNKNOWN_DEVICE", "try again"),
            (429, "M_LIMIT_EXCEEDED", "try again"),
            (500, "", "try again"),
            (401, "M_UNKNOWN_TOKEN", "operator's fault"),
            (302, "", "operator's fault"),
            (404, "M_UNRECOGNIZED", "operator's fault"),
            (404, "M_NOT_FOUND", "refused"),
            (403, "M_FORBIDDEN", "refused"),
            (403, "M_USER_SUSPENDED", "refused"),
            (413, "M_TOO_LARGE", "refused"),
        ] {
            let outcome = read_post_response(&response(status, errcode));
            assert_eq!(kind(&outcome), expected, "{status} {errcode}");
        }
        let silent = HttpResponse::Missing(NoResponse::Connection);
        assert_eq!(kind(&read_post_response(&silent)), "try again");
    }

    #[test]
    fn a_room_is_marked_as_read_up_to_a_message() {
        let mark = Mark {
            conversation_id: &ConversationId::new("!r"),
            user_id: &bob(),
            message_id: &MessageId::new("$e"),
            position: None,
        };
        let request = mark_read(&homeserver(), &mark);
        assert_eq!(
            request.url,
            format!("{CLIENT}/rooms/%21r/receipt/m.read/%24e?user_id=%40bob%3Ax")
        );
    }
}
