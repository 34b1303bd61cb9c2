//! The error responses of Layer's APIs: `{"code":…,"id":…,"message":…}`.

use std::borrow::Cow;

use crate::{fields::Fields, http::HttpResponse, json};

/// A response that is not a success, or the lack of one.
pub(super) struct ErrorResponse {
    outline: String,
    /// Layer's error code.
    pub code: Option<u64>,
    /// Layer's error id, such as `rate_limit_exceeded`.
    pub id: Option<String>,
}

impl ErrorResponse {
    /// Reads what the response has: some have no body.
    pub fn read(response: &HttpResponse) -> Self {
        let body = match response {
            HttpResponse::Received { body, .. } => json::readable(body.as_bytes()),
            HttpResponse::Missing(_) => Cow::default(),
        };
        let fields = Fields::read("", &body).ok();
        let fields = fields.as_ref();
        let code = fields.and_then(|fields| fields.number("code").ok()?);
        let id = fields.and_then(|fields| fields.text("id").ok()?);
        Self {
            outline: response.outline(),
            code,
            id: id.filter(|id| is_error_id(id)).map(|id| id.into_owned()),
        }
    }

    /// Status, code and id for the log. Leaves out Layer's `message`, which may repeat what was sent.
    pub fn why(&self) -> String {
        let mut why = self.outline.clone();
        if let Some(code) = self.code {
            why.push_str(&format!(", code {code}"));
        }
        if let Some(id) = &self.id {
            why.push_str(&format!(", {id}"));
        }
        why
    }
}

/// Whether an `id` looks like one of Layer's, and not like something that a user wrote.
fn is_error_id(id: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    !id.is_empty() && id.len() <= 40 && id.chars().all(fits)
}
