//! Inbound texts and delivery receipts as Nexmo pushes them: parameters, signature and HTTP method.

use crate::clock::now_ms;
use crate::http::{Outgoing, find};
use crate::json::Json;
use crate::nexmo::model::Via;
use crate::sign::{SigningKey, nexmo_signature};
use uuid::Uuid;

/// A request that Nexmo pushes: a text, a part of one, or a delivery receipt.
#[derive(Clone, Debug)]
pub struct Inbound {
    /// In the order of captured requests.
    pub params: Vec<(String, String)>,
    /// How it is pushed.
    pub via: Via,
}

impl Inbound {
    /// The first parameter of this name.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        find(&self.params, name)
    }

    /// Replaces a parameter or appends it, without signing again.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        match self.params.iter_mut().find(|(found, _)| found == name) {
            Some((_, old)) => value.clone_into(old),
            None => self.params.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    /// Removes a parameter, without signing again.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.params.retain(|(found, _)| found != name);
        self
    }

    /// The same, pushed in another way.
    #[must_use]
    pub fn via(self, via: Via) -> Self {
        Self { via, ..self }
    }

    /// Signs, replacing an existing signature: appends `timestamp`, `nonce` and `sig`.
    #[must_use]
    pub fn sign(mut self, key: &SigningKey) -> Self {
        self.params
            .retain(|(name, _)| !matches!(name.as_str(), "timestamp" | "nonce" | "sig"));
        self = self.with("timestamp", &(now_ms() / 1000).to_string());
        self = self.with("nonce", &Uuid::new_v4().to_string());
        let sig = nexmo_signature(key.method, &key.secret, &self.params);
        self.with("sig", &sig)
    }

    /// The request that pushes it to this URL.
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
