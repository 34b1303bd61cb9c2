//! Splits an event of a chat into events for user records.

use crate::{
    chat::{
        event::{ChatEvent, SentMessage},
        status::{ReportOn, Status},
    },
    ids::{MessageId, UserId},
    record::command::{Event, Sent},
    settings::Settings,
};

/// An event for one user record.
#[derive(Debug)]
pub struct ForUser {
    /// The user.
    pub user_id: UserId,
    /// The event.
    pub event: Event,
}

/// Which events make a difference to users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concerns {
    /// The statuses that justify a text.
    pub report_on: ReportOn,
    /// Events about messages to more recipients than this make none.
    pub largest_conversation: Option<usize>,
}

impl From<&Settings> for Concerns {
    fn from(settings: &Settings) -> Self {
        Self {
            report_on: settings.report_on,
            largest_conversation: settings.largest_conversation,
        }
    }
}

/// One event for each user for whom it makes a difference. Skips `delivered` if `sent` and `delivered` are treated
/// alike. Skips users without an id.
pub fn fan_out(event: ChatEvent, concerns: Concerns) -> Vec<ForUser> {
    if is_too_large(&event, concerns.largest_conversation) {
        return Vec::new();
    }
    let mut events = events(event);
    events.retain(|one| {
        !one.user_id.is_empty() && makes_a_difference(&one.event, concerns.report_on)
    });
    events
}

/// Whether an event is about a message to more recipients than `largest`, the sender not counted.
fn is_too_large(event: &ChatEvent, largest: Option<usize>) -> bool {
    let recipients = match event {
        ChatEvent::Sent(message) => {
            let others = message.statuses.iter();
            Some(
                others
                    .filter(|(user_id, _)| *user_id != message.sender)
                    .count(),
            )
        }
        ChatEvent::Receipt { recipients, .. } => *recipients,
        ChatEvent::MessageDeleted { users, .. } => Some(users.len()),
        _ => None,
    };
    matches!((recipients, largest), (Some(recipients), Some(largest)) if recipients > largest)
}

fn makes_a_difference(event: &Event, report_on: ReportOn) -> bool {
    match event {
        Event::Receipt { status, .. } => report_on.changes_at(*status),
        Event::Receipts(receipts) => report_on.changes_at(receipts.status),
        _ => true,
    }
}

fn events(event: ChatEvent) -> Vec<ForUser> {
    match event {
        ChatEvent::Sent(message) => sent(message),
        ChatEvent::Receipt {
            message_id, users, ..
        } => receipts(&message_id, users),
        ChatEvent::Receipts { user_id, receipts } => vec![ForUser {
            user_id,
            event: Event::Receipts(receipts),
        }],
        ChatEvent::ReadUpTo {
            conversation_id,
            message_id,
            users,
        } => for_each(users, || Event::ReadUpTo {
            conversation_id: conversation_id.clone(),
            message_id: message_id.clone(),
        }),
        ChatEvent::MessageDeleted { message_id, users } => {
            for_each(users, || Event::MessageDeleted {
                message_id: message_id.clone(),
            })
        }
        ChatEvent::ConversationDeleted {
            conversation_id,
            users,
        } => for_each(users, || Event::ConversationDeleted {
            conversation_id: conversation_id.clone(),
        }),
        ChatEvent::Left {
            conversation_id,
            users,
        } => for_each(users, || Event::Left {
            conversation_id: conversation_id.clone(),
        }),
    }
}

fn receipts(message_id: &MessageId, users: Vec<(UserId, Status)>) -> Vec<ForUser> {
    let receipt = |(user_id, status)| ForUser {
        user_id,
        event: Event::Receipt {
            message_id: message_id.clone(),
            status,
        },
    };
    users.into_iter().map(receipt).collect()
}

/// The events of several events of a chat, in order: one for each user.
pub fn fan_out_all(events: Vec<ChatEvent>, concerns: Concerns) -> Vec<ForUser> {
    let all = events
        .into_iter()
        .flat_map(|event| fan_out(event, concerns));
    let mut users: Vec<(UserId, Vec<Event>)> = Vec::new();
    for ForUser { user_id, event } in all {
        match users.iter_mut().find(|(known, _)| *known == user_id) {
            Some((_, events)) => events.push(event),
            None => users.push((user_id, vec![event])),
        }
    }
    let together = |(user_id, mut events): (UserId, Vec<Event>)| {
        let event = match (events.pop(), events.is_empty()) {
            (Some(only), true) => only,
            (last, _) => {
                events.extend(last);
                Event::Several(events)
            }
        };
        ForUser { user_id, event }
    };
    users.into_iter().map(together).collect()
}

fn for_each(users: Vec<UserId>, event: impl Fn() -> Event) -> Vec<ForUser> {
    let event = |user_id| ForUser {
        user_id,
        event: event(),
    };
    users.into_iter().map(event).collect()
}

/// Events for all recipients except the sender. A recipient who has read the message gets only a receipt, in
/// case the message arrives again with an older status.
fn sent(message: SentMessage) -> Vec<ForUser> {
    let others = message.statuses.iter();
    let others = others.filter(|(user_id, _)| *user_id != message.sender);
    let event = |status: Status| match status {
        Status::Read => Event::Receipt {
            message_id: message.message_id.clone(),
            status,
        },
        Status::Sent | Status::Delivered => Event::Message(Box::new(Sent {
            message_id: message.message_id.clone(),
            conversation_id: message.conversation_id.clone(),
            position: message.position,
            sent_at: message.sent_at,
            status,
            message: message.message.clone(),
        })),
    };
    others
        .map(|(user_id, status)| ForUser {
            user_id: user_id.clone(),
            event: event(*status),
        })
        .collect()
}

#[cfg(test)]
mod tests;
