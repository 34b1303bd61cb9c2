//! The endpoints that read conversations, messages and identities.

use super::request::Checked;
use crate::clock::layer_time;
use crate::http::Response;
use crate::json::Json;
use crate::layer::handle::Shared;
use crate::layer::model::{Conversation, Message, Version};
use crate::layer::wire::{Renderer, responses};
use crate::lock::lock;

/// The response of a GET; `None`: no endpoint has this path.
pub(super) fn respond(shared: &Shared, checked: &Checked<'_>, path: &[&str]) -> Option<Response> {
    let version = checked.version;
    Some(match *path {
        ["conversations", id] => conversation(shared, version, id),
        ["conversations", id, "messages"] => messages(shared, version, id),
        ["conversations", id, "messages", message] => {
            system_view(shared, version, Some(id), message)
        }
        ["messages", message] => system_view(shared, version, None, message),
        ["users", user, "identity"] => identity(shared, version, user),
        ["users", user, "messages", message] => user_view(shared, version, user, message),
        ["users", user, "conversations", id] => users_conversation(shared, version, user, id),
        _ => return None,
    })
}

/// The response of `respond` for an existing conversation; otherwise an error.
fn with_conversation(
    shared: &Shared,
    id: &str,
    respond: impl FnOnce(&Renderer<'_>, &Conversation) -> Response,
) -> Response {
    let state = lock(&shared.state);
    match state.conversations.get(id) {
        None => responses::not_found("Conversation"),
        Some(found) if found.deleted => responses::conversation_deleted(),
        Some(found) => respond(&shared.renderer(&state), found),
    }
}

fn conversation(shared: &Shared, version: Version, id: &str) -> Response {
    with_conversation(shared, id, |renderer, found| {
        responses::json(200, &renderer.conversation(found, version))
    })
}

fn users_conversation(shared: &Shared, version: Version, user: &str, id: &str) -> Response {
    with_conversation(shared, id, |renderer, found| {
        if !found.has(user) {
            return responses::not_found("Conversation");
        }
        let messages = renderer.state.messages.iter();
        let messages: Vec<_> = messages.filter(|one| one.is_in(id)).collect();
        let last = messages
            .last()
            .map_or(Json::NULL, |last| renderer.message(last, version));
        let unread = messages.iter().filter(|one| one.is_unread_for(user));
        let json = renderer
            .conversation(found, version)
            .with("last_message", last)
            .with("unread_message_count", unread.count());
        responses::json(200, &json)
    })
}

/// The latest 100 messages, newest first.
fn messages(shared: &Shared, version: Version, id: &str) -> Response {
    with_conversation(shared, id, |renderer, _| {
        let messages = renderer.state.messages.iter().rev();
        let newest = messages.filter(|one| one.is_in(id)).take(100);
        let json = newest.map(|one| renderer.system_view(one, version));
        responses::json(200, &Json::List(json.collect()))
    })
}

/// A message as the system sees it; `conversation`: the one in the path, if any.
fn system_view(
    shared: &Shared,
    version: Version,
    conversation: Option<&str>,
    id: &str,
) -> Response {
    let state = lock(&shared.state);
    match conversation.map(|id| state.conversations.get(id)) {
        Some(None) => return responses::not_found("Conversation"),
        Some(Some(found)) if found.deleted => return responses::conversation_deleted(),
        _ => {}
    }
    let here =
        |one: &&Message| conversation.is_none() || one.conversation.as_deref() == conversation;
    match state.readable_message(id).filter(here) {
        Some(found) => {
            let json = shared.renderer(&state).system_view(found, version);
            responses::json(200, &json)
        }
        None => responses::not_found("Message"),
    }
}

/// A message as a user sees it.
fn user_view(shared: &Shared, version: Version, user: &str, id: &str) -> Response {
    let state = lock(&shared.state);
    if !state.users.contains_key(user) {
        return responses::not_found("User");
    }
    let sees = |one: &&Message| one.status.iter().any(|(found, _)| found == user);
    match state.readable_message(id).filter(sees) {
        Some(found) => {
            let json = shared
                .renderer(&state)
                .message(found, version)
                .with("is_unread", found.is_unread_for(user))
                .with("received_at", layer_time(found.sent_at));
            responses::json(200, &json)
        }
        None => responses::not_found("Message"),
    }
}

fn identity(shared: &Shared, version: Version, user: &str) -> Response {
    let state = lock(&shared.state);
    match state.users.get(user).filter(|user| !user.no_identity) {
        Some(found) => {
            let json = shared.renderer(&state).full_identity(found, version);
            responses::json(200, &json)
        }
        None => responses::not_found("Identity"),
    }
}
