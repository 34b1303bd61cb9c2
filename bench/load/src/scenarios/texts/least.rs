//! The floor, as far as a text goes.

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

/// What the floor does for a text.
#[derive(Clone, Copy, Debug)]
pub enum Care {
    /// It reads a row, makes one request and deletes the row.
    None,
    /// It asks as much and stores as often as a text needs that is not sent in vain, lost or doubled.
    Full,
}

/// The floor, and a stand-in of Nexmo for its texts.
pub struct Least {
    care: Care,
    nexmo: Nexmo,
    worker: Worker,
    delay: Duration,
}

impl Least {
    /// Starts both. Texts are due after `delay`.
    pub async fn start(care: Care, delay: Duration) -> Result<Self, Failure> {
        let nexmo = Nexmo::start(nexmo_options()).await?;
        let url = nexmo.url();
        let settings = json!({
            "TEXTS": format!("{url}/sms/json"),
            "ASKED": format!("{url}/account/get-balance?api_key={NEXMO_KEY}&api_secret={NEXMO_SECRET}"),
        });
        let worker = Worker::start(Path::new(FLOOR), free_address()?, &settings).await?;
        Ok(Self {
            care,
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
        let kind = match self.care {
            Care::None => "text",
            Care::Full => "careful",
        };
        let path = format!("/{kind}?name={kind}-{user}&in={}", self.delay.as_millis());
        Ok(Job::post(&path, text))
    }
}
