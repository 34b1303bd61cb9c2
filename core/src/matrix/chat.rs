//! Matrix as a chat: its answers to the questions of the service.

use std::rc::Rc;

use futures_util::future::{join, join3};
use serde_json::Value;

use super::{
    account::Homeserver,
    event::{Current, get_event, read_event},
    failure::Failure,
    identity::{get_phones, get_profile, read_identity},
    members::{KnownMembers, Member, joined_members, read_members},
    message::parts,
    notifications::{Notified, notifications, read_page},
    post::{
        get_encryption, make_device, mark_read, post_message, read_device, read_encryption,
        read_post_response,
    },
    room::{get_name, in_layers_words, read_name},
};
use crate::{
    at_once::answers,
    chat::{
        post::{Post, PostOutcome},
        recheck::{Recheck, Rechecked},
        resource::Resource,
        status::Status,
    },
    http::{Http, HttpRequest, HttpResponse},
    identity::IdentityOutcome,
    ids::{ConversationId, MessageId, UserId},
    json,
    time::{HOUR, MINUTE, Span, Timestamp},
};

/// A homeserver keeps the notification of an unread message for a day. Beyond this age none is expected.
const NOTIFIED_FOR: Span = HOUR.times(23);
/// Notifications are in the order in which the homeserver got the messages. Clocks may differ by this much.
const CLOCKS_DIFFER_BY: Span = MINUTE;

/// The operator's homeserver, and what is remembered of its rooms.
#[derive(Clone, Debug)]
pub struct MatrixChat {
    /// The homeserver.
    pub homeserver: Homeserver,
    /// The members of rooms.
    pub members: Rc<KnownMembers>,
}

/// When a question is asked, and when its answer comes too late.
#[derive(Clone, Copy, Debug)]
pub struct When {
    /// Now.
    pub now: Timestamp,
    /// Answers after this count as none.
    pub deadline: Timestamp,
}

/// What the homeserver is asked about messages of a room.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The user who is to be texted.
    pub user_id: &'a UserId,
    /// The room.
    pub room: &'a ConversationId,
    /// The messages.
    pub messages: &'a [AskedMessage<'a>],
}

/// A message that the homeserver is asked about.
#[derive(Clone, Copy, Debug)]
pub struct AskedMessage<'a> {
    /// The message.
    pub message_id: &'a MessageId,
    /// Its JSON as it is stored, in Layer's words.
    pub message: &'a str,
    /// Whether the homeserver has said before that it is unread.
    pub was_unread: bool,
}

/// The homeserver did not say whether the messages are still unread. That is no licence to text: receipts get lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskAgain {
    /// Why, for the log.
    pub why: String,
    /// How long the homeserver asks to wait, if it does.
    pub wait: Option<Span>,
}

impl AskAgain {
    fn about(what: &str, failure: &Failure) -> Self {
        Self {
            why: format!("{what}: {}", failure.why()),
            wait: failure.retry_after,
        }
    }
}

impl MatrixChat {
    /// The members of a room, as they are remembered or as the homeserver says.
    ///
    /// # Errors
    /// [`Failure`] if the homeserver does not say.
    pub async fn members(
        &self,
        http: &impl Http,
        room: &ConversationId,
        when: When,
    ) -> Result<Vec<Member>, Failure> {
        if let Some(known) = self.members.of(room, when.now) {
            return Ok(known);
        }
        let asked = self.members.asking();
        let request = joined_members(&self.homeserver, room);
        let members = read_members(&http.call(request, when.deadline).await)?;
        self.members.remember(asked, room, &members, when.now);
        Ok(members)
    }

    /// Asks whether messages are still unread, and what they say now: an answer for each, in order.
    ///
    /// # Errors
    /// [`AskAgain`] if one of the answers is missing.
    pub async fn recheck(
        &self,
        http: &impl Http,
        asked: &Asked<'_>,
        when: When,
    ) -> Result<Vec<Rechecked>, AskAgain> {
        let (members, notified, events) = join3(
            self.members(http, asked.room, when),
            self.notified(http, asked, when),
            self.events(http, asked, when),
        )
        .await;
        let members = members.map_err(|failure| AskAgain::about("members", &failure))?;
        if members
            .iter()
            .all(|member| member.user_id != *asked.user_id)
        {
            let left = || Rechecked::without_parts(Recheck::NotListed);
            return Ok(asked.messages.iter().map(|_| left()).collect());
        }
        let notified = notified.map_err(|failure| AskAgain::about("notifications", &failure))?;
        let messages = asked.messages.iter().zip(events);
        let answers = messages.map(|(message, event)| {
            let event = event.map_err(|failure| AskAgain::about("message", &failure))?;
            let notified = notified
                .iter()
                .find(|it| it.message_id == *message.message_id);
            Ok(answer(message, notified, event, when.now))
        });
        answers.collect()
    }

    /// The user's notifications of the messages, as far as there are any.
    async fn notified(
        &self,
        http: &impl Http,
        asked: &Asked<'_>,
        when: When,
    ) -> Result<Vec<Notified>, Failure> {
        let mut found = Vec::new();
        let mut from: Option<String> = None;
        loop {
            let request = notifications(&self.homeserver, asked.user_id, from.as_deref());
            let page = read_page(&http.call(request, when.deadline).await)?;
            let end = page.entries.last().map(|last| last.at);
            let is_asked = |entry: &Notified| {
                let mut messages = asked.messages.iter();
                messages.any(|message| *message.message_id == entry.message_id)
            };
            found.extend(page.entries.into_iter().filter(is_asked));
            let missing = asked.messages.iter().filter(|message| {
                let mut found = found.iter();
                !found.any(|entry| entry.message_id == *message.message_id)
            });
            let is_beyond = |end| {
                missing
                    .clone()
                    .all(|it| end < it.oldest() - CLOCKS_DIFFER_BY)
            };
            match (page.next, end) {
                (Some(next), Some(end)) if !is_beyond(end) => from = Some(next),
                _ => return Ok(found),
            }
        }
    }

