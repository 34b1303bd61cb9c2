//! Webhooks of one recipient each.

use std::iter::repeat_with;

use uuid::Uuid;

use super::bench::{Bench, Scenario, empty};
use crate::{
    Failure,
    bodies::{Message, row},
    job::Job,
    plan::Load,
    report::Target,
    rounds::Round,
};

/// Number of known users.
const POOL: usize = 200;

fn new_user() -> String {
    format!("user-{}", Uuid::new_v4())
}

struct Member {
    user: String,
    conversation: Uuid,
}

impl Member {
    fn new() -> Self {
        Self {
            user: new_user(),
            conversation: Uuid::new_v4(),
        }
    }

    fn message(&self) -> Message {
        Message::new(self.conversation, std::slice::from_ref(&self.user))
    }

    fn row(&self) -> Job {
        row(&self.user)
    }
}

/// Known users, each with a conversation of their own.
struct Pool(Vec<Member>);

impl Pool {
    fn new() -> Self {
        Self(repeat_with(Member::new).take(POOL).collect())
    }

    /// Messages to the users in turn.
    fn messages(&self, count: usize) -> Vec<Message> {
        let members = self.0.iter().cycle().take(count);
        members.map(Member::message).collect()
    }

    /// A message to each user, which also keeps the users' objects in memory.
    fn one_message_each(&self) -> Vec<Message> {
        self.messages(POOL)
    }

    /// The floor's rows, in as many objects.
    fn rows(&self, count: usize) -> Round {
        let rows = self.0.iter().cycle().take(count).map(Member::row);
        Round::of(rows).after(self.0.iter().map(Member::row))
    }
}

fn sent(messages: &[Message]) -> impl Iterator<Item = Job> {
    messages.iter().map(Message::sent)
}

/// Measures messages to new users.
pub async fn new(bench: &mut Bench<'_>) -> Result<(), Failure> {
    let scenario = Scenario {
        what: "message, new user",
        beside: "row, new object",
        target: Target::NEW,
    };
    let product = |count| {
        let message = |_| Message::new(Uuid::new_v4(), &[new_user()]).sent();
        Round::of((0..count).map(message))
    };
    let floor = |count| Round::of((0..count).map(|_| row(&new_user())));
    let loads = Load::both(bench.plan.new);
    bench.compare(scenario, loads, product, floor).await
}

/// Measures messages to known users, and other webhooks for them.
pub async fn known(bench: &mut Bench<'_>) -> Result<(), Failure> {
    let pool = Pool::new();
    messages(bench, &pool).await?;
    receipts(bench, &pool).await?;
    duplicates(bench, &pool).await?;
    without_effect(bench, &pool).await
}

fn beside_known_object(what: &'static str, target: Target) -> Scenario {
    Scenario {
        what,
        beside: "row, known object",
        target,
    }
}

async fn messages(bench: &mut Bench<'_>, pool: &Pool) -> Result<(), Failure> {
    let scenario = beside_known_object("message, known user", Target::KNOWN);
    let product =
        |count| Round::of(sent(&pool.messages(count))).after(sent(&pool.one_message_each()));
    let loads = Load::both(bench.plan.known);
    bench
        .compare(scenario, loads, product, |count| pool.rows(count))
        .await
}

async fn receipts(bench: &mut Bench<'_>, pool: &Pool) -> Result<(), Failure> {
    let scenario = beside_known_object("receipt that cancels", Target::NONE);
    let product = |count| {
        let messages = pool.messages(count);
        Round::of(messages.iter().map(Message::read)).after(sent(&messages))
    };
    let loads = Load::both(bench.plan.known);
    bench
        .compare(scenario, loads, product, |count| pool.rows(count))
        .await
}

async fn duplicates(bench: &mut Bench<'_>, pool: &Pool) -> Result<(), Failure> {
    let scenario = beside_known_object("duplicate", Target::NONE);
    let product = |count| {
        let messages = pool.one_message_each();
        let again = messages.iter().cycle().take(count).map(Message::sent);
        Round::of(again).after(sent(&messages))
    };
    let loads = Load::both(bench.plan.known);
    bench
        .compare(scenario, loads, product, |count| pool.rows(count))
        .await
}

async fn without_effect(bench: &mut Bench<'_>, pool: &Pool) -> Result<(), Failure> {
    let scenario = Scenario {
        what: "delivered, changes nothing",
        beside: "empty",
        target: Target::NONE,
    };
    let product = |count| Round::of(pool.messages(count).iter().map(Message::delivered));
    let loads = Load::both(bench.plan.known);
    bench.compare(scenario, loads, product, empty).await
}
