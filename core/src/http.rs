//! HTTP requests and responses as plain values. The core builds and reads them; the Worker sends them.

use std::pin::Pin;

use crate::time::{Span, Timestamp};

/// Longer response bodies are cut off, in bytes.
pub const LONGEST_RESPONSE: usize = 4 * 1024 * 1024;

/// A request to another service. Redirects are not followed.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// The absolute URL.
    pub url: String,
    /// Header names and values, in order.
    pub headers: Vec<(&'static str, String)>,
    /// The body, if there is one.
    pub body: Option<String>,
    /// How long the whole response may take, body included.
    pub timeout: Span,
}

impl HttpRequest {
    /// The request with a body of JSON.
    #[must_use]
    pub fn with_json(mut self, body: String) -> Self {
        let json = ("Content-Type", "application/json".to_owned());
        self.headers.push(json);
        self.body = Some(body);
        self
    }
}

/// A request on its way. It is boxed, so that whatever sends requests is compiled once for all that send.
pub type Call<'a> = Pin<Box<dyn Future<Output = HttpResponse> + 'a>>;

/// Sends requests.
pub trait Http {
    /// Sends a request. Ends after the request's timeout or at `deadline`, whichever is earlier.
    fn call(&self, request: HttpRequest, deadline: Timestamp) -> Call<'_>;
}

/// The methods in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `DELETE`
    Delete,
}

/// The result of an [`HttpRequest`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HttpResponse {
    /// A response with its whole body.
    Received {
        /// The HTTP status.
        status: u16,
        /// The body, invalid UTF-8 replaced.
        body: String,
    },
    /// No complete response. Unless the request was not sent, whether it took effect is unknown.
    Missing(NoResponse),
}

/// Why there is no complete response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoResponse {
    /// The request's timeout passed.
    Timeout,
    /// The connection failed: refused, reset, or an unknown host.
    Connection,
    /// The request could not be made.
    NotSent,
}

impl HttpResponse {
    /// The status, if there is a response.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Received { status, .. } => Some(*status),
            Self::Missing(_) => None,
        }
    }

    /// The status, or why there is none, for the log. Never the body.
    pub fn outline(&self) -> String {
        match self {
            Self::Received { status, .. } => format!("HTTP {status}"),
            Self::Missing(NoResponse::Timeout) => "no response in time".to_owned(),
            Self::Missing(NoResponse::Connection) => "connection failed".to_owned(),
            Self::Missing(NoResponse::NotSent) => "the request could not be made".to_owned(),
        }
    }
}
