//! The product between stand-ins of Layer and Nexmo.

use std::{net::SocketAddr, path::Path, time::Duration};

use standins::{Layer, LayerOptions, Nexmo, NexmoOptions, Number, User};

use super::super::settings::{
    ADMIN_TOKEN, LAYER_APP_ID, LAYER_TOKEN, NEXMO_KEY, NEXMO_SECRET, NUMBERS, Settings,
};
use crate::{
    Failure,
    bodies::SENDER,
    client,
    job::Job,
    process::{PRODUCT, Worker, free_address},
};

/// Long enough for all webhooks to be accepted before the first notice is due.
pub const DELAY: Duration = Duration::from_secs(30);
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
    /// Starts the stand-ins and the Worker, and has the Worker set itself up.
    pub async fn start(users: usize) -> Result<Self, Failure> {
        let layer = layer_with(users).await?;
        let nexmo = Nexmo::start(nexmo_options()).await?;
        let address = free_address()?;
        let settings = Settings {
            layer: layer.url(),
            nexmo: nexmo.url(),
            delay: DELAY.as_millis().to_string(),
        };
        let settings = settings.of_worker_at(address);
        let worker = Worker::start(Path::new(PRODUCT), address, &settings).await?;
        set_up(address).await?;
        Ok(Self {
            layer,
            nexmo,
            worker,
            users,
        })
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

fn nexmo_options() -> NexmoOptions {
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
