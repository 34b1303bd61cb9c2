//! Events about one message: sent, delivered, read, deleted.

use std::collections::BTreeMap;

use chrono::DateTime;

use super::{
    super::{ids, status::Status},
    LayerEvent, SentMessage, actor, conversation_id, user, uuid,
};
use crate::{
    fields::{Fields, Problem, text},
    time::Millis,
};

/// What the events about a message have in common.
struct Subject<'a> {
    message: Fields<'a>,
    message_id: String,
    conversation_id: String,
    sender: Option<String>,
    statuses: Option<BTreeMap<String, Status>>,
}

/// Why a message does not concern us.
const CHANNEL: LayerEvent = LayerEvent::Nothing("a message without a conversation");
const BOT: LayerEvent = LayerEvent::Nothing("a message that no user sent");
const NOBODY: LayerEvent = LayerEvent::Nothing("a message without another recipient");

/// `message.sent`, `Message.created`
pub(super) fn sent(whole: &Fields) -> Result<LayerEvent, Problem> {
    let subject = match subject(whole)? {
        Ok(subject) => subject,
        Err(nothing) => return Ok(nothing),
    };
    let Some(sender) = subject.sender else {
        return Ok(BOT);
    };
    let statuses = subject
        .statuses
        .ok_or_else(|| subject.message.missing("recipient_status"))?;
    let message = whole
        .raw("message")
        .ok_or_else(|| whole.missing("message"))?;
    Ok(LayerEvent::Sent(SentMessage {
        message_id: subject.message_id,
        conversation_id: subject.conversation_id,
        // It only decides between notices, for which there are other means.
        position: subject.message.number("position").unwrap_or(None),
        sent_at: sent_at(&subject.message),
        sender,
        statuses,
        message: message.to_owned(),
    }))
}

/// `message.delivered`
pub(super) fn delivered(whole: &Fields) -> Result<LayerEvent, Problem> {
    receipt(whole, Status::Delivered)
}

/// `message.read`
pub(super) fn read(whole: &Fields) -> Result<LayerEvent, Problem> {
    receipt(whole, Status::Read)
}

/// `message.deleted`, `Message.deleted`
pub(super) fn deleted(whole: &Fields) -> Result<LayerEvent, Problem> {
    let subject = match subject(whole)? {
        Ok(subject) => subject,
        Err(nothing) => return Ok(nothing),
    };
    let mut statuses = subject.statuses.unwrap_or_default();
    if let Some(sender) = &subject.sender {
        statuses.remove(sender);
    }
    if statuses.is_empty() {
        return Ok(NOBODY);
    }
    let users = statuses.into_keys().collect();
    Ok(LayerEvent::MessageDeleted {
        message_id: subject.message_id,
        users,
    })
}

/// A receipt of 1.0: it belongs to the actor, whose state may be further already. Without an actor
/// it may be anybody's who has come that far.
fn receipt(whole: &Fields, reached: Status) -> Result<LayerEvent, Problem> {
    let subject = match subject(whole)? {
        Ok(subject) => subject,
        Err(nothing) => return Ok(nothing),
    };
    let mut users = subject.statuses.unwrap_or_default();
    users.retain(|_, status| *status >= reached);
    if let Some(actor) = actor(whole)? {
        let status = users.get(&actor).copied().unwrap_or(reached);
        users = BTreeMap::from([(actor, status)]);
    }
    if let Some(sender) = &subject.sender {
        users.remove(sender);
    }
    if users.is_empty() {
        return Ok(NOBODY);
    }
    Ok(LayerEvent::Receipt {
        message_id: subject.message_id,
        users,
    })
}

/// Reads the message of an event, or says (inner `Err`) why it does not concern us. A sender who is
/// there but is no user is a bot, whose messages have no notices; one who is absent is unknown.
fn subject<'a>(whole: &Fields<'a>) -> Result<Result<Subject<'a>, LayerEvent>, Problem> {
    let message = whole.must("message", whole.object("message"))?;
    let Some(conversation_id) = conversation_id(&message)? else {
        return Ok(Err(CHANNEL));
    };
    let sender = match message.object("sender")? {
        Some(sender) => match user(&sender)? {
            Some(user) => Some(user),
            None => return Ok(Err(BOT)),
        },
        None => None,
    };
    let statuses = message.object("recipient_status")?.as_ref().map(statuses);
    Ok(Ok(Subject {
        message_id: uuid(&message)?,
        message,
        conversation_id,
        sender,
        statuses,
    }))
}

/// The states by user. Words that we do not know are left out: they justify nothing.
fn statuses(recipient_status: &Fields) -> BTreeMap<String, Status> {
    let mut statuses = BTreeMap::new();
    for (reference, word) in recipient_status.all() {
        if let Some(status) = text(word).and_then(|word| Status::read(&word)) {
            let known = statuses.entry(ids::user_of(reference)).or_insert(status);
            *known = status.max(*known);
        }
    }
    statuses
}

fn sent_at(message: &Fields) -> Millis {
    let moment = message.text("sent_at").unwrap_or(None);
    moment
        .and_then(|moment| DateTime::parse_from_rfc3339(&moment).ok())
        .map_or(0, |moment| moment.timestamp_millis())
}
