//! Texts from phones as Nexmo pushes them: parameters, order, signature, and the three ways.

use super::encoding::{Alphabet, parts};
use super::sms::message_id;
use super::{Nexmo, Text};
use crate::client::Outgoing;
use crate::clock::{nexmo_time, now_ms, receipt_time};
use crate::json::Json;
use crate::lock;
use crate::sign::{Method, nexmo_signature};
use uuid::Uuid;

/// The account's HTTP method for inbound texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Via {
    /// In the query.
    #[default]
    Get,
    /// A form body.
    Form,
    /// A JSON body ("POST-JSON").
    Json,
    /// A JSON body without any `Content-Type`, as once captured.
    BareJson,
}

/// A text that someone sends from a phone.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// Digits.
    pub phone: String,
    /// One of the account's numbers.
    pub number: String,
    /// Cut into parts when it is too long for one.
    pub text: String,
    /// How it is pushed.
    pub via: Via,
    /// How it is signed, if the account signs.
    pub signed: Option<(Method, String)>,
    /// Parts leave in another order, the first one last.
    pub shuffle: bool,
    /// No `keyword`, as from some carriers.
    pub no_keyword: bool,
    /// No `api-key`, as in older captures.
    pub no_api_key: bool,
    /// `2020-01-01T12:00:00.000+00:00` instead of `2020-01-01 12:00:00`.
    pub iso_time: bool,
    /// `message-timestamp` in milliseconds since 1970; now if not set.
    pub at_ms: Option<i64>,
}

impl Reply {
    /// From a phone to a number, by GET, not signed.
    #[must_use]
    pub fn new(phone: &str, number: &str, text: &str) -> Self {
        Self {
            phone: phone.to_owned(),
            number: number.to_owned(),
            text: text.to_owned(),
            ..Self::default()
        }
    }

    /// The same in another way.
    #[must_use]
    pub fn via(self, via: Via) -> Self {
        Self { via, ..self }
    }

    /// The same, signed.
    #[must_use]
    pub fn signed(self, method: Method, secret: &str) -> Self {
        Self {
            signed: Some((method, secret.to_owned())),
            ..self
        }
    }
}

/// One push: a text, a part of one, or a delivery receipt.
#[derive(Clone, Debug)]
pub struct Inbound {
    /// In the order of the captures.
    pub params: Vec<(String, String)>,
    /// How it is pushed.
    pub via: Via,
}

impl Inbound {
    /// The first parameter of this name.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }

    /// Replaces, or adds at the end, a parameter; a signature is not renewed.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        match self.params.iter_mut().find(|(found, _)| found == name) {
            Some((_, old)) => value.clone_into(old),
            None => self.params.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    /// Signs anew: `timestamp`, `nonce` and `sig` at the end.
    #[must_use]
    pub fn sign(mut self, method: Method, secret: &str) -> Self {
        self.params
            .retain(|(name, _)| !matches!(name.as_str(), "timestamp" | "nonce" | "sig"));
        self = self.with("timestamp", &(now_ms() / 1000).to_string());
        self = self.with("nonce", &Uuid::new_v4().to_string());
        let sig = nexmo_signature(method, secret, &self.params);
        self.with("sig", &sig)
    }

    /// The request that pushes it to this address.
    #[must_use]
    pub fn request(&self, url: &str) -> Outgoing {
        match self.via {
            Via::Get => {
                let mark = if url.contains('?') { '&' } else { '?' };
                let agent = "Apache-HttpAsyncClient/4.1 (Java/1.8.0_66)";
                Outgoing {
                    method: "GET".to_owned(),
                    url: format!("{url}{mark}{}", self.form()),
                    headers: vec![("user-agent".to_owned(), agent.to_owned())],
                    body: String::new(),
                }
            }
            Via::Form => {
                let media_type = "application/x-www-form-urlencoded; charset=UTF-8";
                post(url, Some(media_type), self.form())
            }
            Via::Json => post(url, Some("application/json"), self.json()),
            Via::BareJson => post(url, None, self.json()),
        }
    }

