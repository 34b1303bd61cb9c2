//! The product between stand-ins of Layer and Nexmo.

use std::{net::SocketAddr, path::Path, time::Duration};

use standins::{
    Layer, LayerOptions, NewConversation, Nexmo, NexmoOptions, Number, User, Version,
    layer_signature,
};

use super::{
    super::settings::{
        ADMIN_TOKEN, LAYER_APP_ID, LAYER_TOKEN, NEXMO_KEY, NEXMO_SECRET, NUMBERS, Settings,
    },
    texter::Texter,
};
use crate::{
    Failure,
    bodies::{SECRET, SENDER},
    client,
    job::Job,
    plan::Plan,
    process::{Worker, free_address},
};

/// How long to wait for the last text or reply.
pub const TIMEOUT: Duration = Duration::from_secs(300);

/// A Worker that is set up, its stand-ins, and users with phones.
pub struct Installation {
    /// The stand-in of Layer.
    pub layer: Layer,
    /// The stand-in of Nexmo.
    pub nexmo: Nexmo,
    /// The build under test.
    pub worker: Worker,
    /// Number of users.
    pub users: usize,
    /// Each user's conversation.
    conversations: Vec<String>,
}

/// The id of a user.
pub fn user(index: usize) -> String {
    format!("person-{index}")
}

/// The phone of a user.
pub fn phone(index: usize) -> String {
    format!("1555{index:07}")
}

impl Installation {
    /// Starts the stand-ins and a build, and has the Worker set itself up. There are users for every round.
    pub async fn start(build: &Path, plan: Plan) -> Result<Self, Failure> {
        let users = plan.due * (plan.rounds + 1);
        let layer = layer_with(users).await?;
        let nexmo = Nexmo::start(nexmo_options()).await?;
        let address = free_address()?;
        let settings = Settings {
            layer: layer.url(),
            nexmo: nexmo.url(),
            delay: format!("{} s", plan.delay),
        };
        let settings = settings.of_worker_at(address);
        let worker = Worker::start(build, address, &settings).await?;
        set_up(address).await?;
        let members = (0..users).map(|index| NewConversation::of(&[SENDER, &user(index)]));
        let conversations = members.map(|members| layer.create_conversation(members));
        Ok(Self {
            conversations: conversations.collect::<Result<_, _>>()?,
            layer,
            nexmo,
            worker,
            users,
        })
    }
}

impl Texter for Installation {
    fn worker(&self) -> &Worker {
        &self.worker
    }

    fn nexmo(&self) -> &Nexmo {
        &self.nexmo
    }

    fn job(&self, user: usize) -> Result<Job, Failure> {
        let conversation = self.conversations.get(user).ok_or("no such user")?;
        let sent = self.layer.say(conversation, SENDER, "Are you there?")?;
        let body = sent.event.body(Version::V1_0, None);
        let signature = layer_signature(SECRET, &body);
        Ok(Job::post("/nexmo-new-message", body).with("layer-webhook-signature", signature))
    }
}

async fn layer_with(users: usize) -> Result<Layer, Failure> {
    let layer = Layer::start(LayerOptions {
        app_id: LAYER_APP_ID.to_owned(),
        token: LAYER_TOKEN.to_owned(),
        ..LayerOptions::default()
    });
    let layer = layer.await?;
    // The scenarios send the webhooks, at their own pace.
    layer.call_webhooks(false);
    layer.create_user(User::new(SENDER, "Alice", "15550101010"));
    for index in 0..users {
        layer.create_user(User::new(&user(index), "Somebody", &phone(index)));
    }
    Ok(layer)
}

/// The account and its numbers.
pub fn nexmo_options() -> NexmoOptions {
    NexmoOptions {
        key: NEXMO_KEY.to_owned(),
        secret: NEXMO_SECRET.to_owned(),
        numbers: NUMBERS.map(|number| Number::new(number, "GB")).to_vec(),
        ..NexmoOptions::default()
    }
}

async fn set_up(address: SocketAddr) -> Result<(), Failure> {
    let setup = Job::post("/admin/setup", String::new());
    let setup = setup.with("authorization", format!("Bearer {ADMIN_TOKEN}"));
    client::ask(address, setup).await?;
    Ok(())
}
