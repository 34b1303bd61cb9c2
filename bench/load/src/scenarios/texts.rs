//! Many users' notices due at once, and the replies to the texts.

use std::time::Duration;

use serde_json::Value;
use standins::{
    Layer, LayerOptions, NewConversation, Nexmo, NexmoOptions, Number, Reply, User, Version,
    layer_signature,
};
use tokio::time::{Instant, sleep, sleep_until};

use super::{empty, settings};
use crate::{
    Failure,
    bodies::{SECRET, SENDER, row},
    client::{self, Job, Sample},
    plan::{CONNECTIONS, Plan},
    process::{Worker, free_address},
    report::{Report, Row, Target},
    rounds::{Round, Side},
    statistics::percentile,
};

const NUMBERS: [&str; 3] = ["12025550101", "12025550102", "12025550103"];
/// Long enough for all webhooks to be accepted before the first notice is due.
const DELAY: Duration = Duration::from_secs(30);
const PATIENCE: Duration = Duration::from_secs(300);

/// The product between stand-ins.
struct Town {
    layer: Layer,
    nexmo: Nexmo,
    worker: Worker,
    people: usize,
}

/// Both, in one installation: the second needs the links that the first makes.
pub async fn measure(plan: Plan, report: &mut Report, floor: &Worker) -> Result<(), Failure> {
    let town = Town::settle(plan.due).await?;
    let sample = town.due_at_once().await?;
    report.add(Row::new(
        &format!("{} notices due at once, until each text", plan.due),
        0,
        &[sample],
    ));
    town.replies(plan, report, floor).await
}

fn person(index: usize) -> String {
    format!("person-{index}")
}

fn phone(index: usize) -> String {
    format!("1555{index:07}")
}

impl Town {
    async fn settle(people: usize) -> Result<Self, Failure> {
        let address = free_address()?;
        let (layer, nexmo) = stand_in_options(&settings(address, ("", ""), ""))?;
        let (layer, nexmo) = (Layer::start(layer).await?, Nexmo::start(nexmo).await?);
        // The Worker gets the events from here, at a pace that is measured.
        layer.call_webhooks(false);
        layer.create_user(User::new(SENDER, "Alice", "15550101010"));
        for index in 0..people {
            layer.create_user(User::new(&person(index), "Somebody", &phone(index)));
        }
        let delay = DELAY.as_millis().to_string();
        let settings = settings(address, (&layer.url(), &nexmo.url()), &delay);
        let worker = Worker::start("build", address, &settings).await?;
        let setup = Job::post("/admin/setup", String::new());
        client::ask(
            address,
            setup.with("authorization", "Bearer bench-admin-token".to_owned()),
        )
        .await?;
        Ok(Self {
            layer,
            nexmo,
            worker,
            people,
        })
    }

    /// One message to each person, as a webhook.
    fn message(&self, index: usize) -> Result<Job, Failure> {
        let who = person(index);
        let conversation = self
            .layer
            .create_conversation(NewConversation::of(&[SENDER, &who]))?;
        let sent = self.layer.say(&conversation, SENDER, "Are you there?")?;
        let body = sent.event.body(Version::V1_0, None);
        let signature = layer_signature(SECRET, &body);
        Ok(Job::post("/nexmo-new-message", body).with("layer-webhook-signature", signature))
    }

    /// The Worker stands still until all are due; from then on, how long until each text.
    async fn due_at_once(&self) -> Result<Sample, Failure> {
        let jobs: Vec<_> = (0..self.people)
            .map(|index| self.message(index))
            .collect::<Result<_, _>>()?;
        let began = Instant::now();
        client::run(
            self.worker.address,
            32,
            jobs.into_iter().map(|job| vec![job]).collect(),
        )
        .await?;
        let stored = Instant::now();
        if stored - began >= DELAY {
            return Err("some notices were due before all were stored".into());
        }
        self.worker.pause(true)?;
        sleep_until(stored + DELAY + Duration::from_millis(100)).await;
        self.worker.pause(false)?;
        let (start, begun) = (Instant::now(), self.worker.cpu());
        let texts = self
            .nexmo
            .wait_for(PATIENCE, |texts| texts.len() >= self.people)
            .await?;
        let whole = start.elapsed().as_secs_f64();
        let cpu = self.worker.cpu() - begun;
        let mut times: Vec<_> = texts
            .iter()
            .map(|text| (text.at - start).as_secs_f64() * 1_000.0)
            .collect();
        times.sort_by(f64::total_cmp);
        let at = |per_cent| percentile(&times, per_cent);
        let count = f64::from(u32::try_from(self.people)?);
        Ok(Sample {
            rate: count / whole,
            p50: at(50),
            p95: at(95),
            p99: at(99),
            worst: at(100),
            cpu: cpu / count,
        })
    }

