//! Posting a reply into a conversation, as the user who texted it.

use serde::Serialize;

use super::{account::LayerAccount, error::ErrorResponse, ids};
use crate::{
    chat::post::{Post, PostOutcome},
    http::{HttpRequest, HttpResponse, Method},
};

/// The body of a request for a new message.
#[derive(Serialize)]
struct NewMessage<'a> {
    #[serde(flatten)]
    sender: Sender<'a>,
    parts: [Part<'a>; 1],
}

#[derive(Serialize)]
#[serde(untagged)]
enum Sender<'a> {
    User { sender: User<'a> },
    Identity { sender_id: String },
}

#[derive(Serialize)]
struct User<'a> {
    user_id: &'a str,
}

#[derive(Serialize)]
struct Part<'a> {
    body: &'a str,
    mime_type: &'static str,
}

/// The request that posts a message.
pub fn post_message(account: &LayerAccount, post: &Post<'_>) -> HttpRequest {
    let path = format!("conversations/{}/messages", post.conversation_id);
    let request = account.platform_request(Method::Post, &path);
    let mut request = request.with_json(body(account, post));
    // Layer expects the id without the quotes of an entity tag.
    request
        .headers
        .push(("If-None-Match", post.dedupe_id.to_owned()));
    request
}

fn body(account: &LayerAccount, post: &Post<'_>) -> String {
    let sender = if account.version.sends_sender_id() {
        Sender::Identity {
            sender_id: ids::identity_uri(post.user_id),
        }
    } else {
        Sender::User {
            sender: User {
                user_id: post.user_id,
            },
        }
    };
    let message = NewMessage {
        sender,
        parts: [Part {
            body: post.text,
            mime_type: "text/plain",
        }],
    };
    // Strings always serialise.
    serde_json::to_string(&message).unwrap_or_default()
}

/// Reads the response to [`post_message`].
pub fn read_post_response(response: &HttpResponse) -> PostOutcome {
    let error = ErrorResponse::read(response);
    let is = |code, id| error.code == Some(code) || error.id.as_deref() == Some(id);
    let why = error.why();
    match response.status() {
        Some(200..=299) => PostOutcome::Posted,
        Some(409) if is(111, "id_in_use") => PostOutcome::Posted,
        Some(401 | 300..=399) => PostOutcome::OperatorFault { why },
        Some(403) if is(2, "invalid_app_id") || is(5, "app_suspended") => {
            PostOutcome::OperatorFault { why }
        }
        None | Some(408 | 409 | 429 | 500..) | Some(..200) => {
            PostOutcome::TryAgain { why, wait: None }
        }
        Some(_) => PostOutcome::Refused { why },
    }
}

#[cfg(test)]
mod tests;
