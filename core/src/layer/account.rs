//! The operator's application at Layer and its authorised requests.

use super::version::ApiVersion;
use crate::{
    http::{HttpRequest, Method},
    secret::Secret,
    time::{SECOND, Span},
};

/// Timeout of a request to Layer.
const TIMEOUT: Span = SECOND.times(10);

/// The operator's application at Layer.
#[derive(Clone, Debug)]
pub struct LayerAccount {
    /// The application's UUID.
    pub app_id: String,
    /// The token of the Platform API.
    pub token: Secret,
    /// The version of the API to use.
    pub version: ApiVersion,
    /// Base URL of the API, without a path.
    pub api_url: String,
}

impl LayerAccount {
    /// A request without a body to a path below `/apps/<app_id>/`.
    pub(super) fn request(&self, method: Method, path: &str, accept: String) -> HttpRequest {
        let api_url = self.api_url.trim_end_matches('/');
        HttpRequest {
            method,
            url: format!("{api_url}/apps/{}/{path}", self.app_id),
            headers: vec![
                ("Authorization", format!("Bearer {}", self.token.expose())),
                ("Accept", accept),
            ],
            body: None,
            timeout: TIMEOUT,
        }
    }

    /// A request to the Platform API, without a body.
    pub(super) fn platform_request(&self, method: Method, path: &str) -> HttpRequest {
        let version = self.version.as_str();
        let accept = format!("application/vnd.layer+json; version={version}");
        self.request(method, path, accept)
    }
}
