//! The handle of a running Layer, its options and its state.

use super::model::{Conversation, Delivery, Event, Hook, Message, Post, Repeat, User};
use super::state::State;
use super::wire::{EventBuilder, Renderer};
use crate::http::{Server, TimedOut, Traffic};
use crate::lock::lock;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How a Layer stand-in is set up.
#[derive(Clone, Debug)]
pub struct LayerOptions {
    /// The application's UUID.
    pub app_id: String,
    /// The Platform API's bearer token.
    pub token: String,
    /// 0: any free port.
    pub port: u16,
    /// Multiplies the waits between a webhook call's retries (10 s, 30 s, 120 s, 300 s, 1200 s).
    pub retry_scale: f64,
    /// Timeout of a webhook call; Layer's own is one second.
    pub answer_limit: Duration,
    /// The response to a post with a known UUID.
    pub repeat: Repeat,
    /// Seed of the faults' probabilities.
    pub seed: u64,
}

impl Default for LayerOptions {
    fn default() -> Self {
        Self {
            app_id: "11111111-2222-4333-8444-555555555555".to_owned(),
            token: "layer-token".to_owned(),
            port: 0,
            retry_scale: 1.0,
            answer_limit: Duration::from_secs(1),
            repeat: Repeat::default(),
            seed: 1,
        }
    }
}

/// What the handles, the server and the tasks share.
pub(crate) struct Shared {
    pub(crate) options: LayerOptions,
    pub(crate) traffic: Traffic,
    pub(crate) state: Mutex<State>,
    /// Held while a post is processed: of two with the same UUID, only one is new.
    pub(crate) posting: Mutex<()>,
}

impl Shared {
    pub(crate) fn renderer<'a>(&'a self, state: &'a State) -> Renderer<'a> {
        Renderer::new(&self.options.app_id, state)
    }

    pub(crate) fn events<'a>(&'a self, state: &'a State) -> EventBuilder<'a> {
        EventBuilder::new(&self.options.app_id, state)
    }
}

/// A running Layer; dropping the last clone stops it.
#[derive(Clone)]
pub struct Layer {
    pub(crate) shared: Arc<Shared>,
    pub(crate) server: Arc<Server>,
}

impl Layer {
    /// `http://127.0.0.1:<port>`.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The requests that it received, and its faults.
    #[must_use]
    pub fn traffic(&self) -> &Traffic {
        &self.shared.traffic
    }

    /// Switches webhook calls on (the default) or off. Events are recorded in both cases.
    pub fn call_webhooks(&self, on: bool) {
        lock(&self.shared.state).silent = !on;
    }

    /// Makes messages' `recipient_status` null, as documented for the system view.
    pub fn hide_statuses(&self, on: bool) {
        lock(&self.shared.state).hide_statuses = on;
    }

    /// Sets the response to a post with a known UUID.
    pub fn set_repeat(&self, repeat: Repeat) {
        lock(&self.shared.state).repeat = repeat;
    }

    /// Adds a webhook without verifying it; see [`Hook::active`].
    pub fn add_hook(&self, hook: Hook) {
        lock(&self.shared.state).hooks.push(hook);
        self.shared.traffic.changed();
    }

    /// All webhooks, active or not.
    #[must_use]
    pub fn hooks(&self) -> Vec<Hook> {
        lock(&self.shared.state).hooks.clone()
    }

    /// All users, by id.
    #[must_use]
    pub fn users(&self) -> Vec<User> {
        lock(&self.shared.state).users.values().cloned().collect()
    }

    /// All conversations, oldest first.
    #[must_use]
    pub fn conversations(&self) -> Vec<Conversation> {
        let state = lock(&self.shared.state);
        state
            .order
            .iter()
            .filter_map(|id| state.conversations.get(id).cloned())
            .collect()
    }

    /// The conversation's messages in order, without deleted ones.
    #[must_use]
    pub fn messages(&self, conversation: &str) -> Vec<Message> {
        let state = lock(&self.shared.state);
        let messages = state.messages.iter();
        messages
            .filter(|one| one.is_in(conversation))
            .cloned()
            .collect()
    }

    /// All messages, including deleted ones.
    #[must_use]
    pub fn all_messages(&self) -> Vec<Message> {
        lock(&self.shared.state).messages.clone()
    }

    /// All events so far.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        lock(&self.shared.state).events.clone()
    }

    /// All webhook calls so far.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        lock(&self.shared.state).deliveries.clone()
    }

    /// All requests to post a message that passed authentication and the check of `Accept`.
    #[must_use]
    pub fn posts(&self) -> Vec<Post> {
        lock(&self.shared.state).posts.clone()
    }

    /// Waits until a conversation's messages meet the condition, and returns them.
    ///
    /// # Errors
    /// The condition was not met within the limit.
    pub async fn wait_for(
        &self,
        conversation: &str,
        limit: Duration,
        condition: impl Fn(&[Message]) -> bool,
    ) -> Result<Vec<Message>, TimedOut> {
        let ask = || Some(self.messages(conversation)).filter(|messages| condition(messages));
        self.shared.traffic.until(limit, ask).await
    }

    /// Waits until all webhook calls so far meet the condition, and returns them.
    ///
    /// # Errors
    /// The condition was not met within the limit.
    pub async fn wait_for_deliveries(
        &self,
        limit: Duration,
        condition: impl Fn(&[Delivery]) -> bool,
    ) -> Result<Vec<Delivery>, TimedOut> {
        let ask = || {
            let state = lock(&self.shared.state);
            condition(&state.deliveries).then(|| state.deliveries.clone())
        };
        self.shared.traffic.until(limit, ask).await
    }

    /// Waits until the webhooks meet the condition, and returns them.
    ///
    /// # Errors
    /// The condition was not met within the limit.
    pub async fn wait_for_hooks(
        &self,
        limit: Duration,
        condition: impl Fn(&[Hook]) -> bool,
    ) -> Result<Vec<Hook>, TimedOut> {
        let ask = || Some(self.hooks()).filter(|hooks| condition(hooks));
        self.shared.traffic.until(limit, ask).await
    }
}
