//! Responses of a homeserver that are no success: `{"errcode":"M_…","error":"…"}`.

use crate::{
    fields::Fields,
    http::HttpResponse,
    json,
    time::{MINUTE, Span},
};

/// A response that is not a success, or the lack of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The HTTP status, if there is a response.
    pub status: Option<u16>,
    /// The error's code.
    pub errcode: Option<String>,
    /// How long the homeserver asks to wait (`M_LIMIT_EXCEEDED`), at most a minute.
    pub retry_after: Option<Span>,
    outline: String,
}

/// The body of a success.
///
/// # Errors
/// [`Failure`] for any other response, or the lack of one.
pub fn success(response: &HttpResponse) -> Result<&str, Failure> {
    match response {
        HttpResponse::Received { status: 200, body } => Ok(body),
        _ => Err(Failure::read(response)),
    }
}

impl Failure {
    /// Reads what the response has.
    pub fn read(response: &HttpResponse) -> Self {
        let body = match response {
            HttpResponse::Received { body, .. } => json::readable(body.as_bytes()),
            HttpResponse::Missing(_) => "".into(),
        };
        let fields = Fields::read("", &body).ok();
        let fields = fields.as_ref();
        let errcode = fields.and_then(|fields| fields.text("errcode").ok()?);
        let retry_after = fields.and_then(|fields| fields.number("retry_after_ms").ok()?);
        let retry_after = retry_after.and_then(|millis| i64::try_from(millis).ok());
        Self {
            status: response.status(),
            errcode: errcode
                .filter(|code| is_code(code))
                .map(|it| it.into_owned()),
            retry_after: retry_after.map(|millis| Span::from_millis(millis).min(MINUTE)),
            outline: response.outline(),
        }
    }

    /// The failure of a success that cannot be read.
    pub fn unreadable(response: &HttpResponse, what: &str) -> Self {
        Self {
            outline: format!("{} without {what}", response.outline()),
            ..Self::read(response)
        }
    }

    /// Whether the response has this error code.
    pub fn is(&self, errcode: &str) -> bool {
        self.errcode.as_deref() == Some(errcode)
    }

    /// Whether the homeserver itself says that the service may not do this. A proxy in front of it may respond with 403
    /// too.
    pub fn is_forbidden(&self) -> bool {
        self.status == Some(403) && self.is("M_FORBIDDEN")
    }

    /// Whether the homeserver itself says that there is no such thing. A proxy, or a homeserver that does not know the
    /// path, may respond with 404 too.
    pub fn is_not_found(&self) -> bool {
        let is_its_own = self.errcode.is_some() && !self.is("M_UNRECOGNIZED");
        self.status == Some(404) && is_its_own
    }

    /// Status and code for the log. Leaves out the homeserver's words, which may repeat what was sent.
    pub fn why(&self) -> String {
        match &self.errcode {
            Some(errcode) => format!("{}, {errcode}", self.outline),
            None => self.outline.clone(),
        }
    }
}

/// Whether a code looks like one of Matrix, and not like something that a user wrote.
fn is_code(code: &str) -> bool {
    let fits = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    code.starts_with("M_") && code.len() <= 60 && code.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::NoResponse;

    fn failure(status: u16, body: &str) -> Failure {
        let body = body.to_owned();
        Failure::read(&HttpResponse::Received { status, body })
    }

    #[test]
    fn a_failure_has_status_and_code_but_no_words() {
        let body = r#"{"errcode":"M_FORBIDDEN","error":"User @bob:localtest not in room"}"#;
        assert_eq!(failure(403, body).why(), "HTTP 403, M_FORBIDDEN");
        assert_eq!(failure(502, "<html>").why(), "HTTP 502");
        assert_eq!(failure(400, r#"{"errcode":"Hi Bob"}"#).why(), "HTTP 400");
        let missing = Failure::read(&HttpResponse::Missing(NoResponse::Timeout));
        assert_eq!(missing.why(), "no response in time");
    }

    #[test]
    fn the_homeserver_may_ask_to_wait_up_to_a_minute() {
        let wait = |millis: &str| {
            let body = format!(r#"{{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":{millis}}}"#);
            failure(429, &body).retry_after
        };
        assert_eq!(wait("2500"), Some(Span::from_millis(2_500)));
        assert_eq!(wait("86400000"), Some(MINUTE));
        assert_eq!(wait("-1"), None);
    }
}
