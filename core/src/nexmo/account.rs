//! The operator's account at Nexmo and its requests.

use base64ct::{Base64, Encoding};

use crate::{
    http::{HttpRequest, Method},
    secret::Secret,
    time::{SECOND, Span},
};

/// Timeout of a request to Nexmo.
const TIMEOUT: Span = SECOND.times(10);

/// The operator's account at Nexmo.
#[derive(Clone, Debug)]
pub struct NexmoAccount {
    /// The API key.
    pub key: Secret,
    /// The API secret.
    pub secret: Secret,
    /// Base URL of the API.
    pub api_url: String,
}

impl NexmoAccount {
    /// A GET request that is authorised by a header.
    pub(super) fn get(&self, path: &str) -> HttpRequest {
        HttpRequest {
            method: Method::Get,
            url: self.url(path),
            headers: vec![self.authorization(), accept_json()],
            body: None,
            timeout: TIMEOUT,
        }
    }

    /// A POST request with form fields, the only body that Nexmo documents.
    pub(super) fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> HttpRequest {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let content_type = "application/x-www-form-urlencoded".to_owned();
        HttpRequest {
            method: Method::Post,
            url: self.url(path),
            headers: vec![("content-type", content_type), accept_json()],
            body: Some(form.finish()),
            timeout: TIMEOUT,
        }
    }

    /// The header that authorises a request (HTTP Basic).
    pub(super) fn authorization(&self) -> (&'static str, String) {
        let pair = format!("{}:{}", self.key.expose(), self.secret.expose());
        let value = format!("Basic {}", Base64::encode_string(pair.as_bytes()));
        ("authorization", value)
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.api_url.trim_end_matches('/'))
    }
}

fn accept_json() -> (&'static str, String) {
    ("accept", "application/json".to_owned())
}
