//! The stand-ins' own requests: webhooks, verification, inbound texts, probes. No redirect is followed.

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_util::client::legacy::{Client as Pool, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use std::time::Duration;

/// A request that is ready to go.
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

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A status and the body.
    Status(u16, String),
    /// No whole answer within the limit.
    TimedOut,
    /// No answer at all: refused, reset, not HTTP.
    Failed(String),
}

impl Answer {
    /// The status, if there was an answer.
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

/// An HTTP/1.1 client with keep-alive, without TLS: everything is on loopback.
#[derive(Clone, Debug)]
pub struct Client(Pool<HttpConnector, Full<Bytes>>);

impl Default for Client {
    fn default() -> Self {
        Self(Pool::builder(TokioExecutor::new()).build_http())
    }
}

impl Client {
    /// Sends it and reads the whole answer within the limit.
    pub async fn send(&self, outgoing: &Outgoing, limit: Duration) -> Answer {
        match tokio::time::timeout(limit, self.exchange(outgoing)).await {
            Err(_) => Answer::TimedOut,
            Ok(Err(reason)) => Answer::Failed(reason),
            Ok(Ok((status, body))) => Answer::Status(status, body),
        }
    }

    async fn exchange(&self, outgoing: &Outgoing) -> Result<(u16, String), String> {
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
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    }
}
