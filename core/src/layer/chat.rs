//! Layer as a chat: its answers to the questions of the service ([`Chat`](crate::chat::port::Chat)).

use super::{
    account::LayerAccount,
    api::{get_conversation, get_message, read_recheck, read_resource},
    identity::{get_identity, read_identity},
    mark::mark_read,
    pieces::split,
    post::{post_message, read_post_response},
};
use crate::{
    at_once::answers,
    chat::{
        post::{Mark, Post, PostOutcome},
        recheck::{Answers, Asked, When},
        resource::Resource,
    },
    http::{Http, HttpRequest, HttpResponse},
    identity::IdentityOutcome,
    ids::{ConversationId, UserId},
    secret::Secret,
    time::Timestamp,
};

/// The operator's application at Layer, and its webhook here.
#[derive(Clone, Debug)]
pub struct LayerChat {
    /// The application.
    pub account: LayerAccount,
    /// The HMAC key of the webhook.
    pub webhook_secret: Secret,
    /// The path of the webhook, without a slash at either end.
    pub path: String,
    /// The name of the webhook, in its registration and its requests.
    pub webhook_name: String,
}

impl LayerChat {
    /// Asks about each message that may be shown, all at once.
    pub async fn recheck(&self, http: &dyn Http, asked: &Asked<'_>, when: When) -> Answers {
        let questions = asked.shown.iter().map(|it| async {
            let request = get_message(&self.account, asked.conversation_id, it.message_id);
            read_recheck(&http.call(request, when.deadline).await, asked.user_id)
        });
        Answers {
            shown: answers(questions).await,
            counted: Vec::new(),
        }
    }

    /// Asks for a conversation.
    pub async fn conversation(
        &self,
        http: &dyn Http,
        conversation_id: &ConversationId,
        deadline: Timestamp,
    ) -> Resource {
        let request = get_conversation(&self.account, conversation_id);
        read_resource(&http.call(request, deadline).await)
    }

    /// Asks for a user's identity. There is no request for a user id that cannot stand in a URL (`.` and `..`).
    pub async fn identity(
        &self,
        http: &dyn Http,
        user_id: &UserId,
        deadline: Timestamp,
    ) -> IdentityOutcome {
        match get_identity(&self.account, user_id) {
            Some(request) => read_identity(&http.call(request, deadline).await),
            None => IdentityOutcome::NoSuchUser,
        }
    }

    /// Cuts a reply into pieces that fit a message part each.
    pub fn pieces(&self, text: &str) -> Vec<String> {
        split(text)
    }

    /// The request that marks a conversation as read, if the API's version has one and the message has a position.
    pub fn mark_read(&self, mark: &Mark<'_>) -> Option<HttpRequest> {
        mark_read(&self.account, mark)
    }

    /// The request that posts a piece of a reply.
    pub fn post(&self, post: &Post<'_>) -> HttpRequest {
        post_message(&self.account, post)
    }

    /// Reads the response to a post.
    pub fn posted(&self, response: &HttpResponse) -> PostOutcome {
        read_post_response(response)
    }
}
