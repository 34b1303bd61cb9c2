//! Webhooks of one recipient each.

use std::iter::repeat_with;

use uuid::Uuid;

use super::{Bench, empty};
use crate::{
    Failure,
    bodies::{Message, row},
    client::Job,
    report::Target,
    rounds::Round,
};

/// Users, each with a conversation of their own, who come up in turn.
const POOL: usize = 200;

/// A user that nobody has heard of.
fn anybody() -> String {
    format!("user-{}", Uuid::new_v4())
}

/// Users with a conversation each.
struct Pool(Vec<(String, Uuid)>);

impl Pool {
    fn new() -> Self {
        Self(
            repeat_with(|| (anybody(), Uuid::new_v4()))
                .take(POOL)
                .collect(),
        )
    }

    fn messages(&self, count: usize) -> Vec<Message> {
        let users = self.0.iter().cycle().take(count);
        users
            .map(|(user, conversation)| Message::new(*conversation, std::slice::from_ref(user)))
            .collect()
    }

    /// A message to each of them, which also keeps their objects awake.
    fn everybody(&self) -> Vec<Message> {
        self.messages(POOL)
    }

    /// The floor's rows for as many objects.
    fn rows(&self, count: usize) -> Round {
        let row = |(user, _): &(String, Uuid)| row(user);
        let round = Round::of(self.0.iter().cycle().take(count).map(row));
        round.after(self.0.iter().map(row))
    }
}

fn sent(messages: &[Message]) -> impl Iterator<Item = Job> {
    messages.iter().map(Message::sent)
}

/// Users never seen.
pub async fn new(bench: &mut Bench<'_>) -> Result<(), Failure> {
    let product = |count| {
        let message = |_| Message::new(Uuid::new_v4(), &[anybody()]).sent();
        Round::of((0..count).map(message))
    };
    let floor = |count| Round::of((0..count).map(|_| row(&anybody())));
    let about = ("message, new user", "row, new object", Target::NEW);
    bench.compare(about, bench.plan.new, product, floor).await
}

/// Users seen before, and what follows a message.
pub async fn known(bench: &mut Bench<'_>) -> Result<(), Failure> {
    let pool = Pool::new();
    let counts = bench.plan.known;
    let about = |what, target| (what, "row, known object", target);
    let product = |count| Round::of(sent(&pool.messages(count))).after(sent(&pool.everybody()));
    let floor = |count| pool.rows(count);
    bench
        .compare(
            about("message, known user", Target::KNOWN),
            counts,
            product,
            floor,
        )
        .await?;

    let product = |count| {
        let messages = pool.messages(count);
        Round::of(messages.iter().map(Message::read)).after(sent(&messages))
    };
    bench
        .compare(
            about("receipt that cancels", Target::NONE),
            counts,
            product,
            floor,
        )
        .await?;

    let product = |count| {
        let messages = pool.everybody();
        let again = messages.iter().cycle().take(count).map(Message::sent);
        Round::of(again).after(sent(&messages))
    };
    bench
        .compare(about("duplicate", Target::NONE), counts, product, floor)
        .await?;

    let product = |count| Round::of(pool.messages(count).iter().map(Message::delivered));
    let about = ("delivered, changes nothing", "empty", Target::NONE);
    bench.compare(about, counts, product, empty).await
}
