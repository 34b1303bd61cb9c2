//! Nexmo (Vonage): its SMS API, its webhooks and its numbers.
pub mod inbound;
pub mod numbers;
pub mod send;
pub mod signature;
mod timestamp;
pub mod token;

use base64ct::{Base64, Encoding};

use crate::{
    http::{HttpRequest, Method},
    secret::Secret,
    time::{SECOND, Span},
};

/// How long Nexmo may take to answer, in milliseconds.
const TIMEOUT: Span = SECOND.times(10);

/// The operator's account at Nexmo.
#[derive(Clone, Debug)]
pub struct Account {
    /// The API key.
    pub key: Secret,
    /// The API secret.
    pub secret: Secret,
    /// Where the API is, without a slash at the end.
    pub api_url: String,
}

impl Account {
    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.api_url.trim_end_matches('/'))
    }

    fn basic(&self) -> (&'static str, String) {
        let pair = format!("{}:{}", self.key.expose(), self.secret.expose());
        let value = format!("Basic {}", Base64::encode_string(pair.as_bytes()));
        ("authorization", value)
    }
}

/// A POST of form fields: Nexmo documents no other body.
fn post_form(url: String, fields: &[(&str, &str)]) -> HttpRequest {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    HttpRequest {
        method: Method::Post,
        url,
        headers: vec![
            (
                "content-type",
                "application/x-www-form-urlencoded".to_owned(),
            ),
            ("accept", "application/json".to_owned()),
        ],
        body: Some(form.finish()),
        timeout: TIMEOUT,
    }
}
