//! One user with few and with many waiting notices: each message is read at once, so that their
//! number stays.

use uuid::Uuid;

use super::Bench;
use crate::{
    Failure,
    bodies::{Message, row},
    client::{self, Job},
    plan::CONNECTIONS,
    report::{Row, Target},
    rounds::{Round, Side, alternate},
};

const FEW: usize = 10;

/// A user, and the one conversation that everybody writes to them in.
struct Hot {
    user: [String; 1],
    conversation: Uuid,
}

impl Hot {
    fn message(&self) -> Message {
        Message::new(self.conversation, &self.user)
    }

    /// A user for whom so many notices wait.
    async fn with(bench: &Bench<'_>, waiting: usize) -> Result<Self, Failure> {
        let hot = Self {
            user: [format!("hot-{waiting}")],
            conversation: Uuid::new_v4(),
        };
        let jobs: Vec<_> = (0..waiting).map(|_| vec![hot.message().sent()]).collect();
        client::run(bench.product.address, 8, jobs).await?;
        Ok(hot)
    }

    /// Messages, each followed by its receipt.
    fn round(&self, count: usize) -> Round {
        let pair = |_| {
            let message = self.message();
            vec![message.sent(), message.read()]
        };
        Round {
            before: Vec::new(),
            measured: (0..count / 2).map(pair).collect(),
        }
    }
}

fn rows(count: usize) -> Round {
    Round::of((0..count).map(|_| -> Job { row("hot") }))
}

/// The hot user with many notices, beside the one with few, beside one object of the floor's.
pub async fn measure(bench: &mut Bench<'_>) -> Result<(), Failure> {
    let waiting = bench.plan.waiting;
    let (few, many) = (
        Hot::with(bench, FEW).await?,
        Hot::with(bench, waiting).await?,
    );
    for (connections, count) in CONNECTIONS.into_iter().zip(bench.plan.known) {
        let sides = [
            Side::new(bench.product, || many.round(count)),
            Side::new(bench.product, || few.round(count)),
            Side::new(bench.floor, || rows(count)),
        ];
        let [many, few, rows] = alternate(bench.plan.rounds, connections, sides).await?;
        let row = Row::new(&format!("hot user, {waiting} waiting"), connections, &many);
        bench
            .report
            .add(row.beside(("hot user, 10 waiting", &many, &few), Target::HOT));
        let row = Row::new("hot user, 10 waiting", connections, &few);
        bench
            .report
            .add(row.beside(("row, one object", &few, &rows), Target::NONE));
    }
    Ok(())
}
