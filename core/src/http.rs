//! Requests to other services as plain values: built and read here, carried out at the edge.

/// A request that the edge should make. Redirects are never followed.
#[derive(Clone, PartialEq, Eq)]
pub struct Call {
    /// The request's method.
    pub method: Method,
    /// The absolute URL.
    pub url: String,
    /// Header names and values, in order.
    pub headers: Vec<(&'static str, String)>,
    /// The body, if there is one.
    pub body: Option<String>,
    /// How long the answer may take, its body included, in milliseconds.
    pub time_out: u32,
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

/// What came back from a [`Call`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// An answer with its status and its whole body.
    Answer {
        /// The HTTP status.
        status: u16,
        /// The body, invalid UTF-8 replaced.
        body: String,
    },
    /// No whole answer: whether the request took effect is unknown.
    NoAnswer(NoAnswer),
}

/// Why there was no whole answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// It took longer than the call's time-out.
    TimeOut,
    /// The connection failed: refused, reset, or its name unknown.
    Connection,
}

impl Reply {
    /// The status of an answer.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Answer { status, .. } => Some(*status),
            Self::NoAnswer(_) => None,
        }
    }

    /// A few words for the log: the status or why there was none, never the body.
    pub fn outline(&self) -> String {
        match self {
            Self::Answer { status, .. } => format!("HTTP {status}"),
            Self::NoAnswer(NoAnswer::TimeOut) => "no answer in time".to_owned(),
            Self::NoAnswer(NoAnswer::Connection) => "connection failed".to_owned(),
        }
    }
}
