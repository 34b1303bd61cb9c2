//! The chat: what the service asks of it, whichever it is.
//!
//! An adapter answers these questions with requests of its own, and reads the chat's webhooks into
//! [`ChatEvent`](super::event::ChatEvent)s. It knows nothing of records. To everything else ids are opaque, and the JSON
//! of a message is in Layer's words, into which the adapter translates what it receives: templates, hooks, digests and
//! [`words`](crate::words) read them.

use super::{
    post::{Post, PostOutcome},
    recheck::{Asked, Rechecked},
    resource::Resource,
};
use crate::{
    http::{Http, HttpRequest, HttpResponse},
    identity::IdentityOutcome,
    ids::{ConversationId, UserId},
    layer::chat::LayerChat,
    secret::Secret,
    time::Timestamp,
};

/// The chat of the operator.
#[derive(Clone, Debug)]
pub enum Chat {
    /// Layer, or a server that speaks its protocol.
    Layer(LayerChat),
}

impl Chat {
    /// Whether messages are still unread, and what they say now: an answer for each message, in order.
    pub async fn recheck(
        &self,
        http: &impl Http,
        asked: &Asked<'_>,
        deadline: Timestamp,
    ) -> Vec<Rechecked> {
        match self {
            Self::Layer(layer) => layer.recheck(http, asked, deadline).await,
        }
    }

    /// A conversation, as templates show it.
    pub async fn conversation(
        &self,
        http: &impl Http,
        conversation_id: &ConversationId,
        deadline: Timestamp,
    ) -> Resource {
        match self {
            Self::Layer(layer) => layer.conversation(http, conversation_id, deadline).await,
        }
    }

    /// A user's identity.
    pub async fn identity(
        &self,
        http: &impl Http,
        user_id: &UserId,
        deadline: Timestamp,
    ) -> IdentityOutcome {
        match self {
            Self::Layer(layer) => layer.identity(http, user_id, deadline).await,
        }
    }

    /// The pieces in which a reply is posted, one after the other.
    pub fn pieces(&self, reply: &str) -> Vec<String> {
        match self {
            Self::Layer(layer) => layer.pieces(reply),
        }
    }

    /// The request that posts a piece of a reply as the user. Repeated, it posts nothing more.
    pub fn post(&self, post: &Post<'_>) -> HttpRequest {
        match self {
            Self::Layer(layer) => layer.post(post),
        }
    }

    /// Reads the response to [`Chat::post`].
    pub fn posted(&self, response: &HttpResponse) -> PostOutcome {
        match self {
            Self::Layer(layer) => layer.posted(response),
        }
    }

    /// The secret with which the chat vouches for its webhooks.
    pub fn webhook_secret(&self) -> &Secret {
        match self {
            Self::Layer(layer) => &layer.webhook_secret,
        }
    }
}
