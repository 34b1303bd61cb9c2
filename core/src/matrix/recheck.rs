//! Whether messages are still unread, and what they say now.
//!
//! The user's notifications decide: receipts get lost while the service is down. Who is no longer a member has left. What a
//! message says, and whether it is deleted, only its event tells: notifications keep the first words.

use futures_util::future::join3;
use serde_json::Value;

use super::{
    chat::MatrixChat,
    event::{Current, get_event, read_event},
    failure::Failure,
    message::parts,
    notifications::{Notified, notifications, read_page},
};
use crate::{
    at_once::answers,
    chat::{
        recheck::{Answers, AskAgain, Asked, AskedMessage, Recheck, Rechecked, When},
        status::Status,
    },
    http::Http,
    ids::MessageId,
    json,
    time::{HOUR, MINUTE, Span, Timestamp},
};

/// A homeserver keeps the notification of an unread message for a day. Beyond this age none is expected.
const NOTIFIED_FOR: Span = HOUR.times(23);
/// Notifications are in the order in which the homeserver got the messages. Clocks may differ by this much.
const CLOCKS_DIFFER_BY: Span = MINUTE;

impl AskAgain {
    fn about(what: &str, failure: &Failure) -> Self {
        Self {
            why: format!("{what}: {}", failure.why()),
            wait: failure.retry_after,
        }
    }
}

impl MatrixChat {
    /// Asks whether messages are still unread, and what they say now.
    ///
    /// # Errors
    /// [`AskAgain`] if one of the answers is missing.
    pub async fn recheck(
        &self,
        http: &dyn Http,
        asked: &Asked<'_>,
        when: When,
    ) -> Result<Answers, AskAgain> {
        let earliest = earliest(asked);
        let (is_member, notified, events) = join3(
            self.is_member(http, asked, when),
            self.notified(http, asked, earliest, when),
            self.events(http, asked, when),
        )
        .await;
        if !is_member.map_err(|failure| AskAgain::about("members", &failure))? {
            return Ok(left(asked));
        }
        let notified = match notified {
            // The service may not act as the user: there is no such user, or the registration leaves them out.
            Err(failure) if failure.is_forbidden() => return Ok(left(asked)),
            notified => notified.map_err(|failure| AskAgain::about("notifications", &failure))?,
        };
        let shown = asked.shown.iter().zip(events).map(|(message, event)| {
            let event = event.map_err(|failure| AskAgain::about("message", &failure))?;
            let entry = entry_of(&notified, message.message_id);
            Ok(answer(message, entry, event, when.now))
        });
        let may_be_old = when.now - earliest > NOTIFIED_FOR;
        let counted = asked.counted.iter();
        let counted = counted.map(|message_id| counts(entry_of(&notified, message_id), may_be_old));
        Ok(Answers {
            shown: shown.collect::<Result<_, _>>()?,
            counted: counted.collect(),
        })
    }

    /// Whether the user is still in the room. What is remembered of its members may be from before the user came.
    async fn is_member(
        &self,
        http: &dyn Http,
        asked: &Asked<'_>,
        when: When,
    ) -> Result<bool, Failure> {
        let (user_id, room) = (asked.user_id, asked.conversation_id);
        let known = self.members.of(room, when.now);
        if known.is_some_and(|members| members.may_include(user_id)) {
            return Ok(true);
        }
        let members = self.ask_for_members(http, room, when).await?;
        Ok(members.may_include(user_id))
    }

    /// The user's notifications of the messages, as far as there are any. None of them is from before `earliest`.
    async fn notified(
        &self,
        http: &dyn Http,
        asked: &Asked<'_>,
        earliest: Timestamp,
        when: When,
    ) -> Result<Vec<Notified>, Failure> {
        let shown = asked.shown.iter().map(|it| it.message_id);
        let mut missing: Vec<&MessageId> = shown.chain(asked.counted).collect();
        let mut found = Vec::new();
        let mut from: Option<String> = None;
        loop {
            let request = notifications(&self.homeserver, asked.user_id, from.as_deref());
            let page = read_page(&http.call(request, when.deadline).await)?;
            let end = page.entries.last().map(|last| last.at);
            for entry in page.entries {
                if let Some(index) = missing.iter().position(|id| **id == entry.message_id) {
                    missing.swap_remove(index);
                    found.push(entry);
                }
            }
            match (page.next, end) {
                (Some(next), Some(end)) if !missing.is_empty() && end >= earliest => {
                    from = Some(next);
                }
                _ => return Ok(found),
            }
        }
    }