    /// The messages as they are now.
    async fn events(
        &self,
        http: &impl Http,
        asked: &Asked<'_>,
        when: When,
    ) -> Vec<Result<Current, Failure>> {
        let Asked { user_id, room, .. } = asked;
        let questions = asked.messages.iter().map(|message| async {
            let request = get_event(&self.homeserver, user_id, room, message.message_id);
            read_event(&http.call(request, when.deadline).await)
        });
        answers(questions).await
    }

    /// Asks for a room, as templates show it.
    pub async fn conversation(
        &self,
        http: &impl Http,
        user_id: &UserId,
        room: &ConversationId,
        when: When,
    ) -> Resource {
        let request = get_name(&self.homeserver, user_id, room);
        let (name, members) = join(
            http.call(request, when.deadline),
            self.members(http, room, when),
        )
        .await;
        match (read_name(&name), members) {
            (Ok(name), Ok(members)) => {
                Resource::Found(in_layers_words(room, name, &members, user_id))
            }
            (Err(failure), _) | (_, Err(failure)) => Resource::Failed { why: failure.why() },
        }
    }

    /// Asks for a user's identity.
    pub async fn identity(
        &self,
        http: &impl Http,
        user_id: &UserId,
        deadline: Timestamp,
    ) -> IdentityOutcome {
        let (profile, phones) = join(
            http.call(get_profile(&self.homeserver, user_id), deadline),
            http.call(get_phones(&self.homeserver, user_id), deadline),
        )
        .await;
        read_identity(user_id, &profile, &phones)
    }

    /// Makes the device of the user's posts, and looks whether the room is encrypted.
    ///
    /// # Errors
    /// The outcome of the post, if nothing can be posted now.
    pub async fn may_post(
        &self,
        http: &impl Http,
        user_id: &UserId,
        room: &ConversationId,
        deadline: Timestamp,
    ) -> Result<(), PostOutcome> {
        let (device, encryption) = join(
            http.call(make_device(&self.homeserver, user_id), deadline),
            http.call(get_encryption(&self.homeserver, user_id, room), deadline),
        )
        .await;
        read_encryption(&encryption)?;
        read_device(&device)
    }

    /// The request that posts a reply.
    pub fn post(&self, post: &Post<'_>) -> HttpRequest {
        post_message(&self.homeserver, post)
    }

    /// Reads the response to a post.
    pub fn posted(&self, response: &HttpResponse) -> PostOutcome {
        read_post_response(response)
    }

    /// Marks a room as read for a user, up to a message. Returns whether the homeserver did.
    pub async fn mark_read(
        &self,
        http: &impl Http,
        user_id: &UserId,
        room: &ConversationId,
        message_id: &MessageId,
        deadline: Timestamp,
    ) -> bool {
        let request = mark_read(&self.homeserver, user_id, room, message_id);
        http.call(request, deadline).await.status() == Some(200)
    }
}

/// When a message was sent and when it arrived here. The epoch if that cannot be read.
struct Age {
    sent: Timestamp,
    arrived: Timestamp,
}

impl AskedMessage<'_> {
    fn age(&self) -> Age {
        let message = json::value(self.message).unwrap_or_default();
        let moment = |name: &str| {
            let written = message.get(name).and_then(Value::as_str);
            written
                .and_then(Timestamp::read_rfc3339)
                .unwrap_or_default()
        };
        Age {
            sent: moment("sent_at"),
            arrived: moment("received_at"),
        }
    }

    /// The earlier of the two moments.
    fn oldest(&self) -> Timestamp {
        let Age { sent, arrived } = self.age();
        sent.min(arrived)
    }
}

/// What the homeserver's answers mean for a message.
fn answer(
    message: &AskedMessage<'_>,
    notified: Option<&Notified>,
    event: Current,
    now: Timestamp,
) -> Rechecked {
    let parts = match event {
        Current::Says(content) => Some(parts(&content)),
        Current::Hidden => None,
        Current::Deleted => return Rechecked::without_parts(Recheck::Gone),
    };
    let recheck = match notified {
        Some(entry) if entry.is_read => Recheck::Status(Status::Read),
        Some(_) => Recheck::Status(Status::Delivered),
        None => without_notification(message, now),
    };
    Rechecked { recheck, parts }
}

/// A message without a notification: read some time ago, or the user's own rules are quiet about it. Of an old one the
/// homeserver no longer knows.
fn without_notification(message: &AskedMessage<'_>, now: Timestamp) -> Recheck {
    let Age { sent, arrived } = message.age();
    let is_old = now - sent.min(arrived) > NOTIFIED_FOR;
    let came_late = arrived - sent > NOTIFIED_FOR;
    match is_old {
        true if message.was_unread => Recheck::Unknown,
        true if came_late => Recheck::TooOld,
        _ => Recheck::ReadOrMuted,
    }
}

#[cfg(test)]
mod tests;
