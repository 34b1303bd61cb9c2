//! Whom the events of a transaction concern: nothing in it names the recipients of a message, so the members of its room
//! are asked for.

use super::{
    account::Homeserver,
    chat::MatrixChat,
    failure::Failure,
    members::Members,
    message::{Arrived, in_layers_words},
    transaction::{Happened, RoomEvent, Sent},
};
use crate::{
    at_once::answers,
    chat::{
        event::{ChatEvent, SentMessage},
        recheck::When,
        status::Status,
    },
    http::Http,
    ids::{ConversationId, UserId},
    time::Timestamp,
};

impl MatrixChat {
    /// What the events of a transaction are for the service. Rooms with too many people are left out, but for users who
    /// leave them.
    ///
    /// # Errors
    /// [`Failure`] if it is not known who is in a room.
    pub async fn chat_events(
        &self,
        http: &dyn Http,
        events: Vec<RoomEvent>,
        when: When,
    ) -> Result<Vec<ChatEvent>, Failure> {
        for event in &events {
            if matches!(event.what, Happened::Came(_) | Happened::Left(_)) {
                self.members.forget(&event.room);
            }
        }
        let rooms = self.rooms(http, &events, when).await?;
        let back = who_came(&events);
        let concerned = events.into_iter().enumerate().filter_map(|(index, event)| {
            let room = rooms.iter().find(|room| room.id == event.room);
            match event.what {
                Happened::Left(user_id) => {
                    let came_back = |it: &Came| it.is(&event.room, &user_id) && it.index > index;
                    let is_back = back.iter().any(came_back);
                    self.left(event.room, user_id).filter(|_| !is_back)
                }
                what => room
                    .filter(|room| room.members != Members::TooMany)
                    .and_then(|room| room.chat_event(&self.homeserver, what, when.now)),
            }
        });
        Ok(concerned.collect())
    }

    /// The rooms whose members have to be known, each once.
    async fn rooms(
        &self,
        http: &dyn Http,
        events: &[RoomEvent],
        when: When,
    ) -> Result<Vec<Room>, Failure> {
        let concerns_members =
            |event: &&RoomEvent| !matches!(event.what, Happened::Came(_) | Happened::Left(_));
        let ids = events.iter().filter(concerns_members).map(|it| &it.room);
        let mut ids: Vec<&ConversationId> = ids.collect();
        ids.sort();
        ids.dedup();
        let questions = ids.into_iter().map(|id| async move {
            let members = self.members(http, id, when).await?;
            let id = id.clone();
            Ok(Room { id, members })
        });
        answers(questions).await.into_iter().collect()
    }

    fn left(&self, conversation_id: ConversationId, user_id: UserId) -> Option<ChatEvent> {
        let users = vec![user_id];
        self.homeserver
            .serves(users.first()?)
            .then_some(ChatEvent::Left {
                conversation_id,
                users,
            })
    }
}

/// That a user came into a room.
struct Came {
    /// The place of the event in the transaction.
    index: usize,
    room: ConversationId,
    user_id: UserId,
}

impl Came {
    fn is(&self, room: &ConversationId, user_id: &UserId) -> bool {
        self.room == *room && self.user_id == *user_id
    }
}

/// Who came into which room. Who left it before in the same transaction did not leave: if the transaction comes again,
/// what was written since they are back must not end with what was written before.
fn who_came(events: &[RoomEvent]) -> Vec<Came> {
    let came = events.iter().enumerate().filter_map(|(index, event)| {
        let Happened::Came(user_id) = &event.what else {
            return None;
        };
        Some(Came {
            index,
            room: event.room.clone(),
            user_id: user_id.clone(),
        })
    });
    came.collect()
}

/// A room and who is in it.
struct Room {
    id: ConversationId,
    members: Members,
}

impl Room {
    /// What an event in the room is for the service; `None` if it concerns nobody.
    fn chat_event(
        &self,
        homeserver: &Homeserver,
        what: Happened,
        now: Timestamp,
    ) -> Option<ChatEvent> {
        let conversation_id = self.id.clone();
        Some(match what {
            Happened::Sent(sent) => ChatEvent::Sent(self.sent(homeserver, sent, now)?),
            Happened::Redacted(message_id) => ChatEvent::MessageDeleted {
                message_id,
                users: self.served(homeserver).collect(),
            },
            Happened::Read {
                message_id,
                mut users,
            } => {
                users.retain(|user_id| homeserver.serves(user_id));
                ChatEvent::ReadUpTo {
                    conversation_id,
                    message_id,
                    users,
                }
            }
            Happened::Came(_) | Happened::Left(_) => return None,
        })
    }

    /// A message, unless its sender is ignored.
    fn sent(&self, homeserver: &Homeserver, sent: Sent, now: Timestamp) -> Option<SentMessage> {
        if homeserver.ignores(&sent.sender) {
            return None;
        }
        let message = in_layers_words(&Arrived {
            message_id: &sent.message_id,
            room: &self.id,
            sender: &sent.sender,
            sender_name: self.name_of(&sent.sender),
            sent_at: sent.sent_at,
            received_at: now,
            content: &sent.content,
        });
        let recipients = self
            .served(homeserver)
            .filter(|user_id| *user_id != sent.sender);
        Some(SentMessage {
            statuses: recipients.map(|it| (it, Status::Sent)).collect(),
            message: message?,
            message_id: sent.message_id,
            conversation_id: self.id.clone(),
            position: None,
            sent_at: sent.sent_at,
            sender: sent.sender,
        })
    }

    /// The members who may be texted.
    fn served(&self, homeserver: &Homeserver) -> impl Iterator<Item = UserId> {
        let members = self.members.known().iter().map(|member| &member.user_id);
        members
            .filter(|user_id| homeserver.serves(user_id))
            .cloned()
    }

    fn name_of(&self, user_id: &UserId) -> Option<&str> {
        let mut members = self.members.known().iter();
        let member = members.find(|member| member.user_id == *user_id)?;
        member.name.as_deref()
    }
}

#[cfg(test)]
mod tests;
