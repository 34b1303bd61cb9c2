//! Nexmo: its SMS API, its numbers, and the phones.

mod account;
mod auth;
mod encoding;
mod inbound;
mod limits;
mod push;
mod sms;
#[cfg(test)]
mod tests;

pub use encoding::Alphabet;
pub use inbound::{Inbound, Reply, Via};
pub use push::{Push, RetryRule};

use crate::fault::What;
use crate::lock;
use crate::server::{Answered, Incoming, Server, Site};
use crate::sign::Method;
use crate::traffic::{TimedOut, Traffic};
use limits::Limits;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::Instant;

pub(crate) const JSON: &str = "application/json;charset=UTF-8";

/// One of the account's numbers.
#[derive(Clone, Debug)]
pub struct Number {
    /// Digits only.
    pub msisdn: String,
    /// `US`, `GB` …; US and CA numbers may send one text a second.
    pub country: String,
    /// Where texts to it go; `None`: to the account's own address, if it has one.
    pub mo_http_url: Option<String>,
    /// `SMS`, `VOICE` …
    pub features: Vec<String>,
    /// `app_id`, `voiceCallbackType` … : an update that omits one removes it.
    pub extra: BTreeMap<String, String>,
}

impl Number {
    /// A number for texts and calls.
    #[must_use]
    pub fn new(msisdn: &str, country: &str) -> Self {
        Self {
            msisdn: msisdn.to_owned(),
            country: country.to_owned(),
            mo_http_url: None,
            features: vec!["VOICE".to_owned(), "SMS".to_owned()],
            extra: BTreeMap::new(),
        }
    }

    fn is_north_american(&self) -> bool {
        matches!(self.country.as_str(), "US" | "CA")
    }
}

/// How a Nexmo stand-in is set up.
#[derive(Clone, Debug)]
pub struct NexmoOptions {
    /// The account's API key.
    pub key: String,
    /// Its secret.
    pub secret: String,
    /// The account's numbers, in the order in which they are listed.
    pub numbers: Vec<Number>,
    /// 0: any free one.
    pub port: u16,
    /// Euros.
    pub balance: f64,
    /// Secret of signed requests (`sig`), if the account has one.
    pub signature: Option<(Method, String)>,
    /// `message-count` as a number instead of a string.
    pub integer_count: bool,
    /// Message ids are UUIDs instead of 16 hex digits.
    pub uuid_ids: bool,
    /// 30 texts a second for the key, one a second for each US or CA number.
    pub throughput: bool,
    /// One request a second to the account and number API.
    pub account_limit: bool,
    /// Which answers to an inbound text are followed by a retry.
    pub retry_rule: RetryRule,
    /// Multiplies the waits between an inbound text's retries.
    pub retry_scale: f64,
    /// Seed of the faults' probabilities and of shuffled parts.
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

/// A text that Nexmo accepted.
#[derive(Clone, Debug)]
pub struct Text {
    /// The request's `to`.
    pub phone: String,
    /// The request's `from`.
    pub number: String,
    /// As the phone shows it: in `type=text`, `?` for what GSM 03.38 lacks.
    pub text: String,
    /// The request's `type`.
    pub alphabet: Alphabet,
    /// How many parts were sent.
    pub parts: usize,
    /// One for each part.
    pub message_ids: Vec<String>,
    /// The request's `client-ref`.
    pub client_ref: Option<String>,
    /// When.
    pub at: Instant,
    /// The same in milliseconds since 1970.
    pub at_ms: i64,
}

#[derive(Default)]
struct State {
    numbers: Vec<Number>,
    texts: Vec<Text>,
    pushes: Vec<Push>,
    barred: BTreeSet<String>,
    whitelist: Option<BTreeSet<String>>,
    balance: f64,
    mo_callback: Option<String>,
    dr_callback: Option<String>,
    limits: Limits,
    references: u8,
}

pub(crate) struct Shared {
    options: NexmoOptions,
    traffic: Traffic,
    state: Mutex<State>,
}

/// A running Nexmo; the last clone's end stops it.
#[derive(Clone)]
pub struct Nexmo {
    shared: Arc<Shared>,
    server: Arc<Server>,
}

impl Nexmo {
    /// Starts on loopback.
    ///
    /// # Errors
    /// The port is taken.
    pub async fn start(options: NexmoOptions) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", options.port)).await?;
        let (stop, stopped) = watch::channel(());
        let traffic = Traffic::new(options.seed, stopped);
        let state = State {
            numbers: options.numbers.clone(),
            balance: options.balance,
            ..State::default()
        };
        let shared = Arc::new(Shared {
            options,
            traffic,
            state: Mutex::new(state),
        });
        let server = Arc::new(Server::start(Arc::clone(&shared), listener, stop)?);
        Ok(Self { shared, server })
    }

    /// `http://127.0.0.1:<port>`.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The requests it got, and its faults.
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
    /// They did not within the limit.
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

    /// The account's numbers as they are now.
    #[must_use]
    pub fn numbers(&self) -> Vec<Number> {
        lock(&self.shared.state).numbers.clone()
    }

    /// Points a number's texts somewhere, without the probe that the API makes.
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

    /// Bars a phone (status 7), or no longer.
    pub fn bar(&self, phone: &str, barred: bool) {
        let phones = &mut lock(&self.shared.state).barred;
        if barred {
            phones.insert(phone.to_owned());
        } else {
            phones.remove(phone);
        }
    }

    /// Only these phones may be texted, as in a demo account (status 29); `None`: all.
    pub fn set_whitelist(&self, phones: Option<&[&str]>) {
        let phones = phones.map(|phones| phones.iter().map(|phone| (*phone).to_owned()).collect());
        lock(&self.shared.state).whitelist = phones;
    }

    /// Euros; at nought every text gets status 9.
    pub fn set_balance(&self, balance: f64) {
        lock(&self.shared.state).balance = balance;
    }
}

impl Site for Arc<Shared> {
    fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    fn parties(&self, incoming: &Incoming) -> (Option<String>, Option<String>) {
        if incoming.path != "/sms/json" {
            return (None, None);
        }
        let mut params = auth::params(incoming);
        (params.remove("to"), params.remove("from"))
    }

    async fn answer(&self, incoming: Incoming, partial: bool) -> Answered {
        match (incoming.method.as_str(), incoming.path.as_str()) {
            ("POST", "/sms/json") => sms::submit(self, &incoming, partial),
            ("GET", "/account/numbers") => account::numbers(self, &incoming),
            ("POST", "/number/update") => account::update(self, &incoming).await,
            ("GET", "/account/get-balance") => account::balance(self, &incoming),
            ("POST", "/account/settings") => account::settings(self, &incoming).await,
            _ => Answered::new(
                404,
                "text/html",
                "<html><body>Not Found</body></html>".to_owned(),
            ),
        }
    }

    fn broken(&self, what: &What) -> Answered {
        match what {
            What::Status(status, body) => Answered::new(*status, JSON, body.clone()),
            What::NexmoStatus(status, text) => {
                sms::refusal(*status, text, self.options.integer_count)
            }
            _ => sms::refusal(1, limits::WAIT, self.options.integer_count),
        }
    }
}
