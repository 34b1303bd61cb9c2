//! Requests to a homeserver.

use reqwest::{Client, Method, Url};
use serde_json::Value;

/// The path of the client API.
pub const CLIENT: &str = "/_matrix/client/v3";
/// The path of Synapse's admin API.
pub const ADMIN: &str = "/_synapse/admin";

/// The APIs of a homeserver for one token.
#[derive(Clone)]
pub struct Api {
    origin: String,
    token: String,
    query: Vec<(String, String)>,
    http: Client,
}

/// An answer that was read to its end.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub status: u16,
    /// Null if it is not JSON.
    pub body: Value,
}

impl Api {
    /// For this token. An empty one is not sent.
    pub fn new(origin: &str, token: &str) -> Self {
        Self {
            origin: origin.to_owned(),
            token: token.to_owned(),
            query: Vec::new(),
            http: Client::new(),
        }
    }

    /// The same with one more parameter in the query of each request.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends a request. Each segment of the path is percent-encoded; `body` is left out if it is null.
    pub async fn ask(&self, method: Method, base: &str, segments: &[&str], body: &Value) -> Answer {
        let mut request = self.http.request(method, self.url(base, segments));
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        if !body.is_null() {
            request = request.json(body);
        }
        let answer = request.send().await.expect("an answer of the homeserver");
        Answer {
            status: answer.status().as_u16(),
            body: answer.json().await.unwrap_or_default(),
        }
    }

    /// Sends a request that must succeed, and returns the body of its answer.
    pub async fn expect(
        &self,
        method: Method,
        base: &str,
        segments: &[&str],
        body: &Value,
    ) -> Value {
        let answer = self.ask(method.clone(), base, segments, body).await;
        let url = self.url(base, segments);
        let success = (200..300).contains(&answer.status);
        assert!(success, "{method} {url}: {answer:?}");
        answer.body
    }

    /// `GET` from the client API.
    pub async fn get(&self, segments: &[&str]) -> Value {
        self.expect(Method::GET, CLIENT, segments, &Value::Null)
            .await
    }

    /// `PUT` to the client API.
    pub async fn put(&self, segments: &[&str], body: &Value) -> Value {
        self.expect(Method::PUT, CLIENT, segments, body).await
    }

    /// `POST` to the client API.
    pub async fn post(&self, segments: &[&str], body: &Value) -> Value {
        self.expect(Method::POST, CLIENT, segments, body).await
    }

    fn url(&self, base: &str, segments: &[&str]) -> Url {
        let mut url = Url::parse(&format!("{}{base}", self.origin)).unwrap();
        url.path_segments_mut().unwrap().extend(segments);
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        url
    }
}
