//! Whether the services that this one needs are well: asked by an operator, and once an hour.

use texting::{
    health::{Checkup, HealthReport},
    settings::Settings,
};
use worker::Env;

use crate::platform::{clock::now, kv::KvNamespace, log::log, outbound::Internet};

/// Asks every service.
pub async fn run(env: &Env, settings: &Settings) -> HealthReport {
    let checkup = Checkup {
        effects: &Internet,
        kv: &KvNamespace::new(env),
        now,
        settings,
    };
    checkup.run().await
}

/// Asks every service, and logs what is not well.
pub async fn log_troubles(env: &Env, settings: &Settings) {
    for entry in run(env, settings).await.entries() {
        log(&entry);
    }
}
