//! The Platform API: who may ask, in which form, and the reading side.

use super::errors;
use super::model::{Conversation, Message, Version};
use super::wire::Wire;
use super::{Shared, hooks, post};
use crate::json::{Json, object};
use crate::lock;
use crate::server::{Answered, Incoming};
use std::sync::Arc;

const PLATFORM: &str = "application/vnd.layer+json";
const WEBHOOKS: &str = "application/vnd.layer.webhooks+json";

/// A request that may be answered.
pub(super) struct Asked<'a> {
    pub(super) incoming: &'a Incoming,
    pub(super) version: Version,
}

pub(super) async fn answer(shared: &Arc<Shared>, incoming: &Incoming) -> Answered {
    let segments = incoming.segments();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let ["apps", app, rest @ ..] = segments.as_slice() else {
        return errors::invalid_endpoint();
    };
    if !authorised(shared, incoming) {
        return errors::authentication_required();
    }
    if *app != shared.options.app_id {
        return errors::invalid_app_id();
    }
    let media_type = if rest.first() == Some(&"webhooks") {
        WEBHOOKS
    } else {
        PLATFORM
    };
    let Some(version) = accepted(incoming, media_type) else {
        return errors::invalid_accept(media_type);
    };
    if incoming.method == "POST" && !incoming.body.is_empty() && !is_json(incoming) {
        return errors::invalid_content_type();
    }
    let asked = Asked { incoming, version };
    match (incoming.method.as_str(), rest) {
        (_, ["webhooks", tail @ ..]) => hooks::answer(shared, &asked, tail).await,
        ("POST", ["conversations", id, "messages"]) => post::answer(shared, &asked, id),
        ("GET", _) => read(shared, &asked, rest).unwrap_or_else(errors::invalid_endpoint),
        ("POST", ["users", user, "conversations", id, "mark_all_read"]) => {
            post::mark_all_read(shared, &asked, user, id)
        }
        _ if read(shared, &asked, rest).is_some() => errors::method_not_allowed("GET"),
        _ => errors::invalid_endpoint(),
    }
}

fn authorised(shared: &Shared, incoming: &Incoming) -> bool {
    let token = incoming
        .header("authorization")
        .and_then(|value| value.strip_prefix("Bearer "));
    token == Some(shared.options.token.as_str())
}

/// The version that `Accept` asks for, if the header has exactly the documented form.
fn accepted(incoming: &Incoming, media_type: &str) -> Option<Version> {
    let (found, parameter) = incoming.header("accept")?.split_once(';')?;
    let name = parameter.trim().strip_prefix("version=")?;
    let version = Version::named(name)?;
    (found.trim() == media_type).then_some(version)
}

fn is_json(incoming: &Incoming) -> bool {
    let header = incoming.header("content-type").unwrap_or_default();
    header
        .split(';')
        .next()
        .is_some_and(|found| found.trim() == "application/json")
}

