//! One user with few and with many waiting notices. Each message is read at once, so that the number
//! of waiting notices stays the same.

use uuid::Uuid;

use super::bench::Bench;
use crate::{
    Failure,
    bodies::{Message, row},
    client,
    plan::Load,
    report::{Row, Target},
    rounds::{Round, Side, alternate},
};

const FEW: usize = 10;

/// A user, and the conversation that all messages are in.
struct HotUser {
    user: [String; 1],
    conversation: Uuid,
}

impl HotUser {
    /// Makes a user for whom so many notices wait, in each build.
    async fn with(bench: &Bench<'_>, waiting: usize) -> Result<Self, Failure> {
        let hot = Self {
            user: [format!("hot-{waiting}")],
            conversation: Uuid::new_v4(),
        };
        for worker in bench.builds() {
            let jobs: Vec<_> = (0..waiting).map(|_| vec![hot.message().sent()]).collect();
            client::run(worker.address, 8, jobs).await?;
        }
        Ok(hot)
    }

    fn message(&self) -> Message {
        Message::new(self.conversation, &self.user)
    }

    /// Messages, each followed by its receipt.
    fn round(&self, requests: usize) -> Round {
        let pair = |_| {
            let message = self.message();
            vec![message.sent(), message.read()]
        };
        Round {
            preparation: Vec::new(),
            measured: (0..requests / 2).map(pair).collect(),
        }
    }
}

fn rows(count: usize) -> Round {
    Round::of((0..count).map(|_| row("hot")))
}

/// Measures many waiting notices beside few, and few beside one object of the floor.
pub async fn measure(bench: &mut Bench<'_>) -> Result<(), Failure> {
    let waiting = bench.plan.waiting;
    let few = HotUser::with(bench, FEW).await?;
    let many = HotUser::with(bench, waiting).await?;
    for Load {
        connections,
        requests,
    } in Load::both(bench.plan.known)
    {
        let sides = [
            bench.product(|| many.round(requests)),
            bench.product(|| few.round(requests)),
            Side::new(bench.floor, || rows(requests)),
        ];
        let [many, few, rows] = alternate(bench.plan.rounds, connections, sides).await?;
        let row = Row::new(&format!("hot user, {waiting} waiting"), connections, &many);
        let row = row.beside("hot user, 10 waiting", &few, Target::HOT);
        bench.report.add(row);
        let row = Row::new("hot user, 10 waiting", connections, &few);
        let row = row.beside("row, one object", &rows, Target::NONE);
        bench.report.add(row);
    }
    Ok(())
}