    async fn replies(
        &self,
        plan: Plan,
        report: &mut Report,
        floor: &Worker,
    ) -> Result<(), Failure> {
        for (connections, count) in CONNECTIONS.into_iter().zip(plan.known) {
            let rows = |index: usize| row(&person(index % self.people));
            let mut row_side = Side::new(floor, || Round::of((0..count).map(rows)));
            let mut empty_side = Side::new(floor, || empty(count));
            let [mut taken, mut posted, mut stored, mut nothing] = [const { Vec::new() }; 4];
            for _ in 0..=plan.rounds {
                let [accepted, arrived] = self.replies_round(connections, count).await?;
                taken.push(accepted);
                posted.push(arrived);
                stored.push(row_side.play(connections).await?);
                nothing.push(empty_side.play(connections).await?);
            }
            let [taken, posted, stored, nothing] = [&taken, &posted, &stored, &nothing]
                .map(|samples| samples.get(1..).unwrap_or_default());
            let row = Row::new("reply, accepted", connections, taken);
            let beside = ("row, known object", taken, stored);
            report.add(row.beside(beside, Target::NONE).empty(nothing));
            report.add(Row::new("reply, posted to Layer", connections, posted));
        }
        Ok(())
    }

    /// So many replies: how they were accepted, and when the last of them was in its conversation.
    async fn replies_round(
        &self,
        connections: usize,
        count: usize,
    ) -> Result<[Sample; 2], Failure> {
        let numbers = self.nexmo.numbers();
        let address = numbers.iter().find_map(|number| number.mo_http_url.clone());
        let address = address.ok_or("no number has an address for its texts")?;
        let jobs: Result<Vec<_>, _> = (0..count)
            .map(|index| self.reply(index % self.people, &address))
            .collect();
        self.layer.traffic().forget_requests();
        let (start, begun) = (Instant::now(), self.worker.cpu());
        let taken = client::run(self.worker.address, connections, jobs?).await?;
        while self.layer.traffic().count("/messages") < count {
            if start.elapsed() > PATIENCE {
                return Err("some replies were never posted".into());
            }
            sleep(Duration::from_millis(5)).await;
        }
        let answered = f64::from(u32::try_from(count)?);
        let whole = start.elapsed().as_secs_f64() * 1_000.0;
        Ok([
            taken,
            Sample {
                rate: answered / (whole / 1_000.0),
                worst: whole,
                cpu: (self.worker.cpu() - begun) / answered,
                ..Sample::default()
            },
        ])
    }

    fn reply(&self, index: usize, address: &str) -> Result<Vec<Job>, Failure> {
        let number = NUMBERS.first().copied().unwrap_or_default();
        let reply = Reply::new(&phone(index), number, "On my way, five minutes.");
        let pushes = self.nexmo.inbound(&reply);
        let paths = pushes.iter().map(|push| {
            let url = push.request(address).url;
            let path = url.splitn(4, '/').last().unwrap_or_default();
            Job::get(&format!("/{path}"))
        });
        Ok(paths.collect())
    }
}

fn stand_in_options(settings: &Value) -> Result<(LayerOptions, NexmoOptions), Failure> {
    let text = |name: &str| {
        let value = settings.get(name).and_then(Value::as_str);
        value.map(str::to_owned).ok_or_else(|| format!("no {name}"))
    };
    let layer = LayerOptions {
        app_id: text("LAYER_APP_ID")?,
        token: text("LAYER_BEARER_TOKEN")?,
        ..LayerOptions::default()
    };
    let nexmo = NexmoOptions {
        key: text("NEXMO_KEY")?,
        secret: text("NEXMO_SECRET")?,
        numbers: NUMBERS
            .iter()
            .map(|number| Number::new(number, "GB"))
            .collect(),
        ..NexmoOptions::default()
    };
    Ok((layer, nexmo))
}
