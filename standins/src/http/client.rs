//! The stand-ins' own requests: webhooks, verification, inbound texts, probes. Redirects are not followed.

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_util::client::legacy::{Client as Pool, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use std::time::Duration;
use tokio::time::Instant;

/// A request to send.
#[derive(Clone, Debug, Default)]
pub struct Outgoing {
    /// `GET`, `POST` …
    pub method: String,
    /// With its query.
    pub url: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The raw body.
    pub body: String,
}

/// The result of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A status and the body.
    Status(u16, String),
    /// No complete response within the limit.
    TimedOut,
    /// No response: connection refused or reset, or not HTTP.
    Failed(String),
}

impl Answer {
    /// The status, if there was a response.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Status(status, _) => Some(*status),
            _ => None,
        }
    }

    /// Whether it is a 2xx.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.status()
            .is_some_and(|status| (200..300).contains(&status))
    }
}

/// One attempt to deliver a webhook call or an inbound text.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// When the request was sent.
    pub at: Instant,
    /// Its result.
    pub answer: Answer,
}

/// An HTTP/1.1 client with keep-alive and without TLS, for loopback.
#[derive(Clone, Debug)]
pub struct Client(Pool<HttpConnector, Full<Bytes>>);

impl Default for Client {
    fn default() -> Self {
        Self(Pool::builder(TokioExecutor::new()).build_http())
    }
}

impl Client {
    /// Sends a request and reads the whole response within the limit.
    pub async fn send(&self, outgoing: &Outgoing, limit: Duration) -> Answer {
        match tokio::time::timeout(limit, self.exchange(outgoing)).await {
            Err(_) => Answer::TimedOut,
            Ok(Err(reason)) => Answer::Failed(reason),
            Ok(Ok(answer)) => answer,
        }
    }

    /// Sends a request once and notes the time.
    pub(crate) async fn attempt(&self, outgoing: &Outgoing, limit: Duration) -> Attempt {
        let at = Instant::now();
        let answer = self.send(outgoing, limit).await;
        Attempt { at, answer }
    }

    async fn exchange(&self, outgoing: &Outgoing) -> Result<Answer, String> {
        let mut request = hyper::Request::builder()
            .method(outgoing.method.as_str())
            .uri(&outgoing.url);
        for (name, value) in &outgoing.headers {
            request = request.header(name, value);
        }
        let request = request
            .body(Full::from(outgoing.body.clone()))
            .map_err(|error| error.to_string())?;
        let response = self
            .0
            .request(request)
            .await
            .map_err(|error| format!("{error:?}"))?;
        let status = response.status().as_u16();
        let body = response.into_body().collect().await;
        let body = body.map_err(|error| error.to_string())?.to_bytes();
        let body = String::from_utf8_lossy(&body).into_owned();
        Ok(Answer::Status(status, body))
    }
}
