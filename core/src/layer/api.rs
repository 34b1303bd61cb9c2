//! Layer's Platform API: requests for messages and conversations, and their responses.

use serde_json::Value;

use super::{account::LayerAccount, error::ErrorResponse, ids};
use crate::{
    chat::{
        recheck::{Recheck, Rechecked},
        resource::Resource,
        status::Status,
    },
    fields::{self, Fields},
    http::{HttpRequest, HttpResponse, Method},
    ids::{ConversationId, MessageId, UserId},
    json,
    time::{SECOND, Span},
};

/// Timeout of [`get_message`]. Without a response by then, the statuses from the webhooks count.
const RECHECK_TIMEOUT: Span = SECOND.times(3);

/// The request for a message with the status of every recipient. Both ids are UUIDs ([`ids::uuid_of`]).
pub fn get_message(
    account: &LayerAccount,
    conversation_id: &ConversationId,
    message_id: &MessageId,
) -> HttpRequest {
    let path = format!("conversations/{conversation_id}/messages/{message_id}");
    HttpRequest {
        timeout: RECHECK_TIMEOUT,
        ..account.platform_request(Method::Get, &path)
    }
}

/// The request for a conversation by its UUID ([`ids::uuid_of`]).
pub fn get_conversation(account: &LayerAccount, conversation_id: &ConversationId) -> HttpRequest {
    account.platform_request(Method::Get, &format!("conversations/{conversation_id}"))
}

/// Reads the response to [`get_message`] for one user.
pub fn read_recheck(response: &HttpResponse, user: &UserId) -> Rechecked {
    match response {
        HttpResponse::Received { status: 200, body } => Rechecked {
            recheck: status_in(body, user).unwrap_or(Recheck::Unknown),
            parts: parts_in(body),
        },
        HttpResponse::Received {
            status: 404 | 410, ..
        } => Rechecked::without_parts(Recheck::Gone),
        _ => Rechecked::without_parts(Recheck::Unknown),
    }
}

fn parts_in(body: &str) -> Option<Vec<Value>> {
    match json::value(body)?.get_mut("parts")?.take() {
        Value::Array(parts) if !parts.is_empty() => Some(parts),
        _ => None,
    }
}

/// `None` when the body has no readable status: in Layer's own examples `recipient_status` is `null`.
fn status_in(body: &str, user: &UserId) -> Option<Recheck> {
    let body = json::readable(body.as_bytes());
    let message = Fields::read("", &body).ok()?;
    let statuses = message.object("recipient_status").ok()??;
    let mut found = Recheck::NotListed;
    for (reference, raw) in statuses.all() {
        if ids::user_of(reference) == *user {
            let word = fields::text(raw)?;
            found = Recheck::Status(Status::read(&word)?);
        }
    }
    Some(found)
}

/// Reads the response to [`get_conversation`] or a request for an identity.
pub fn read_resource(response: &HttpResponse) -> Resource {
    match response {
        HttpResponse::Received { status: 200, body } => match json::value(body) {
            Some(value @ Value::Object(_)) => Resource::Found(value),
            _ => Resource::Failed {
                why: "HTTP 200 without a JSON object".to_owned(),
            },
        },
        HttpResponse::Received {
            status: 404 | 410, ..
        } => Resource::Gone,
        _ => Resource::Failed {
            why: ErrorResponse::read(response).why(),
        },
    }
}

#[cfg(test)]
mod tests;
