//! The stand-ins, the people, and what one can do with them.

use crate::config::{Config, digits};
use crate::problem::Problem;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use standins::{
    Layer, LayerOptions, Message, Method, NewConversation, Nexmo, NexmoOptions, Number, Reply, User,
};
use std::sync::{Mutex, MutexGuard, PoisonError};

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
struct Written {
    phone: String,
    number: String,
    text: String,
    /// How many texts Nexmo had accepted by then: its place in the thread.
    after: usize,
}

/// Everything there is.
pub(crate) struct World {
    pub(crate) layer: Layer,
    pub(crate) nexmo: Nexmo,
    signature: Option<(Method, String)>,
    written: Mutex<Vec<Written>>,
}

/// What a person does.
#[derive(Deserialize)]
#[serde(tag = "act", rename_all = "lowercase")]
pub(crate) enum Act {
    /// Writes in a conversation.
    Write {
        conversation: String,
        user: String,
        text: String,
    },
    /// Reads a conversation.
    Read { conversation: String, user: String },
    /// Texts back.
    Reply {
        phone: String,
        number: String,
        text: String,
    },
}

impl World {
    pub(crate) async fn start(config: &Config) -> Result<Self, Problem> {
        let taken = |port| {
            move |error: std::io::Error| Problem::Port {
                port,
                reason: error.to_string(),
            }
        };
        let layer = LayerOptions {
            app_id: config.app_id.clone(),
            token: config.token.clone(),
            port: config.layer_port,
            ..LayerOptions::default()
        };
        let country = |number: &str| if number.starts_with("44") { "GB" } else { "US" };
        let numbers = config
            .numbers
            .iter()
            .map(|number| Number::new(number, country(number)));
        let nexmo = NexmoOptions {
            key: config.key.clone(),
            secret: config.secret.clone(),
            numbers: numbers.collect(),
            port: config.nexmo_port,
            throughput: true,
            ..NexmoOptions::default()
        };
        let world = Self {
            layer: Layer::start(layer)
                .await
                .map_err(taken(config.layer_port))?,
            nexmo: Nexmo::start(nexmo)
                .await
                .map_err(taken(config.nexmo_port))?,
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
            let mut metadata = Map::new();
            metadata.insert("conversationName".to_owned(), name.into());
            let new = NewConversation {
                metadata,
                ..NewConversation::of(people)
            };
            let made = self.layer.create_conversation(new);
            made.map_err(|refused| Problem::Story(refused.to_string()))?;
        }
        Ok(())
    }

    pub(crate) fn act(&self, act: Act) -> Result<(), String> {
        match act {
            Act::Write {
                conversation,
                user,
                text,
            } => {
                let said = self.layer.say(&conversation, &user, &text);
                said.map(drop).map_err(|refused| refused.to_string())
            }
            Act::Read { conversation, user } => {
                let read = self.layer.mark_all_read(&conversation, &user);
                read.map(drop).map_err(|refused| refused.to_string())
            }
            Act::Reply {
                phone,
                number,
                text,
            } => {
                self.reply(&phone, &number, &text);
                Ok(())
            }
        }
    }

    pub(crate) fn reply(&self, phone: &str, number: &str, text: &str) {
        let after = self.nexmo.texts().len();
        let (phone, number, text) = (phone.to_owned(), number.to_owned(), text.to_owned());
        let reply = Reply {
            signed: self.signature.clone(),
            ..Reply::new(&phone, &number, &text)
        };
        self.written().push(Written {
            phone,
            number,
            text,
            after,
        });
        self.nexmo.reply(&reply);
    }

    fn written(&self) -> MutexGuard<'_, Vec<Written>> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the page shows.
    pub(crate) fn state(&self) -> Value {
        let hooks = self.layer.hooks().into_iter().map(|hook| {
            json!({"url": hook.target_url, "active": hook.status == standins::HookStatus::Active})
        });
        json!({
            "webhooks": hooks.collect::<Vec<_>>(),
            "users": self.layer.users().iter().map(|user| json!({
                "id": user.user_id,
                "name": user.display_name,
                "phone": phone_of(user),
                "threads": self.threads(&phone_of(user)),
            })).collect::<Vec<_>>(),
            "conversations": self.conversations(),
        })
    }

    fn conversations(&self) -> Vec<Value> {
        let show = |message: &Message| {
            let status: Map<String, Value> = message
                .status
                .iter()
                .map(|(user, receipt)| (user.clone(), receipt.name().into()))
                .collect();
            json!({
                "id": message.id,
                "sender": message.sender.user(),
                "text": message.text(),
                "by_text": message.platform,
                "status": status,
            })
        };
        let all = self.layer.conversations().into_iter();
        all.map(|conversation| {
            let messages = self.layer.messages(&conversation.id);
            json!({
                "id": conversation.id,
                "name": conversation.metadata.get("conversationName"),
                "participants": conversation.participants,
                "messages": messages.iter().map(show).collect::<Vec<_>>(),
            })
        })
        .collect()
    }

    /// A phone's threads, one for each number that ever texted it or was texted by it.
    fn threads(&self, phone: &str) -> Vec<Value> {
        let texts = self.nexmo.texts();
        let written = self.written();
        let numbers = self.nexmo.numbers().into_iter().map(|number| number.msisdn);
        let thread = |number: String| {
            let received = texts
                .iter()
                .enumerate()
                .filter(|(_, text)| text.phone == phone && text.number == number);
            let sent = written
                .iter()
                .filter(|one| one.phone == phone && one.number == number);
            let received = received
                .map(|(place, text)| (place + 1, 0, json!({"from": "number", "text": text.text})));
            let sent = sent.map(|one| (one.after, 1, json!({"from": "phone", "text": one.text})));
            let mut all: Vec<_> = received.chain(sent).collect();
            all.sort_by_key(|(place, side, _)| (*place, *side));
            let all: Vec<Value> = all.into_iter().map(|(_, _, shown)| shown).collect();
            json!({"number": number, "texts": all})
        };
        numbers.map(thread).collect()
    }
}

/// A user's phone as Nexmo writes it.
fn phone_of(user: &User) -> String {
    let digits = digits(user.phone_number.as_deref().unwrap_or_default());
    digits.trim_start_matches('0').to_owned()
}
