//! What Layer's APIs say when they refuse or fail.

use crate::fields::Fields;
use crate::http::HttpResponse;

/// What Layer says in an answer that is no success: `{"code":…,"id":…,"message":…}`.
pub(super) struct Fault {
    outline: String,
    /// Layer's number for it.
    pub code: Option<u64>,
    /// Layer's word for it.
    pub id: Option<String>,
}

impl Fault {
    /// Reads as much as there is: some faults have no body.
    pub fn read(reply: &HttpResponse) -> Self {
        let outline = reply.outline();
        let fields = match reply {
            HttpResponse::Received { body, .. } => Fields::read("", body).ok(),
            HttpResponse::Missing(_) => None,
        };
        let code = fields
            .as_ref()
            .and_then(|fields| fields.number("code").ok()?);
        let id = fields.as_ref().and_then(|fields| fields.text("id").ok()?);
        Self {
            outline,
            code,
            id: id.as_deref().and_then(word),
        }
    }

    /// In a few words, for the log. Layer's `message` is left out: it may repeat what was sent.
    pub fn why(&self) -> String {
        let code = self
            .code
            .map(|code| format!(", code {code}"))
            .unwrap_or_default();
        let id = self
            .id
            .as_ref()
            .map(|id| format!(", {id}"))
            .unwrap_or_default();
        format!("{}{code}{id}", self.outline)
    }
}

/// A fault's `id` if it looks like one (`rate_limit_exceeded`), and not like somebody's text.
fn word(id: &str) -> Option<String> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    (!id.is_empty() && id.len() <= 40 && id.chars().all(fits)).then(|| id.to_owned())
}
