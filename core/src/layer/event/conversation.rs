//! Events about a conversation: deletions, removed users, and receipts of version 2.0 for a range of
//! positions.

use std::ops::RangeInclusive;

use serde_json::value::RawValue;

use super::{super::ids, NoEvent, actor, conversation_id, conversation_in, is_bot, user};
use crate::{
    chat::{
        event::{ChatEvent, Receipts},
        status::Status,
    },
    fields::{FieldProblem, Fields, mismatch, text},
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
        users,
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

/// `conversation.updated.participants` lists the present participants, not those who left. Returns the users
/// in a list of changes, and an actor who is no longer a participant. The recheck of a due notice
/// detects anybody else who left.
pub(super) fn participants(whole: &Fields) -> Result<ChatEvent, NoEvent> {
    let Some(conversation) = whole.object("conversation")? else {
        return Err(CHANNEL);
    };
    let conversation_id = conversation_id(&conversation)?;
    let staying = users(&conversation, "participants")?;
    let mut gone = Vec::new();
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
    gone.retain(|user| staying.binary_search(user).is_err());
    left(conversation_id, gone)
}

/// `Receipt.created`: the actor's receipts for a range of positions.
pub(super) fn receipt(whole: &Fields) -> Result<ChatEvent, NoEvent> {
    let Some(conversation_id) = conversation_in(whole)? else {
        return Err(CHANNEL);
    };
    let receipt = whole.must("receipt", whole.object("receipt"))?;
    let status = receipt_status(&receipt)?;
    let (from, to) = positions(&receipt)?.into_inner();
    let Some(user) = actor(whole)? else {
        return match whole.object("actor")? {
            Some(actor) if is_bot(&actor)? => Err(BOT),
            _ => Err(FieldProblem::new("actor", "names no user").into()),
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

/// Accepts two words for a delivery: which of them Layer sends is unknown.
fn receipt_status(receipt: &Fields) -> Result<Status, FieldProblem> {
    let word = receipt.must("type", receipt.text("type"))?;
    match word.to_ascii_lowercase().as_str() {
        "read" => Ok(Status::Read),
        "delivery" | "delivered" => Ok(Status::Delivered),
        _ => Err(FieldProblem::new(
            receipt.path_of("type"),
            "is neither Read nor Delivery",
        )),
    }
}

/// The positions covered, given by both ends or by a single position.
fn positions(receipt: &Fields) -> Result<RangeInclusive<Position>, FieldProblem> {
    let (from, to) = match receipt.object("positions")? {
        Some(positions) => (positions.number("from")?, positions.number("to")?),
        None => (receipt.number("position")?, None),
    };
    match (from.map(Position::new), to.map(Position::new)) {
        (Some(from), Some(to)) => Ok(from.min(to)..=from.max(to)),
        (Some(only), None) | (None, Some(only)) => Ok(only..=only),
        (None, None) => Err(receipt.missing("positions")),
    }
}

fn left(conversation_id: ConversationId, mut users: Vec<UserId>) -> Result<ChatEvent, NoEvent> {
    users.sort();
    users.dedup();
    if users.is_empty() {
        return Err(NOBODY);
    }
    Ok(ChatEvent::Left {
        conversation_id,
        users,
    })
}

/// The users in a list of ids or identities, sorted, each once; `None` when there is no list.
fn users(place: &Fields, name: &str) -> Result<Option<Vec<UserId>>, FieldProblem> {
    let Some(list) = place.list(name)? else {
        return Ok(None);
    };
    let path = place.path_of(name);
    let mut users = Vec::new();
    for (index, entry) in list.into_iter().enumerate() {
        users.extend(listed(format!("{path}[{index}]"), entry)?);
    }
    users.sort();
    users.dedup();
    Ok(Some(users))
}

/// The user of an entry; `None` for a bot, or an entry that is null or empty.
fn listed(path: String, entry: &RawValue) -> Result<Option<UserId>, FieldProblem> {
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
