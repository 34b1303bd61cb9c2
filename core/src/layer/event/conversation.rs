//! Events about a conversation: deleted, left, and the receipts of 2.0, which cover a stretch of one.

use std::collections::BTreeSet;

use serde_json::value::RawValue;

use super::{super::ids, NoEvent, actor, conversation_id, conversation_in, is_bot, user};
use crate::{
    chat::{
        event::{ChatEvent, Receipts},
        status::Status,
    },
    fields::{Fields, Problem, mismatch, text},
    ids::{ConversationId, Position, UserId},
};

const CHANNEL: NoEvent = NoEvent::Ignored("an event without a conversation");
const BOT: NoEvent = NoEvent::Ignored("a receipt of a bot");
const NOBODY: NoEvent = NoEvent::Ignored("an event of a conversation that names no user");

/// `conversation.deleted`, `Conversation.deleted`
pub(super) fn deleted(whole: &Fields) -> Result<ChatEvent, NoEvent> {
    let Some(conversation) = whole.object("conversation")? else {
        return Err(CHANNEL);
    };
    let users = conversation.must("participants", users(&conversation, "participants"))?;
    if users.is_empty() {
        return Err(NOBODY);
    }
    Ok(ChatEvent::ConversationDeleted {
        conversation_id: conversation_id(&conversation)?,
        users: users.into_iter().collect(),
    })
}

/// `Participation.deleted`
pub(super) fn participation_deleted(whole: &Fields) -> Result<ChatEvent, NoEvent> {
    let Some(conversation_id) = conversation_in(whole)? else {
        return Err(CHANNEL);
    };
    let users = whole.must("changes", users(whole, "changes"))?;
    left(conversation_id, users)
}

/// `conversation.updated.participants` says who is in the conversation now, not who left. We know of
/// those that a list of changes names, and of an actor who is not in it any more; the rest is found
/// out when a notice is due.
pub(super) fn participants(whole: &Fields) -> Result<ChatEvent, NoEvent> {
    let Some(conversation) = whole.object("conversation")? else {
        return Err(CHANNEL);
    };
    let conversation_id = conversation_id(&conversation)?;
    let staying = users(&conversation, "participants")?;
    let mut gone = BTreeSet::new();
    for (place, name) in [
        (whole, "changes"),
        (whole, "removed"),
        (&conversation, "removed"),
    ] {
        gone.extend(users(place, name)?.unwrap_or_default());
    }
    if staying.is_some() {
        gone.extend(actor(whole)?);
    }
    let staying = staying.unwrap_or_default();
    gone.retain(|user| !staying.contains(user));
    left(conversation_id, gone)
}

/// `Receipt.created`: all of the actor's receipts from one position to another.
pub(super) fn receipt(whole: &Fields) -> Result<ChatEvent, NoEvent> {
    let Some(conversation_id) = conversation_in(whole)? else {
        return Err(CHANNEL);
    };
    let receipt = whole.must("receipt", whole.object("receipt"))?;
    let status = receipt_status(&receipt)?;
    let (from, to) = positions(&receipt)?;
    let Some(user) = actor(whole)? else {
        return match whole.object("actor")? {
            Some(actor) if is_bot(&actor)? => Err(BOT),
            _ => Err(Problem::new("actor", "names no user").into()),
        };
    };
    Ok(ChatEvent::Receipts {
        user_id: user,
        receipts: Receipts {
            conversation_id,
            from,
            to,
            status,
        },
    })
}

/// Layer's word for delivery is not known for sure: its own consumers only looked for `Read`.
fn receipt_status(receipt: &Fields) -> Result<Status, Problem> {
    let word = receipt.must("type", receipt.text("type"))?;
    match word.to_ascii_lowercase().as_str() {
        "read" => Ok(Status::Read),
        "delivery" | "delivered" => Ok(Status::Delivered),
        _ => Err(Problem::new(
            receipt.path_of("type"),
            "is neither Read nor Delivery",
        )),
    }
}

/// The first and the last position covered; one alone is both.
fn positions(receipt: &Fields) -> Result<(Position, Position), Problem> {
    let (from, to) = match receipt.object("positions")? {
        Some(positions) => (positions.number("from")?, positions.number("to")?),
        None => (receipt.number("position")?, None),
    };
    match (from.map(Position::new), to.map(Position::new)) {
        (Some(from), Some(to)) => Ok((from.min(to), from.max(to))),
        (Some(only), None) | (None, Some(only)) => Ok((only, only)),
        (None, None) => Err(receipt.missing("positions")),
    }
}

fn left(conversation_id: ConversationId, users: BTreeSet<UserId>) -> Result<ChatEvent, NoEvent> {
    if users.is_empty() {
        return Err(NOBODY);
    }
    Ok(ChatEvent::Left {
        conversation_id,
        users: users.into_iter().collect(),
    })
}

/// The users in a list of ids or of identities.
fn users(place: &Fields, name: &str) -> Result<Option<BTreeSet<UserId>>, Problem> {
    let Some(list) = place.list(name)? else {
        return Ok(None);
    };
    let path = place.path_of(name);
    let mut users = BTreeSet::new();
    for (index, entry) in list.into_iter().enumerate() {
        users.extend(listed(format!("{path}[{index}]"), entry)?);
    }
    Ok(Some(users))
}

fn listed(path: String, entry: &RawValue) -> Result<Option<UserId>, Problem> {
    if entry.get() == "null" {
        return Ok(None);
    }
    if let Some(id) = text(entry) {
        return Ok(Some(ids::user_of(&id)).filter(|user| !user.is_empty()));
    }
    if !entry.get().starts_with('{') {
        return Err(mismatch(path, entry.get(), "a user"));
    }
    user(&Fields::read(path, entry.get())?)
}
