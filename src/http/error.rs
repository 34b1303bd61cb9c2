//! The errors that end a handler, each with the response that it becomes.

use texting::log::{Entry, Level};
use worker::{Error, Response, Result};

use super::response;
use crate::platform::log::log;

/// What a handler returns.
pub type Handled = std::result::Result<Response, HttpError>;

/// Why a request is not handled.
#[derive(Debug)]
pub enum HttpError {
    /// The connection closed before the whole body had arrived: 400.
    BodyCutOff,
    /// The body is longer than any that the path accepts: 413.
    BodyTooLong {
        /// The longest, in bytes.
        longest: usize,
    },
    /// Nothing is at the path: 404.
    NotFound,
    /// The path does not take the method: 405.
    MethodNotAllowed {
        /// The methods that it takes, separated by commas.
        allowed: &'static str,
    },
    /// Something failed that may work later: 503.
    TryAgain {
        /// Name of the log entry.
        entry: &'static str,
        /// What failed, for the log.
        why: String,
    },
    /// A call to the runtime failed. The error goes back to the runtime, which responds with 500.
    Runtime(Error),
}

impl HttpError {
    /// The error for a failure that may not last.
    pub fn try_again(entry: &'static str, why: impl ToString) -> Self {
        Self::TryAgain {
            entry,
            why: why.to_string(),
        }
    }

    /// The response. [`HttpError::TryAgain`] is logged.
    ///
    /// # Errors
    /// The error of [`HttpError::Runtime`].
    pub fn into_response(self) -> Result<Response> {
        match self {
            Self::BodyCutOff => response::text(400, "the body ended early"),
            Self::BodyTooLong { longest } => {
                let longest = longest / (1024 * 1024);
                response::text(413, &format!("the body is over {longest} MiB"))
            }
            Self::NotFound => response::text(404, "not found"),
            Self::MethodNotAllowed { allowed } => {
                let response = response::text(405, &format!("allowed methods: {allowed}"))?;
                response.headers().set("allow", allowed)?;
                Ok(response)
            }
            Self::TryAgain { entry, why } => {
                log(&Entry::new(Level::Error, entry).with("why", why));
                response::text(503, "not stored: try again")
            }
            Self::Runtime(error) => Err(error),
        }
    }
}

impl From<Error> for HttpError {
    fn from(error: Error) -> Self {
        Self::Runtime(error)
    }
}
