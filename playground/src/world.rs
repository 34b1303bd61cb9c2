//! The stand-ins, the users, and the Worker.

use crate::clock::{self, Clock};
use crate::config::{Config, digits};
use crate::log::Log;
use crate::problem::Problem;
use crate::process::Process;
use crate::records::Records;
use crate::switches::{PhoneMode, Switches};
use serde_json::Map;
use standins::{
    Layer, LayerOptions, NewConversation, Nexmo, NexmoOptions, Number, Reply, SigningKey, User,
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::time::Instant;

/// Ids, names and phones of the users.
const USERS: [(&str, &str, &str); 3] = [
    ("alice", "Alice", "+1 (555) 010-2001"),
    ("bob", "Bob", "+1 (555) 010-2002"),
    ("carol", "Carol", "0044 7700 900003"),
];

/// Names and participants of the conversations.
const CONVERSATIONS: [(&str, &[&str]); 3] = [
    ("Lunch", &["alice", "bob"]),
    ("Project", &["alice", "bob", "carol"]),
    ("Holiday", &["bob", "carol"]),
];

/// A text that was sent from a phone of the page.
pub(crate) struct SentText {
    pub(crate) phone: String,
    pub(crate) number: String,
    pub(crate) text: String,
    /// Milliseconds since 1970.
    pub(crate) at: i64,
    /// How many texts Nexmo had accepted before: its place in the thread.
    pub(crate) after: usize,
}

/// One moment on both clocks.
struct Epoch {
    instant: Instant,
    /// Milliseconds since 1970.
    ms: i64,
}

/// The state of the playground.
pub(crate) struct World {
    pub(crate) layer: Layer,
    pub(crate) nexmo: Nexmo,
    pub(crate) process: Arc<Process>,
    pub(crate) log: Arc<Log>,
    pub(crate) records: Records,
    pub(crate) switches: Switches,
    pub(crate) clock: Clock,
    pub(crate) app_id: String,
    epoch: Epoch,
    signature: Option<SigningKey>,
    sent_texts: Mutex<Vec<SentText>>,
}

impl World {
    pub(crate) async fn start(
        config: &Config,
        process: &Arc<Process>,
        log: &Arc<Log>,
    ) -> Result<Self, Problem> {
        let port_problem = |port| {
            move |error: std::io::Error| Problem::Port {
                port,
                reason: error.to_string(),
            }
        };
        let world = Self {
            layer: Layer::start(layer_options(config))
                .await
                .map_err(port_problem(config.layer_port))?,
            nexmo: Nexmo::start(nexmo_options(config))
                .await
                .map_err(port_problem(config.nexmo_port))?,
            process: Arc::clone(process),
            log: Arc::clone(log),
            records: Records::default(),
            switches: Switches::default(),
            clock: Clock::new(clock::offset_of_this_machine()),
            app_id: config.app_id.clone(),
            epoch: Epoch {
                instant: Instant::now(),
                ms: standins::now_ms(),
            },
            signature: config.signature.clone(),
            sent_texts: Mutex::default(),
        };
        world.populate()?;
        Ok(world)
    }

    /// Creates the users and conversations.
    fn populate(&self) -> Result<(), Problem> {
        for (id, name, phone) in USERS {
            self.layer.create_user(User::new(id, name, phone));
        }
        for (name, participants) in CONVERSATIONS {
            let created = self.create_conversation(name, participants);
            created.map_err(Problem::Failed)?;
        }
        Ok(())
    }

    /// Creates a conversation and returns its id.
    pub(crate) fn create_conversation(
        &self,
        name: &str,
        participants: &[&str],
    ) -> Result<String, String> {
        let mut metadata = Map::new();
        metadata.insert("conversationName".to_owned(), name.into());
        let new = NewConversation {
            metadata,
            ..NewConversation::of(participants)
        };
        let created = self.layer.create_conversation(new);
        created.map_err(|refused| refused.to_string())
    }

    /// Sends a text from a phone.
    pub(crate) fn reply(&self, phone: &str, number: &str, text: &str) {
        let after = self.nexmo.texts().len();
        let reply = Reply {
            signed: self.signature.clone(),
            ..Reply::new(phone, number, text)
        };
        self.nexmo.reply(&reply);
        self.sent_texts().push(SentText {
            phone: phone.to_owned(),
            number: number.to_owned(),
            text: text.to_owned(),
            at: standins::now_ms(),
            after,
        });
    }

    /// Has Nexmo push delivery receipts, also after `phone` got another mode.
    pub(crate) fn push_receipts(&self, phone: Option<(String, PhoneMode)>) {
        let signed = self.signature.clone();
        self.switches.set_phone(&self.nexmo, signed, phone);
    }

    /// The wall-clock time of an instant, in milliseconds since 1970.
    pub(crate) fn wall_clock(&self, at: Instant) -> i64 {
        let since = at.saturating_duration_since(self.epoch.instant).as_millis();
        let since = i64::try_from(since).unwrap_or(i64::MAX);
        self.epoch.ms.saturating_add(since)
    }

    /// The texts that were sent from phones of the page, in order.
    pub(crate) fn sent_texts(&self) -> MutexGuard<'_, Vec<SentText>> {
        self.sent_texts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn layer_options(config: &Config) -> LayerOptions {
    LayerOptions {
        app_id: config.app_id.clone(),
        token: config.token.clone(),
        port: config.layer_port,
        ..LayerOptions::default()
    }
}

fn nexmo_options(config: &Config) -> NexmoOptions {
    let country = |number: &str| if number.starts_with("44") { "GB" } else { "US" };
    let numbers = config.numbers.iter();
    NexmoOptions {
        key: config.key.clone(),
        secret: config.secret.clone(),
        numbers: numbers
            .map(|number| Number::new(number, country(number)))
            .collect(),
        port: config.nexmo_port,
        throughput: true,
        ..NexmoOptions::default()
    }
}

/// A user's phone in Nexmo's format.
pub(crate) fn phone_of(user: &User) -> String {
    let digits = digits(user.phone_number.as_deref().unwrap_or_default());
    digits.trim_start_matches('0').to_owned()
}
