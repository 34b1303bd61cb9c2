//! The chat: what the service asks of it, whichever it is.
//!
//! An adapter answers these questions with requests of its own, and reads the chat's webhooks into
//! [`ChatEvent`](super::event::ChatEvent)s. It knows nothing of records. To everything else ids are opaque, and the JSON
//! of a message is in Layer's words, into which the adapter translates what it receives: templates, hooks, digests and
//! [`words`](crate::words) read them.

use super::{
    post::{Mark, Post, PostOutcome},
    recheck::{Answers, AskAgain, Asked, When},
    resource::Resource,
};
use crate::{
    http::{Http, HttpRequest, HttpResponse},
    identity::IdentityOutcome,
    ids::{ConversationId, UserId},
    layer::chat::LayerChat,
    matrix::chat::MatrixChat,
    secret::Secret,
    time::Timestamp,
};

/// The chat of the operator.
#[derive(Clone, Debug)]
pub enum Chat {
    /// Layer, or a server that speaks its protocol.
    Layer(LayerChat),
    /// A Matrix homeserver.
    Matrix(MatrixChat),
}

impl Chat {
    /// Whether messages are still unread, and what they say now.
    ///
    /// # Errors
    /// [`AskAgain`] if the chat does not say, and what its webhooks said is not enough to text.
    pub async fn recheck(
        &self,
        http: &dyn Http,
        asked: &Asked<'_>,
        when: When,
    ) -> Result<Answers, AskAgain> {
        match self {
            Self::Layer(layer) => Ok(layer.recheck(http, asked, when).await),
            Self::Matrix(matrix) => matrix.recheck(http, asked, when).await,
        }
    }

    /// A conversation, as templates show it to one of its users.
    pub async fn conversation(
        &self,
        http: &dyn Http,
        user_id: &UserId,
        conversation_id: &ConversationId,
        when: When,
    ) -> Resource {
        match self {
            Self::Layer(layer) => {
                let deadline = when.deadline;
                layer.conversation(http, conversation_id, deadline).await
            }
            Self::Matrix(matrix) => {
                matrix
                    .conversation(http, user_id, conversation_id, when)
                    .await
            }
        }
    }

    /// A user's identity. One request at a time.
    pub async fn identity(
        &self,
        http: &dyn Http,
        user_id: &UserId,
        deadline: Timestamp,
    ) -> IdentityOutcome {
        match self {
            Self::Layer(layer) => layer.identity(http, user_id, deadline).await,
            Self::Matrix(matrix) => matrix.identity(http, user_id, deadline).await,
        }
    }

    /// The pieces in which a reply is posted, one after the other.
    pub fn pieces(&self, reply: &str) -> Vec<String> {
        match self {
            Self::Layer(layer) => layer.pieces(reply),
            Self::Matrix(_) => vec![reply.to_owned()],
        }
    }

    /// Makes ready for the posts of a reply.
    ///
    /// # Errors
    /// The outcome of the posts, if there is nothing to be posted now.
    pub async fn may_post(
        &self,
        http: &dyn Http,
        user_id: &UserId,
        conversation_id: &ConversationId,
        deadline: Timestamp,
    ) -> Result<(), PostOutcome> {
        match self {
            Self::Layer(_) => Ok(()),
            Self::Matrix(matrix) => {
                matrix
                    .may_post(http, user_id, conversation_id, deadline)
                    .await
            }
        }
    }

    /// The request that posts a piece of a reply as the user. Repeated, it posts nothing more.
    pub fn post(&self, post: &Post<'_>) -> HttpRequest {
        match self {
            Self::Layer(layer) => layer.post(post),
            Self::Matrix(matrix) => matrix.post(post),
        }
    }

    /// Reads the response to [`Chat::post`].
    pub fn posted(&self, response: &HttpResponse) -> PostOutcome {
        match self {
            Self::Layer(layer) => layer.posted(response),
            Self::Matrix(matrix) => matrix.posted(response),
        }
    }

    /// The request that marks a conversation as read for a user. Repeated, it changes nothing. `None` if the chat has
    /// no such request for the mark.
    pub fn mark_read(&self, mark: &Mark<'_>) -> Option<HttpRequest> {
        match self {
            Self::Layer(layer) => layer.mark_read(mark),
            Self::Matrix(matrix) => Some(matrix.mark_read(mark)),
        }
    }

    /// The secret with which the chat vouches for its webhooks.
    pub fn webhook_secret(&self) -> &Secret {
        match self {
            Self::Layer(layer) => &layer.webhook_secret,
            Self::Matrix(matrix) => &matrix.homeserver.hs_token,
        }
    }
}
