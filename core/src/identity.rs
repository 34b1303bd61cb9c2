//! Identities of users, from the chat or from the operator's own service.

mod preference;

use std::fmt;

use serde_json::{Map, Value};
use thiserror::Error;

use crate::{
    http::{HttpRequest, HttpResponse, Method},
    ids::UserId,
    json,
    percent::segment,
    secret::Secret,
    time::{SECOND, Span},
};

pub use self::preference::FieldPath;

/// The placeholder of the user id in `IDENTITIES_URL`.
pub const USER_ID: &str = "{user_id}";

/// Timeout of a request to the operator's identities.
const TIMEOUT: Span = SECOND.times(10);

/// What is known of a user.
#[derive(Clone, Default, PartialEq)]
pub struct Identity {
    /// The user's phone, neither normalised nor validated.
    pub phone: Option<String>,
    /// All fields for templates, `name` and `phone` included.
    pub fields: Map<String, Value>,
}

/// Why a response of the operator's identities is unusable. The operator has to fix it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum HookError {
    /// The body is not JSON.
    #[error("the response is not JSON")]
    NotJson,
    /// The body is JSON, but not an object.
    #[error("the response is not a JSON object")]
    NotAnObject,
}

impl Identity {
    /// An identity with these fields. `phone` is the user's phone.
    pub fn with(fields: Map<String, Value>) -> Self {
        let phone = fields.get("phone").and_then(written_phone);
        Self { phone, fields }
    }

    /// Reads an identity of the operator's: an object with `name`, `phone` and any other fields for
    /// templates.
    ///
    /// # Errors
    /// [`HookError::NotAnObject`].
    pub fn from_hook(identity: &Value) -> Result<Self, HookError> {
        let fields = identity.as_object().ok_or(HookError::NotAnObject)?;
        Ok(Self::with(fields.clone()))
    }

    /// An identity with only a name.
    pub fn named(name: &str) -> Self {
        Self {
            phone: None,
            fields: Map::from_iter([("name".to_owned(), Value::from(name))]),
        }
    }
}

/// Shows the names of the fields only: names, phones and addresses stay out of logs.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("fields", &self.fields.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// The phone as it is written. A value of another type is no phone, and is shown as such in the log.
fn written_phone(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(phone) => Some(phone.clone()),
        value => Some(value.to_string()),
    }
}

/// The HTTP service with the operator's identities.
#[derive(Clone, Debug)]
pub struct IdentitiesUrl {
    /// The URL, with [`USER_ID`] in its path or query.
    pub url: String,
    /// The bearer token, if the service needs one.
    pub token: Option<Secret>,
}

/// The outcome of a request for a user's identity.
#[derive(Clone, Debug, PartialEq)]
pub enum IdentityOutcome {
    /// The identity.
    Found(Identity),
    /// The user is unknown.
    NoSuchUser,
    /// No usable response; a retry may help.
    Failed {
        /// What went wrong, for the log.
        why: String,
    },
}

/// The request for a user's identity; `None` for an id that a URL cannot carry (see [`segment`]).
pub fn identities_request(identities: &IdentitiesUrl, user: &UserId) -> Option<HttpRequest> {
    let encoded = segment(user)?;
    let mut headers = vec![("Accept", "application/json".to_owned())];
    if let Some(token) = &identities.token {
        headers.push(("Authorization", format!("Bearer {}", token.expose())));
    }
    Some(HttpRequest {
        method: Method::Get,
        url: identities.url.replace(USER_ID, &encoded),
        headers,
        body: None,
        timeout: TIMEOUT,
    })
}

/// Reads the response to [`identities_request`].
pub fn read_identity(response: &HttpResponse) -> IdentityOutcome {
    let body = match response {
        HttpResponse::Received { status: 200, body } => body,
        HttpResponse::Received { status: 404, .. } => return IdentityOutcome::NoSuchUser,
        _ => return failed(response.outline()),
    };
    let identity = json::value(body)
        .ok_or(HookError::NotJson)
        .and_then(|identity| Identity::from_hook(&identity));
    identity.map_or_else(|error| failed(error.to_string()), IdentityOutcome::Found)
}

fn failed(why: String) -> IdentityOutcome {
    IdentityOutcome::Failed { why }
}

#[cfg(test)]
mod tests;
