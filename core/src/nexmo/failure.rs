//! Errors of Nexmo's account API: the account's numbers and its credit.

use serde_json::Value;
use thiserror::Error;

use crate::{http::HttpResponse, json, redact};

/// Why a request about the account failed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AccountError {
    /// A temporary error: no response, the rate limit, or a failure at Nexmo.
    #[error("Nexmo is not available now ({0})")]
    Later(String),
    /// The credentials are wrong.
    #[error("Nexmo refused NEXMO_KEY and NEXMO_SECRET ({0})")]
    Credentials(String),
    /// Nexmo refused the request.
    #[error("Nexmo refused the request ({0})")]
    Refused(String),
    /// The response has an unknown format.
    #[error("Nexmo's response could not be read ({0})")]
    Unreadable(String),
}

/// Whether the same request may succeed a second later.
pub fn is_temporary(response: &HttpResponse) -> bool {
    matches!(success(response), Err(AccountError::Later(_)))
}

/// The body of a response that has no error, neither as its HTTP status nor as its `error-code`.
pub(super) fn success(response: &HttpResponse) -> Result<&str, AccountError> {
    let HttpResponse::Received { status, body } = response else {
        return Err(AccountError::Later(response.outline()));
    };
    let ErrorCode { code, label } = ErrorCode::read(body).unwrap_or_default();
    let outline = match code {
        0 => format!("HTTP {status}"),
        _ => format!("HTTP {status}, code {code}: {}", redact::error_text(&label)),
    };
    // A response with the HTTP status 200 may have an error code. Otherwise the HTTP status decides.
    let decisive = if *status == 200 && code != 0 {
        code
    } else {
        *status
    };
    match decisive {
        200 => Ok(body),
        401 => Err(AccountError::Credentials(outline)),
        429 | 500.. => Err(AccountError::Later(outline)),
        _ => Err(AccountError::Refused(outline)),
    }
}

/// The `error-code` of a response and its label. A success has the code 200; 0 stands for none.
#[derive(Default)]
pub(super) struct ErrorCode {
    code: u16,
    label: String,
}

impl ErrorCode {
    /// Reads a body; `None` when it has no `error-code`, a string or a number.
    pub fn read(body: &str) -> Option<Self> {
        let response = json::value(body)?;
        let code = match response.get("error-code")? {
            Value::String(code) => code.trim().parse().ok()?,
            code => u16::try_from(code.as_u64()?).ok()?,
        };
        let label = response.get("error-code-label").and_then(Value::as_str);
        Some(Self {
            code,
            label: label.unwrap_or_default().to_owned(),
        })
    }
}
