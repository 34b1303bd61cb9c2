//! Transactions: the events that a homeserver pushes, up to a hundred at once.

use serde_json::{Value, value::RawValue};

use crate::{
    fields::{FieldProblem, Fields},
    ids::{ConversationId, MessageId, UserId},
    json,
    time::Timestamp,
};

/// The events of a transaction that mean something, in order.
#[derive(Debug, Default)]
pub struct Transaction {
    /// The events.
    pub events: Vec<RoomEvent>,
    /// How many messages were encrypted: nobody here can read them.
    pub encrypted: usize,
    /// What is wrong with the events that cannot be read. Names fields, never values.
    pub unreadable: Vec<String>,
}

/// An event in a room.
#[derive(Debug, PartialEq)]
pub struct RoomEvent {
    /// The room.
    pub room: ConversationId,
    /// What happened.
    pub what: Happened,
}

/// What happened in a room.
#[derive(Debug, PartialEq)]
pub enum Happened {
    /// A user sent a message.
    Sent(Sent),
    /// A message was deleted.
    Redacted(MessageId),
    /// A user joined, or was invited.
    Came(UserId),
    /// A user left, was kicked or banned.
    Left(UserId),
    /// Users have read the room up to a message.
    Read {
        /// The message.
        message_id: MessageId,
        /// The users.
        users: Vec<UserId>,
    },
}

/// A message that a user sent.
#[derive(Debug, PartialEq)]
pub struct Sent {
    /// The message.
    pub message_id: MessageId,
    /// The user.
    pub sender: UserId,
    /// When, by the homeserver's clock.
    pub sent_at: Timestamp,
    /// The `content` of the event.
    pub content: Value,
}

/// Why an event becomes nothing.
enum NoEvent {
    /// It has no meaning here.
    Other,
    /// It is an encrypted message.
    Encrypted,
    /// A field is missing or wrong.
    Unreadable(FieldProblem),
}

impl From<FieldProblem> for NoEvent {
    fn from(problem: FieldProblem) -> Self {
        Self::Unreadable(problem)
    }
}

/// Reads the body of a transaction.
///
/// # Errors
/// What is wrong with the body as a whole.
pub fn read(body: &[u8]) -> Result<Transaction, String> {
    let body = json::readable(body);
    let fields = Fields::read("", &body).map_err(|_| "the body is no JSON object".to_owned())?;
    let list = |name| fields.list(name).map_err(|problem| problem.to_string());
    let mut transaction = Transaction::default();
    for event in list("events")?.unwrap_or_default() {
        transaction.add(event, room_event);
    }
    for event in list("ephemeral")?.unwrap_or_default() {
        transaction.add(event, ephemeral);
    }
    Ok(transaction)
}

impl Transaction {
    fn add(&mut self, raw: &RawValue, read: fn(&Fields<'_>) -> Result<Vec<RoomEvent>, NoEvent>) {
        let event = Fields::read("event", raw.get()).map_err(NoEvent::from);
        match event.and_then(|event| read(&event)) {
            Ok(events) => self.events.extend(events),
            Err(NoEvent::Other) => {}
            Err(NoEvent::Encrypted) => self.encrypted += 1,
            Err(NoEvent::Unreadable(problem)) => self.unreadable.push(problem.to_string()),
        }
    }
}

fn room_event(event: &Fields<'_>) -> Result<Vec<RoomEvent>, NoEvent> {
    let what = match &*event.must("type", event.text("type"))? {
        "m.room.message" => sent(event)?,
        "m.room.redaction" => redacted(event)?,
        "m.room.member" => member(event)?,
        "m.room.encrypted" => return Err(NoEvent::Encrypted),
        _ => return Err(NoEvent::Other),
    };
    let room = room(event)?;
    Ok(vec![RoomEvent { room, what }])
}

fn room(event: &Fields<'_>) -> Result<ConversationId, NoEvent> {
    let room = event.must("room_id", event.text("room_id"))?;
    Ok(ConversationId::new(room))
}

/// A message. An edit is none, nor is a notice, which only bots send, or a request of an app to verify keys; a redacted
/// message has no content.
fn sent(event: &Fields<'_>) -> Result<Happened, NoEvent> {
    let content = event.raw("content").and_then(|raw| json::value(raw.get()));
    let content = content.ok_or_else(|| event.missing("content"))?;
    let is_edit = content.pointer("/m.relates_to/rel_type") == Some(&"m.replace".into());
    let kind = content.get("msgtype").and_then(Value::as_str);
    let is_notice = kind.is_some_and(|kind| kind == "m.notice" || kind.starts_with("m.key."));
    let is_redacted = content.as_object().is_none_or(serde_json::Map::is_empty);
    if is_edit || is_notice || is_redacted {
        return Err(NoEvent::Other);
    }
    let sent_at = event.number("origin_server_ts").unwrap_or_default();
    let sent_at = sent_at.and_then(|millis| i64::try_from(millis).ok());
    Ok(Happened::Sent(Sent {
        message_id: MessageId::new(event.must("event_id", event.text("event_id"))?),
        sender: UserId::new(event.must("sender", event.text("sender"))?),
        sent_at: Timestamp::from_millis(sent_at.unwrap_or_default()),
        content,
    }))
}

/// The deleted message stands in the event, and from room version 11 in its content.
fn redacted(event: &Fields<'_>) -> Result<Happened, NoEvent> {
    if let Some(message_id) = event.text("redacts")? {
        return Ok(Happened::Redacted(MessageId::new(message_id)));
    }
    let content = event.must("content", event.object("content"))?;
    let message_id = content.must("redacts", content.text("redacts"))?;
    Ok(Happened::Redacted(MessageId::new(message_id)))
}

fn member(event: &Fields<'_>) -> Result<Happened, NoEvent> {
    let content = event.must("content", event.object("content"))?;
    let membership = content.must("membership", content.text("membership"))?;
    let user_id = UserId::new(event.must("state_key", event.text("state_key"))?);
    Ok(match &*membership {
        "leave" | "ban" => Happened::Left(user_id),
        _ => Happened::Came(user_id),
    })
}

/// Receipts, public and private, in threads and not. Each message that somebody has read up to is one event.
fn ephemeral(event: &Fields<'_>) -> Result<Vec<RoomEvent>, NoEvent> {
    if &*event.must("type", event.text("type"))? != "m.receipt" {
        return Err(NoEvent::Other);
    }
    let room = room(event)?;
    let content = event.must("content", event.object("content"))?;
    let mut events = Vec::new();
    for (message_id, _) in content.all() {
        let what = Happened::Read {
            message_id: MessageId::new(message_id),
            users: readers(&content, message_id)?,
        };
        let room = room.clone();
        events.push(RoomEvent { room, what });
    }
    Ok(events)
}

fn readers(content: &Fields<'_>, message_id: &str) -> Result<Vec<UserId>, NoEvent> {
    let receipts = content.must(message_id, content.object(message_id))?;
    let mut users = Vec::new();
    for kind in ["m.read", "m.read.private"] {
        if let Some(receipts) = receipts.object(kind)? {
            users.extend(receipts.all().map(|(user_id, _)| UserId::new(user_id)));
        }
    }
    Ok(users)
}

#[cfg(test)]
mod tests;
