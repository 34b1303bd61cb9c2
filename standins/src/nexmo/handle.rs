//! The handle of a running Nexmo, its options and its state.

use super::limits::Limits;
use super::model::{Number, Push, Receipts, RetryRule, Text};
use crate::http::{Server, TimedOut, Traffic};
use crate::lock::lock;
use crate::sign::SigningKey;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How a Nexmo stand-in is set up.
#[derive(Clone, Debug)]
pub struct NexmoOptions {
    /// The account's API key.
    pub key: String,
    /// The account's API secret.
    pub secret: String,
    /// The account's numbers, in the order of the API.
    pub numbers: Vec<Number>,
    /// 0: any free port.
    pub port: u16,
    /// The account's balance in euros.
    pub balance: f64,
    /// Key of signed requests (`sig`), if the account has one.
    pub signature: Option<SigningKey>,
    /// `message-count` as a number instead of a string.
    pub integer_count: bool,
    /// Message ids are UUIDs instead of 16 hex digits.
    pub uuid_ids: bool,
    /// Limits texts to 30 a second, and to one a second for each US or CA number.
    pub throughput: bool,
    /// Limits the account and number API to one request a second.
    pub account_limit: bool,
    /// Which responses to an inbound text are followed by a retry.
    pub retry_rule: RetryRule,
    /// Multiplies the waits between an inbound text's retries.
    pub retry_scale: f64,
    /// Seed of the faults' probabilities.
    pub seed: u64,
}

impl Default for NexmoOptions {
    fn default() -> Self {
        Self {
            key: "abcd1234".to_owned(),
            secret: "abcdef0123456789".to_owned(),
            numbers: Vec::new(),
            port: 0,
            balance: 1_000_000.0,
            signature: None,
            integer_count: false,
            uuid_ids: false,
            throughput: false,
            account_limit: false,
            retry_rule: RetryRule::default(),
            retry_scale: 1.0,
            seed: 1,
        }
    }
}

/// Everything that Nexmo stores.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) numbers: Vec<Number>,
    pub(crate) texts: Vec<Text>,
    pub(crate) pushes: Vec<Push>,
    /// The phones that get status 7.
    pub(crate) barred: BTreeSet<String>,
    /// The only phones that may be texted; `None`: all phones.
    pub(crate) whitelist: Option<BTreeSet<String>>,
    pub(crate) balance: f64,
    /// The account's URL for inbound texts.
    pub(crate) mo_callback: Option<String>,
    /// The account's URL for delivery receipts.
    pub(crate) dr_callback: Option<String>,
    /// The receipts that are pushed without being asked for; `None`: none.
    pub(crate) receipts: Option<Receipts>,
    pub(crate) limits: Limits,
    /// The last `concat-ref` of a long inbound text.
    pub(crate) references: u8,
}

/// What the handles, the server and the tasks share.
pub(crate) struct Shared {
    pub(crate) options: NexmoOptions,
    pub(crate) traffic: Traffic,
    pub(crate) state: Mutex<State>,
}

/// A running Nexmo; dropping the last clone stops it.
#[derive(Clone)]
pub struct Nexmo {
    pub(crate) shared: Arc<Shared>,
    pub(crate) server: Arc<Server>,
}

impl Nexmo {
    /// `http://127.0.0.1:<port>`.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The requests that it received, and its faults.
    #[must_use]
    pub fn traffic(&self) -> &Traffic {
        &self.shared.traffic
    }

    /// The texts accepted so far, in order.
    #[must_use]
    pub fn texts(&self) -> Vec<Text> {
        lock(&self.shared.state).texts.clone()
    }

    /// Waits until the texts accepted so far meet the condition, and returns them.
    ///
    /// # Errors
    /// The condition was not met within the limit.
    pub async fn wait_for(
        &self,
        limit: Duration,
        condition: impl Fn(&[Text]) -> bool,
    ) -> Result<Vec<Text>, TimedOut> {
        let ask = || {
            let state = lock(&self.shared.state);
            condition(&state.texts).then(|| state.texts.clone())
        };
        self.shared.traffic.until(limit, ask).await
    }

    /// The account's numbers.
    #[must_use]
    pub fn numbers(&self) -> Vec<Number> {
        lock(&self.shared.state).numbers.clone()
    }

    /// Sets a number's URL for inbound texts, without the API's probe.
    pub fn set_mo_http_url(&self, number: &str, url: Option<&str>) {
        let mut state = lock(&self.shared.state);
        for found in state
            .numbers
            .iter_mut()
            .filter(|found| found.msisdn == number)
        {
            found.mo_http_url = url.map(ToOwned::to_owned);
        }
    }

    /// Bars a phone (status 7), or lifts the bar.
    pub fn bar(&self, phone: &str, barred: bool) {
        let phones = &mut lock(&self.shared.state).barred;
        if barred {
            phones.insert(phone.to_owned());
        } else {
            phones.remove(phone);
        }
    }

    /// Restricts texts to these phones, as in a demo account (status 29); `None`: no restriction.
    pub fn set_whitelist(&self, phones: Option<&[&str]>) {
        let phones = phones.map(|phones| phones.iter().map(|phone| (*phone).to_owned()).collect());
        lock(&self.shared.state).whitelist = phones;
    }

    /// From now on, receipts of texts are pushed like this; by default, and with `None`, none are.
    pub fn receipts(&self, receipts: impl Into<Option<Receipts>>) {
        lock(&self.shared.state).receipts = receipts.into();
    }

    /// Sets the balance, in euros; with 0 every text gets status 9.
    pub fn set_balance(&self, balance: f64) {
        lock(&self.shared.state).balance = balance;
    }
}
