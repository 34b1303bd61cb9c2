//! The floor, as far as a text goes: an alarm that reads a row, makes one request and deletes the row.

use std::{path::Path, time::Duration};

use serde_json::json;
use standins::Nexmo;

use super::{
    super::settings::{NEXMO_KEY, NEXMO_SECRET, NUMBERS},
    installation::{nexmo_options, phone},
    texter::Texter,
};
use crate::{
    Failure,
    job::Job,
    process::{FLOOR, Worker, free_address},
};

/// The floor, and a stand-in of Nexmo for its texts.
pub struct Least {
    nexmo: Nexmo,
    worker: Worker,
    delay: Duration,
}

impl Least {
    /// Starts both. Texts are due after `delay`.
    pub async fn start(delay: Duration) -> Result<Self, Failure> {
        let nexmo = Nexmo::start(nexmo_options()).await?;
        let settings = json!({ "TEXTS": format!("{}/sms/json", nexmo.url()) });
        let worker = Worker::start(Path::new(FLOOR), free_address()?, &settings).await?;
        Ok(Self {
            nexmo,
            worker,
            delay,
        })
    }
}

impl Texter for Least {
    fn worker(&self) -> &Worker {
        &self.worker
    }

    fn nexmo(&self) -> &Nexmo {
        &self.nexmo
    }

    fn job(&self, user: usize) -> Result<Job, Failure> {
        let (from, to) = (NUMBERS.first().copied().unwrap_or_default(), phone(user));
        let text = format!(
            "api_key={NEXMO_KEY}&api_secret={NEXMO_SECRET}&from={from}&to={to}&text=Are+you+there%3F"
        );
        let path = format!("/text?name=text-{user}&in={}", self.delay.as_millis());
        Ok(Job::post(&path, text))
    }
}
