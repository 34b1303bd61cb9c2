//! The stand-ins and the people.

use crate::config::{Config, digits};
use crate::feed::Feed;
use crate::problem::Problem;
use crate::records::Records;
use crate::runner::Runner;
use crate::switches::Switches;
use serde_json::Map;
use standins::{
    Inbound, Layer, LayerOptions, NewConversation, Nexmo, NexmoOptions, Number, Reply, SigningKey,
    User,
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::time::Instant;

/// The people: id, name, phone as their identity has it.
const PEOPLE: [(&str, &str, &str); 3] = [
    ("alice", "Alice", "+1 (555) 010-2001"),
    ("bob", "Bob", "+1 (555) 010-2002"),
    ("carol", "Carol", "0044 7700 900003"),
];

/// The conversations: name, participants.
const CONVERSATIONS: [(&str, &[&str]); 3] = [
    ("Lunch", &["alice", "bob"]),
    ("Project", &["alice", "bob", "carol"]),
    ("Holiday", &["bob", "carol"]),
];

/// A text that someone wrote on a phone here.
pub(crate) struct Written {
    pub(crate) phone: String,
    pub(crate) number: String,
    pub(crate) text: String,
    /// Milliseconds since 1970.
    pub(crate) at: i64,
    /// How many texts Nexmo had accepted by then: its place in the thread.
    pub(crate) after: usize,
    /// What it was pushed as.
    pub(crate) pushes: Vec<Inbound>,
}

/// Everything there is.
pub(crate) struct World {
    pub(crate) layer: Layer,
    pub(crate) nexmo: Nexmo,
    pub(crate) runner: Arc<Runner>,
    pub(crate) feed: Arc<Feed>,
    pub(crate) records: Records,
    pub(crate) switches: Switches,
    pub(crate) app_id: String,
    /// One moment on both clocks.
    pub(crate) began: (Instant, i64),
    signature: Option<SigningKey>,
    written: Mutex<Vec<Written>>,
}

impl World {
    pub(crate) async fn start(
        config: &Config,
        runner: &Arc<Runner>,
        feed: &Arc<Feed>,
    ) -> Result<Self, Problem> {
        let taken = |port| {
            move |error: std::io::Error| Problem::Port {
                port,
                reason: error.to_string(),
            }
        };
        let world = Self {
            layer: Layer::start(layer_options(config))
                .await
                .map_err(taken(config.layer_port))?,
            nexmo: Nexmo::start(nexmo_options(config))
                .await
                .map_err(taken(config.nexmo_port))?,
            runner: Arc::clone(runner),
            feed: Arc::clone(feed),
            records: Records::default(),
            switches: Switches::default(),
            app_id: config.app_id.clone(),
            began: (Instant::now(), standins::now_ms()),
            signature: config.signature.clone(),
            written: Mutex::default(),
        };
        world.populate()?;
        Ok(world)
    }

    fn populate(&self) -> Result<(), Problem> {
        for (id, name, phone) in PEOPLE {
            self.layer.create_user(User::new(id, name, phone));
        }
        for (name, people) in CONVERSATIONS {
            let made = self.converse(name, people);
            made.map_err(Problem::Story)?;
        }
        Ok(())
    }

    /// A new conversation, and its id.
    pub(crate) fn converse(&self, name: &str, people: &[&str]) -> Result<String, String> {
        let mut metadata = Map::new();
        metadata.insert("conversationName".to_owned(), name.into());
        let new = NewConversation {
            metadata,
            ..NewConversation::of(people)
        };
        let made = self.layer.create_conversation(new);
        made.map_err(|refused| refused.to_string())
    }

    /// Someone texts from a phone.
    pub(crate) fn reply(&self, phone: &str, number: &str, text: &str) {
        let after = self.nexmo.texts().len();
        let reply = Reply {
            signed: self.signature.clone(),
            ..Reply::new(phone, number, text)
        };
        let pushes = self.nexmo.reply(&reply);
        self.written().push(Written {
            phone: phone.to_owned(),
            number: number.to_owned(),
            text: text.to_owned(),
            at: standins::now_ms(),
            after,
            pushes,
        });
    }

    /// What was written on phones here, in order.
    pub(crate) fn written(&self) -> MutexGuard<'_, Vec<Written>> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
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

/// A user's phone as Nexmo writes it.
pub(crate) fn phone_of(user: &User) -> String {
    let digits = digits(user.phone_number.as_deref().unwrap_or_default());
    digits.trim_start_matches('0').to_owned()
}
