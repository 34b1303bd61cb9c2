//! Requests to other services as plain values: built and read here, carried out at the edge.

use crate::time::Span;

/// A request that the edge should make. Redirects are never followed.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// The request's method.
    pub method: Method,
    /// The absolute URL.
    pub url: String,
    /// Header names and values, in order.
    pub headers: Vec<(&'static str, String)>,
    /// The body, if there is one.
    pub body: Option<String>,
    /// How long the response may take, its body included.
    pub timeout: Span,
}

/// The methods that are used on other services.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `DELETE`
    Delete,
}

/// What came back from an [`HttpRequest`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HttpResponse {
    /// A response with its status and its whole body.
    Received {
        /// The HTTP status.
        status: u16,
        /// The body, invalid UTF-8 replaced.
        body: String,
    },
    /// No whole response: whether the request took effect is unknown.
    Missing(NoResponse),
}

/// Why there was no whole response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoResponse {
    /// It took longer than the request's timeout.
    Timeout,
    /// The connection failed: refused, reset, or its name unknown.
    Connection,
}

impl HttpResponse {
    /// The status of a response.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Received { status, .. } => Some(*status),
            Self::Missing(_) => None,
        }
    }

    /// A few words for the log: the status or why there was none, never the body.
    pub fn outline(&self) -> String {
        match self {
            Self::Received { status, .. } => format!("HTTP {status}"),
            Self::Missing(NoResponse::Timeout) => "no answer in time".to_owned(),
            Self::Missing(NoResponse::Connection) => "connection failed".to_owned(),
        }
    }
}
