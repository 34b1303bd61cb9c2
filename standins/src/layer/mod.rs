//! Layer: its webhooks, its Platform API, and the people who chat.

mod acts;
mod deliver;
mod errors;
mod event;
mod hook;
mod hooks;
mod model;
mod platform;
mod post;
mod receipts;
#[cfg(test)]
mod tests;
mod wire;

pub use acts::Sent;
pub use event::Event;
pub use hook::{Attempt, Delivery, Hook, HookStatus, Outcome};
pub use model::{
    Conversation, Message, NewConversation, Part, Post, Receipt, Refused, Repeat, Sender, User,
    Version,
};

use crate::fault::What;
use crate::lock;
use crate::server::{Answered, Incoming, Server, Site};
use crate::traffic::{TimedOut, Traffic};
use model::State;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// How a Layer stand-in is set up.
#[derive(Clone, Debug)]
pub struct LayerOptions {
    /// The application's UUID.
    pub app_id: String,
    /// The Platform API's bearer token.
    pub token: String,
    /// 0: any free one.
    pub port: u16,
    /// Multiplies the waits between a webhook call's retries (10 s, 30 s, 120 s, 300 s, 1200 s).
    pub retry_scale: f64,
    /// How long a webhook call may take; Layer's own limit is one second.
    pub answer_limit: Duration,
    /// What a post with a known UUID gets.
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

pub(crate) struct Shared {
    options: LayerOptions,
    traffic: Traffic,
    state: Mutex<State>,
    /// Held while a post is decided: two with the same UUID must not both be new.
    posting: Mutex<()>,
}

/// A running Layer; the last clone's end stops it.
#[derive(Clone)]
pub struct Layer {
    shared: Arc<Shared>,
    server: Arc<Server>,
}

impl Layer {
    /// Starts on loopback.
    ///
    /// # Errors
    /// The port is taken.
    pub async fn start(options: LayerOptions) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", options.port)).await?;
        let (stop, stopped) = watch::channel(());
        let state = State {
            repeat: options.repeat,
            ..State::default()
        };
        let traffic = Traffic::new(options.seed, stopped);
        let shared = Arc::new(Shared {
            options,
            traffic,
            state: Mutex::new(state),
            posting: Mutex::default(),
        });
        let server = Arc::new(Server::start(Arc::clone(&shared), listener, stop)?);
        Ok(Self { shared, server })
    }

    /// `http://127.0.0.1:<port>`.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The requests it got, and its faults.
    #[must_use]
    pub fn traffic(&self) -> &Traffic {
        &self.shared.traffic
    }

    /// Whether acts call webhooks (they do at first). Events are recorded all the same.
    pub fn call_webhooks(&self, on: bool) {
        lock(&self.shared.state).silent = !on;
    }

    /// Whether messages' `recipient_status` is null, as the documentation has it for the system view.
    pub fn hide_statuses(&self, on: bool) {
        lock(&self.shared.state).hide_statuses = on;
    }

    /// What a post with a known UUID gets from now on.
    pub fn set_repeat(&self, repeat: Repeat) {
        lock(&self.shared.state).repeat = repeat;
    }

    /// Adds a webhook that is not verified; see [`Hook::active`].
    pub fn add_hook(&self, hook: Hook) {
        lock(&self.shared.state).hooks.push(hook);
        self.shared.traffic.changed();
    }

    /// All webhooks, whatever their state.
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
        let here =
            |one: &&Message| one.conversation.as_deref() == Some(conversation) && !one.deleted;
        state.messages.iter().filter(here).cloned().collect()
    }

    /// Every message, deleted ones too.
    #[must_use]
    pub fn all_messages(&self) -> Vec<Message> {
        lock(&self.shared.state).messages.clone()
    }

    /// Every event so far.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        lock(&self.shared.state).events.clone()
    }

    /// Every webhook call so far.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        lock(&self.shared.state).deliveries.clone()
    }

    /// Every attempt to post a message through the Platform API that passed authentication and `Accept`.
    #[must_use]
    pub fn posts(&self) -> Vec<Post> {
        lock(&self.shared.state).posts.clone()
    }

    /// Waits until a conversation's messages meet the condition, and returns them.
    ///
    /// # Errors
    /// They did not within the limit.
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
    /// They did not within the limit.
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
    /// They did not within the limit.
    pub async fn wait_for_hooks(
        &self,
        limit: Duration,
        condition: impl Fn(&[Hook]) -> bool,
    ) -> Result<Vec<Hook>, TimedOut> {
        let ask = || Some(self.hooks()).filter(|hooks| condition(hooks));
        self.shared.traffic.until(limit, ask).await
    }
}

/// The site needs the `Arc` for the tasks that it starts.
impl Site for Arc<Shared> {
    fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    fn parties(&self, _: &Incoming) -> (Option<String>, Option<String>) {
        (None, None)
    }

    async fn answer(&self, incoming: Incoming, _partial: bool) -> Answered {
        platform::answer(self, &incoming).await
    }

    fn broken(&self, what: &What) -> Answered {
        let (status, body) = match what {
            What::Status(status, body) => (*status, body.clone()),
            _ => (429, String::new()),
        };
        Answered::new(status, errors::JSON, body)
    }
}