    /// The messages that may be shown, as they are now.
    async fn events(
        &self,
        http: &dyn Http,
        asked: &Asked<'_>,
        when: When,
    ) -> Vec<Result<Current, Failure>> {
        let questions = asked.shown.iter().map(|message| async {
            let Asked {
                user_id,
                conversation_id,
                ..
            } = asked;
            let id = message.message_id;
            let request = get_event(&self.homeserver, user_id, conversation_id, id);
            read_event(&http.call(request, when.deadline).await)
        });
        answers(questions).await
    }
}

/// Before this, the homeserver got none of the messages. Those that are only counted came after those that are shown.
fn earliest(asked: &Asked<'_>) -> Timestamp {
    let shown = asked.shown.iter().map(oldest);
    shown.min().unwrap_or_default() - CLOCKS_DIFFER_BY
}

fn entry_of<'a>(notified: &'a [Notified], message_id: &MessageId) -> Option<&'a Notified> {
    notified.iter().find(|it| it.message_id == *message_id)
}

/// The answers for a user who is no longer in the room.
fn left(asked: &Asked<'_>) -> Answers {
    let shown = asked.shown.iter();
    let counted = asked.counted.iter();
    Answers {
        shown: shown
            .map(|_| Rechecked::without_parts(Recheck::NotListed))
            .collect(),
        counted: counted.map(|_| Recheck::NotListed).collect(),
    }
}

/// When a message was sent, or when it arrived here if that was earlier. The epoch if that cannot be read.
fn oldest(asked: &AskedMessage<'_>) -> Timestamp {
    let message = json::value(asked.message).unwrap_or_default();
    let moment = |name: &str| {
        let written = message.get(name).and_then(Value::as_str);
        let read = written.and_then(Timestamp::read_rfc3339);
        read.unwrap_or_default()
    };
    moment("sent_at").min(moment("received_at"))
}

/// What the homeserver's answers mean for a message.
fn answer(
    message: &AskedMessage<'_>,
    entry: Option<&Notified>,
    event: Current,
    now: Timestamp,
) -> Rechecked {
    let parts = match event {
        Current::Says(content) => Some(parts(&content)),
        Current::Hidden => None,
        Current::Deleted => return Rechecked::without_parts(Recheck::Gone),
    };
    let recheck = entry.map_or_else(|| without_notification(message, now), status);
    Rechecked { recheck, parts }
}

/// An unread message counts as delivered: so it is known later that the homeserver has said so.
fn status(entry: &Notified) -> Recheck {
    Recheck::Status(match entry.is_read {
        true => Status::Read,
        false => Status::Delivered,
    })
}

/// A message without a notification: read some time ago, or the user's own rules are quiet about it. Of an old one the
/// homeserver no longer knows: what it said before counts, if it said anything.
fn without_notification(message: &AskedMessage<'_>, now: Timestamp) -> Recheck {
    let is_old = now - oldest(message) > NOTIFIED_FOR;
    let was_unread = message.status == Status::Delivered;
    match (is_old, was_unread) {
        (false, _) => Recheck::ReadOrMuted,
        (true, true) => Recheck::Unknown,
        (true, false) => Recheck::TooOld,
    }
}

/// What the homeserver's answer means for a message that is only counted. Whether that is old is not known, only
/// whether an earlier one is.
fn counts(entry: Option<&Notified>, may_be_old: bool) -> Recheck {
    match entry {
        Some(entry) => status(entry),
        None if may_be_old => Recheck::Unknown,
        None => Recheck::ReadOrMuted,
    }
}

#[cfg(test)]
mod tests;
