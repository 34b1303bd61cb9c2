//! The users and what they do, in an order that depends on the seed only.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use fastrand::Rng;
use standins::{NewConversation, Receipt, Reply, User, Via};
use tokio::time::Instant;

use super::{Plan, support::World};

/// The interval between messages; makes a run longer than `DELAY` and the waits after faults.
const PACE: Duration = Duration::from_millis(20);

/// A conversation of the writer with one user.
#[derive(Clone)]
struct Conversation {
    id: String,
    user: String,
}

/// A message and the user that it was sent to.
pub struct SentMessage {
    pub id: String,
    pub user: String,
}

/// The users and what they have done so far.
pub struct People {
    random: Rng,
    conversations: Vec<Conversation>,
    pub sent: Vec<SentMessage>,
    /// When the Worker was killed.
    pub kills: Vec<Instant>,
    /// The conversation that each reply belongs to, by the reply's words.
    pub replies: BTreeMap<String, String>,
}

fn user(number: usize) -> String {
    format!("user {number}")
}

fn phone(number: usize) -> String {
    format!("1555{number:07}")
}

impl People {
    /// Creates the users, each in one to three conversations.
    pub fn settle(world: &World, plan: Plan) -> Self {
        let mut random = Rng::with_seed(plan.seed);
        let mut conversations = Vec::new();
        world.layer.create_user(User::new("writer", "Writer", ""));
        for number in 0..plan.users {
            let name = user(number);
            world
                .layer
                .create_user(User::new(&name, &format!("U{number}"), &phone(number)));
            for _ in 0..random.usize(1..=3) {
                let new = NewConversation::of(&["writer", &name]);
                conversations.push(Conversation {
                    id: world.layer.create_conversation(new).unwrap(),
                    user: name.clone(),
                });
            }
        }
        Self {
            random,
            conversations,
            sent: Vec::new(),
            kills: Vec::new(),
            replies: BTreeMap::new(),
        }
    }

    /// Writes messages, mixed with receipts, deletions, duplicates and replies.
    pub async fn write_messages(&mut self, world: &World, messages: usize) {
        for _ in 0..messages {
            let conversation = self.random.choice(&self.conversations).unwrap().clone();
            let text = format!("message {}", self.sent.len());
            let sent = world.layer.say(&conversation.id, "writer", &text).unwrap();
            self.sent.push(SentMessage {
                id: sent.message.id.clone(),
                user: conversation.user,
            });
            match self.random.u8(..10) {
                0 => world.layer.publish_again(&sent.event),
                1 | 2 => self.reply(world),
                3 => drop(self.receipt(world, Receipt::Read)),
                4 => drop(self.receipt(world, Receipt::Delivered)),
                5 => self.delete(world),
                _ => {}
            }
            tokio::time::sleep(PACE).await;
        }
    }

    fn receipt(&mut self, world: &World, receipt: Receipt) -> Option<()> {
        let SentMessage { id, user } = self.random.choice(&self.sent)?;
        match receipt {
            Receipt::Read => world.layer.mark_read(id, user).ok()?,
            _ => world.layer.mark_delivered(id, user).ok()?,
        };
        Some(())
    }

    fn delete(&mut self, world: &World) {
        let message = self.random.choice(&self.sent).unwrap();
        // Fails if the message is already deleted.
        let _ = world.layer.delete_message(&message.id);
    }

    /// All recipients.
    pub fn users(&self) -> BTreeSet<&str> {
        self.conversations
            .iter()
            .map(|conversation| conversation.user.as_str())
            .collect()
    }

    /// Replies to a random text.
    fn reply(&mut self, world: &World) {
        if let Some(text) = self.random.choice(world.nexmo.texts()) {
            self.reply_to(world, &text);
        }
    }

    /// The id of the message that a text shows.
    pub fn message_in(&self, text: &str) -> &str {
        let (_, number) = text.rsplit_once(' ').unwrap();
        &self.sent[number.parse::<usize>().unwrap()].id
    }

    /// Replies to the last text of each of twenty phones.
    pub fn reply_to_the_last_texts(&mut self, world: &World) {
        let last: BTreeMap<_, _> = world
            .nexmo
            .texts()
            .into_iter()
            .map(|text| (text.phone.clone(), text))
            .collect();
        for text in last.into_values().take(20) {
            self.reply_to(world, &text);
        }
    }

    fn reply_to(&mut self, world: &World, text: &standins::Text) {
        let message = self.message_in(&text.text).to_owned();
        let message = world
            .layer
            .all_messages()
            .into_iter()
            .find(|one| one.id == message)
            .unwrap();
        let words = format!(
            "reply {} 😀 {}",
            self.replies.len(),
            "long ".repeat(self.random.usize(..60))
        );
        let via = self.random.choice([Via::Get, Via::Form, Via::Json]);
        let mut reply = Reply::new(&text.phone, &text.number, words.trim_end()).via(via.unwrap());
        reply.shuffle = true;
        let pushes = world.nexmo.reply(&reply);
        if self.random.u8(..5) == 0 {
            // Nexmo may deliver a text more than once.
            let url = world.nexmo.pushes().last().unwrap().url.clone();
            world.nexmo.push_all(&pushes, &url);
        }
        let conversation = message.conversation.unwrap();
        self.replies
            .insert(words.trim_end().to_owned(), conversation);
    }
}
