//! Nexmo's data: numbers, texts, and pushes of inbound texts and receipts.

use super::encoding::Alphabet;
use super::phones::Inbound;
use crate::http::{Answer, Attempt};
use crate::sign::SigningKey;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// One of the account's numbers.
#[derive(Clone, Debug)]
pub struct Number {
    /// Digits only.
    pub msisdn: String,
    /// `US`, `GB` …; US and CA numbers may send one text a second.
    pub country: String,
    /// The URL that inbound texts are pushed to; `None`: the account's own, if it has one.
    pub mo_http_url: Option<String>,
    /// `SMS`, `VOICE` …
    pub features: Vec<String>,
    /// `app_id`, `voiceCallbackType` …; an update removes those that it omits.
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

    pub(crate) fn is_north_american(&self) -> bool {
        matches!(self.country.as_str(), "US" | "CA")
    }
}

/// A text that Nexmo accepted.
#[derive(Clone, Debug)]
pub struct Text {
    /// The request's `to`.
    pub phone: String,
    /// The request's `from`.
    pub number: String,
    /// As received: with `type=text`, `?` for characters that GSM 03.38 lacks.
    pub text: String,
    /// The request's `type`.
    pub alphabet: Alphabet,
    /// The number of parts that were sent.
    pub parts: usize,
    /// One for each part.
    pub message_ids: Vec<String>,
    /// The request's `client-ref`.
    pub client_ref: Option<String>,
    /// The request's `callback`.
    pub callback: Option<String>,
    /// The request's `status-report-req`.
    pub wants_receipts: bool,
    /// The `err-code` of its receipts, if they are to say that the phone did not get it.
    pub undelivered: Option<u16>,
    /// When it was accepted.
    pub at: Instant,
    /// The same, in milliseconds since 1970.
    pub at_ms: i64,
}

/// How inbound texts and receipts are pushed: the account's HTTP method.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Via {
    /// A GET with a query.
    #[default]
    Get,
    /// A POST with a form.
    Form,
    /// A POST with JSON ("POST-JSON").
    Json,
    /// A POST with JSON and without `Content-Type`, as captured once.
    BareJson,
}

/// The receipts that Nexmo pushes of each text. By default each of its parts is `accepted`, then `delivered`.
#[derive(Clone, Debug, Default)]
pub struct Receipts {
    /// When.
    pub time: ReceiptTime,
    /// How.
    pub via: Via,
    /// How they are signed, if at all.
    pub signed: Option<SigningKey>,
    /// The phones that texts do not reach, and the `err-code` that says why.
    pub failing: BTreeMap<String, u16>,
    /// Whether each is pushed twice.
    pub twice: bool,
    /// Whether those of a part come in the wrong order.
    pub reversed: bool,
}

/// When receipts are pushed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReceiptTime {
    /// At once, each part's at their own pace: they may overtake the response to the text.
    #[default]
    AtOnce,
    /// The response to the text waits until all of them have had one attempt.
    BeforeResponse,
    /// After this time.
    Late(Duration),
}

/// Which responses are followed by a retry; both rules give up after 24 hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RetryRule {
    /// 429, 5xx and no response: after 5 s, doubling up to 15 min. Other 4xx are final.
    #[default]
    Current,
    /// Everything but a 2xx: every minute.
    Legacy,
}

impl RetryRule {
    pub(crate) fn retries(self, answer: &Answer) -> bool {
        match (self, answer.status()) {
            (_, None) => true,
            (Self::Current, Some(status)) => status == 429 || status >= 500,
            (Self::Legacy, Some(_)) => !answer.is_success(),
        }
    }

    /// Seconds between this attempt, counted from 0, and the next.
    pub(crate) fn wait(self, attempt: u32) -> f64 {
        match self {
            Self::Current => (5.0 * f64::from(2_u32.saturating_pow(attempt))).min(900.0),
            Self::Legacy => 60.0,
        }
    }
}

/// An inbound text, a part of one, or a delivery receipt, and the attempts to push it.
#[derive(Clone, Debug)]
pub struct Push {
    /// What is pushed.
    pub inbound: Inbound,
    /// Where it is pushed to.
    pub url: String,
    /// In order.
    pub attempts: Vec<Attempt>,
    /// Whether the last attempt has been made.
    pub finished: bool,
}

impl Push {
    /// Whether the last attempt got a 2xx.
    #[must_use]
    pub fn delivered(&self) -> bool {
        self.attempts
            .last()
            .is_some_and(|last| last.answer.is_success())
    }
}