    fn form(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.params)
            .finish()
    }

    fn json(&self) -> String {
        let members = self
            .params
            .iter()
            .map(|(name, value)| (name.clone(), value.as_str().into()));
        Json::Map(members.collect()).text()
    }
}

fn post(url: &str, media_type: Option<&str>, body: String) -> Outgoing {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut headers = vec![header("user-agent", "Jakarta Commons-HttpClient/3.1")];
    headers.extend(media_type.map(|media_type| header("content-type", media_type)));
    Outgoing {
        method: "POST".to_owned(),
        url: url.to_owned(),
        headers,
        body,
    }
}

/// A reply's `keyword`: the first word, upper-cased.
fn keyword(text: &str) -> String {
    text.split_whitespace()
        .next()
        .unwrap_or_default()
        .to_uppercase()
}

/// A reply's `message-timestamp`.
fn timestamp(reply: &Reply) -> String {
    let at = nexmo_time(reply.at_ms.unwrap_or_else(now_ms));
    if reply.iso_time {
        format!("{}.000+00:00", at.replace(' ', "T"))
    } else {
        at
    }
}

impl Nexmo {
    /// The pushes that a text from a phone becomes, in the order in which they leave.
    #[must_use]
    pub fn inbound(&self, reply: &Reply) -> Vec<Inbound> {
        let alphabet = Alphabet::of(&reply.text);
        let texts = parts(&reply.text, alphabet);
        let reference = self.reference();
        let total = texts.len();
        let numbered = texts.into_iter().zip(1_usize..);
        let mut pushes: Vec<_> = numbered
            .map(|(text, part)| {
                let concat = (total > 1).then_some((reference, total, part));
                self.part(reply, &text, alphabet, concat)
            })
            .collect();
        if reply.shuffle {
            pushes.reverse();
            let middle = pushes.len() / 3;
            if let Some(rest) = pushes.split_last_mut().map(|(_, rest)| rest) {
                rest.rotate_left(middle.min(rest.len()));
            }
        }
        pushes
    }

    /// The UDH's number of a long text: small, and used again after a while.
    fn reference(&self) -> u8 {
        let mut state = lock(&self.shared.state);
        state.references = state.references.wrapping_add(1);
        state.references
    }

    fn part(
        &self,
        reply: &Reply,
        text: &str,
        alphabet: Alphabet,
        concat: Option<(u8, usize, usize)>,
    ) -> Inbound {
        let mut params = Vec::new();
        let mut add = |name: &str, value: &str| params.push((name.to_owned(), value.to_owned()));
        add("msisdn", &reply.phone);
        add("to", &reply.number);
        add("messageId", &message_id(false));
        if let Some((reference, total, part)) = concat {
            add("concat", "true");
            add("concat-ref", &reference.to_string());
            add("concat-total", &total.to_string());
            add("concat-part", &part.to_string());
        }
        add("text", text);
        add("type", alphabet.name());
        if !reply.no_keyword {
            add("keyword", &keyword(text));
        }
        if !reply.no_api_key {
            add("api-key", &self.shared.options.key);
        }
        add("message-timestamp", &timestamp(reply));
        let inbound = Inbound {
            params,
            via: reply.via,
        };
        match &reply.signed {
            Some((method, secret)) => inbound.sign(*method, secret),
            None => inbound,
        }
    }

    /// The delivery receipts of a text, one for each part (`status`: `delivered`, `failed` …).
    #[must_use]
    pub fn receipts(&self, text: &Text, status: &str, err_code: &str, via: Via) -> Vec<Inbound> {
        let one = |id: &String| {
            let mut params = Vec::new();
            let mut add =
                |name: &str, value: &str| params.push((name.to_owned(), value.to_owned()));
            add("msisdn", &text.phone);
            add("to", &text.number);
            add("network-code", "310004");
            add("messageId", id);
            add("price", "0.03330000");
            add("status", status);
            add("scts", &receipt_time(now_ms()));
            add("err-code", err_code);
            add("api-key", &self.shared.options.key);
            if let Some(reference) = &text.client_ref {
                add("client-ref", reference);
            }
            add("message-timestamp", &nexmo_time(now_ms()));
            Inbound { params, via }
        };
        text.message_ids.iter().map(one).collect()
    }
}
