//! Events about one message: sent, delivered, read, deleted.

use super::{super::ids, NoEvent, actor, conversation_in, user, uuid};
use crate::{
    chat::{
        event::{ChatEvent, SentMessage},
        status::Status,
    },
    fields::{Fields, text},
    ids::{ConversationId, MessageId, Position, UserId},
    time::Timestamp,
};

/// The message that an event is about.
struct Subject<'a> {
    message: Fields<'a>,
    message_id: MessageId,
    conversation_id: ConversationId,
    sender: Option<UserId>,
    statuses: Option<Vec<(UserId, Status)>>,
}

impl Subject<'_> {
    /// How many users got the message, its sender not counted; `None` if it does not list them or names no sender.
    fn recipients(&self) -> Option<usize> {
        let sender = self.sender.as_ref()?;
        let users = self.statuses.as_ref()?.iter();
        Some(users.filter(|(user_id, _)| user_id != sender).count())
    }
}

const CHANNEL: NoEvent = NoEvent::Ignored("a message without a conversation");
const BOT: NoEvent = NoEvent::Ignored("a message that no user sent");
const NOBODY: NoEvent = NoEvent::Ignored("a message without another recipient");

/// `message.sent`, `Message.created`
pub(super) fn sent(whole: &Fields) -> Result<ChatEvent, NoEvent> {
    let subject = subject(whole)?;
    let Some(sender) = subject.sender else {
        return Err(BOT);
    };
    let statuses = subject
        .statuses
        .ok_or_else(|| subject.message.missing("recipient_status"))?;
    let message = whole
        .raw("message")
        .ok_or_else(|| whole.missing("message"))?;
    Ok(ChatEvent::Sent(SentMessage {
        message_id: subject.message_id,
        conversation_id: subject.conversation_id,
        // An unreadable position is ignored: notices can be ordered without it.
        position: subject
            .message
            .number("position")
            .unwrap_or(None)
            .map(Position::new),
        sent_at: sent_at(&subject.message),
        sender,
        statuses,
        message: message.to_owned(),
    }))
}

/// `message.delivered`
pub(super) fn delivered(whole: &Fields) -> Result<ChatEvent, NoEvent> {
    receipt(whole, Status::Delivered)
}

/// `message.read`
pub(super) fn read(whole: &Fields) -> Result<ChatEvent, NoEvent> {
    receipt(whole, Status::Read)
}

/// `message.deleted`, `Message.deleted`
pub(super) fn deleted(whole: &Fields) -> Result<ChatEvent, NoEvent> {
    let subject = subject(whole)?;
    let mut statuses = subject.statuses.unwrap_or_default();
    if let Some(sender) = &subject.sender {
        statuses.retain(|(user_id, _)| user_id != sender);
    }
    if statuses.is_empty() {
        return Err(NOBODY);
    }
    let users = statuses.into_iter().map(|(user_id, _)| user_id).collect();
    Ok(ChatEvent::MessageDeleted {
        message_id: subject.message_id,
        users,
    })
}

/// A receipt of version 1.0. It is the actor's, whose listed status may already be a later one. Without an
/// actor, it counts for every user who has reached the status.
fn receipt(whole: &Fields, reached: Status) -> Result<ChatEvent, NoEvent> {
    let subject = subject(whole)?;
    let recipients = subject.recipients();
    let mut users = subject.statuses.unwrap_or_default();
    users.retain(|(_, status)| *status >= reached);
    if let Some(actor) = actor(whole)? {
        let listed = users.into_iter().find(|(user_id, _)| *user_id == actor);
        users = vec![listed.unwrap_or((actor, reached))];
    }
    if let Some(sender) = &subject.sender {
        users.retain(|(user_id, _)| user_id != sender);
    }
    if users.is_empty() {
        return Err(NOBODY);
    }
    Ok(ChatEvent::Receipt {
        message_id: subject.message_id,
        users,
        recipients,
    })
}

/// Reads the message of an event. Ignores messages of bots: those with a sender that is not a user. An
/// absent sender is unknown.
fn subject<'a>(whole: &Fields<'a>) -> Result<Subject<'a>, NoEvent> {
    let message = whole.must("message", whole.object("message"))?;
    let Some(conversation_id) = conversation_in(&message)? else {
        return Err(CHANNEL);
    };
    let sender = match message.object("sender")? {
        Some(sender) => match user(&sender)? {
            Some(user) => Some(user),
            None => return Err(BOT),
        },
        None => None,
    };
    let statuses = message.object("recipient_status")?.as_ref().map(statuses);
    Ok(Subject {
        message_id: MessageId::new(uuid(&message)?),
        message,
        conversation_id,
        sender,
        statuses,
    })
}

/// The status of each user, the furthest if there are several. Leaves out unknown statuses: they justify no text.
fn statuses(recipient_status: &Fields) -> Vec<(UserId, Status)> {
    let read = |(reference, word)| {
        let status = text(word).and_then(|word| Status::read(&word))?;
        Some((ids::user_of(reference), status))
    };
    let mut statuses: Vec<(UserId, Status)> = recipient_status.all().filter_map(read).collect();
    // The furthest status of a user comes first, and stays.
    statuses.sort_by(|(user_id, status), (other_id, other)| {
        user_id.cmp(other_id).then(other.cmp(status))
    });
    statuses.dedup_by(|(later, _), (first, _)| later == first);
    statuses
}

/// When the message was sent; the epoch when that is unknown.
fn sent_at(message: &Fields) -> Timestamp {
    let moment = message.text("sent_at").unwrap_or(None);
    let moment = moment.and_then(|moment| Timestamp::read_rfc3339(&moment));
    moment.unwrap_or_default()
}
