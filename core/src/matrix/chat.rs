//! Matrix as a chat: its answers to the questions of the service ([`Chat`](crate::chat::port::Chat)).

use std::rc::Rc;

use futures_util::future::join;

use super::{
    account::Homeserver,
    failure::Failure,
    identity::{get_phones, get_profile, read_identity},
    members::{KnownMembers, Member, joined_members, read_members},
    post::{
        get_encryption, make_device, mark_read, post_message, read_device, read_encryption,
        read_post_response,
    },
    room::{get_name, in_layers_words, read_name},
};
use crate::{
    chat::{
        post::{Mark, Post, PostOutcome},
        recheck::When,
        resource::Resource,
    },
    http::{Http, HttpRequest, HttpResponse},
    identity::IdentityOutcome,
    ids::{ConversationId, UserId},
    time::Timestamp,
};

/// The operator's homeserver, and what is remembered of its rooms.
#[derive(Clone, Debug)]
pub struct MatrixChat {
    /// The homeserver.
    pub homeserver: Homeserver,
    /// The members of rooms.
    pub members: Rc<KnownMembers>,
}

impl MatrixChat {
    /// The members of a room, as they are remembered or as the homeserver says.
    ///
    /// # Errors
    /// [`Failure`] if the homeserver does not say.
    pub async fn members(
        &self,
        http: &dyn Http,
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

    /// Asks for a room, as templates show it. For who is no longer in it, it is gone.
    pub async fn conversation(
        &self,
        http: &dyn Http,
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
            (_, Ok(members)) if members.iter().all(|it| it.user_id != *user_id) => Resource::Gone,
            (Ok(name), Ok(members)) => {
                Resource::Found(in_layers_words(room, name, &members, user_id))
            }
            (Err(failure), _) | (_, Err(failure)) => Resource::Failed { why: failure.why() },
        }
    }

    /// Asks for a user's identity, one request after the other.
    pub async fn identity(
        &self,
        http: &dyn Http,
        user_id: &UserId,
        deadline: Timestamp,
    ) -> IdentityOutcome {
        let phones = get_phones(&self.homeserver, user_id);
        let phones = http.call(phones, deadline).await;
        let profile = get_profile(&self.homeserver, user_id);
        let profile = http.call(profile, deadline).await;
        read_identity(user_id, &profile, &phones)
    }

    /// Makes the device of the user's posts, and looks whether the room is encrypted.
    ///
    /// # Errors
    /// The outcome of the post, if nothing can be posted now.
    pub async fn may_post(
        &self,
        http: &dyn Http,
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

    /// The request that marks a room as read for a user.
    pub fn mark_read(&self, mark: &Mark<'_>) -> HttpRequest {
        mark_read(&self.homeserver, mark)
    }
}

#[cfg(test)]
mod tests;