/// The reading endpoints; `None`: there is none at this path.
fn read(shared: &Shared, asked: &Asked<'_>, path: &[&str]) -> Option<Answered> {
    let version = asked.version;
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

fn with_conversation(
    shared: &Shared,
    id: &str,
    use_it: impl FnOnce(&Wire<'_>, &Conversation) -> Answered,
) -> Answered {
    let state = lock(&shared.state);
    let wire = Wire {
        app: &shared.options.app_id,
        state: &state,
    };
    match state.conversations.get(id) {
        None => errors::not_found("Conversation"),
        Some(found) if found.deleted => errors::conversation_deleted(),
        Some(found) => use_it(&wire, found),
    }
}

fn conversation(shared: &Shared, version: Version, id: &str) -> Answered {
    with_conversation(shared, id, |wire, found| {
        errors::ok(200, &wire.conversation(found, version))
    })
}

fn users_conversation(shared: &Shared, version: Version, user: &str, id: &str) -> Answered {
    with_conversation(shared, id, |wire, found| {
        if !found.participants.iter().any(|one| one == user) {
            return errors::not_found("Conversation");
        }
        let here = |one: &&Message| one.conversation.as_deref() == Some(id) && !one.deleted;
        let unread = |one: &&Message| is_unread(one, user);
        let messages: Vec<_> = wire.state.messages.iter().filter(here).collect();
        let last = messages
            .last()
            .map_or(Json::NULL, |last| wire.message(last, version));
        let count = messages.iter().filter(|one| unread(one)).count();
        let json = wire.conversation(found, version).with("last_message", last);
        errors::ok(200, &json.with("unread_message_count", count))
    })
}

fn messages(shared: &Shared, version: Version, id: &str) -> Answered {
    with_conversation(shared, id, |wire, _| {
        let here = |one: &&Message| one.conversation.as_deref() == Some(id) && !one.deleted;
        let newest = wire.state.messages.iter().rev().filter(here).take(100);
        errors::ok(
            200,
            &Json::List(newest.map(|one| system(wire, one, version)).collect()),
        )
    })
}

/// The answer for one message; `conversation`: the one in the path.
fn system_view(
    shared: &Shared,
    version: Version,
    conversation: Option<&str>,
    id: &str,
) -> Answered {
    let state = lock(&shared.state);
    let wire = Wire {
        app: &shared.options.app_id,
        state: &state,
    };
    let path = conversation.map(|id| state.conversations.get(id));
    match path {
        Some(None) => return errors::not_found("Conversation"),
        Some(Some(found)) if found.deleted => return errors::conversation_deleted(),
        _ => {}
    }
    let here =
        |one: &&Message| conversation.is_none() || one.conversation.as_deref() == conversation;
    match state
        .message(id)
        .filter(|one| !one.deleted && !gone(&wire, one))
        .filter(here)
    {
        Some(found) => errors::ok(200, &system(&wire, found, version)),
        None => errors::not_found("Message"),
    }
}

/// A deleted conversation takes its messages along.
fn gone(wire: &Wire<'_>, message: &Message) -> bool {
    let conversation = message
        .conversation
        .as_ref()
        .and_then(|id| wire.state.conversations.get(id));
    conversation.is_some_and(|found| found.deleted)
}

pub(super) fn system(wire: &Wire<'_>, message: &Message, version: Version) -> Json {
    let json = wire
        .message(message, version)
        .with("is_unread", Json::NULL)
        .with("received_at", Json::NULL);
    if version.has_identities() {
        json.with("channel", Json::NULL)
    } else {
        json
    }
}

fn is_unread(message: &Message, user: &str) -> bool {
    let mut states = message.status.iter();
    states.any(|(one, receipt)| one == user && *receipt != super::Receipt::Read)
}

fn user_view(shared: &Shared, version: Version, user: &str, id: &str) -> Answered {
    let state = lock(&shared.state);
    let wire = Wire {
        app: &shared.options.app_id,
        state: &state,
    };
    if !state.users.contains_key(user) {
        return errors::not_found("User");
    }
    let sees = |one: &&Message| one.status.iter().any(|(found, _)| found == user);
    match state
        .message(id)
        .filter(|one| !one.deleted && !gone(&wire, one))
        .filter(sees)
    {
        Some(found) => {
            let json = wire
                .message(found, version)
                .with("is_unread", is_unread(found, user));
            errors::ok(
                200,
                &json.with("received_at", crate::clock::layer_time(found.sent_at)),
            )
        }
        None => errors::not_found("Message"),
    }
}

fn identity(shared: &Shared, version: Version, user: &str) -> Answered {
    let state = lock(&shared.state);
    let wire = Wire {
        app: &shared.options.app_id,
        state: &state,
    };
    match state.users.get(user).filter(|user| !user.no_identity) {
        Some(found) => errors::ok(200, &wire.full_identity(found, version)),
        None => errors::not_found("Identity"),
    }
}

/// What a refused or repeated act answers when there is nothing to say.
pub(super) fn nothing() -> Json {
    object([])
}
