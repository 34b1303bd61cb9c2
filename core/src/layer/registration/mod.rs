//! The registration of our webhook with Layer (`webhooks/rest` in Layer's documentation): requests and
//! responses. [`plan`] decides which requests to make.

pub mod plan;

use std::borrow::Cow;

use serde::Serialize;
use serde_json::value::RawValue;
use strum::EnumString;
use thiserror::Error;

use super::{account::LayerAccount, error::ErrorResponse, version::ApiVersion};
use crate::{
    fields::{FieldProblem, Fields},
    http::{HttpRequest, HttpResponse, Method},
    json,
    percent::segment,
    secret::{Secret, hmac_sha256_hex},
};

/// The first line of the text that a fingerprint hashes.
const LABEL: &str = "layer-nexmo webhook registration 1";
/// The events needed in version 1.0.
const EVENTS_1: &[&str] = &[
    "message.sent",
    "message.delivered",
    "message.read",
    "message.deleted",
    "conversation.deleted",
    "conversation.updated.participants",
];
/// The events needed in versions 2.0 and 3.0.
const EVENTS_2: &[&str] = &[
    "Message.created",
    "Message.deleted",
    "Receipt.created",
    "Conversation.deleted",
    "Participation.deleted",
];

/// The events to register for in a version of the API.
pub fn events_for(version: ApiVersion) -> &'static [&'static str] {
    if version >= ApiVersion::V2_0 {
        EVENTS_2
    } else {
        EVENTS_1
    }
}

/// A hash of a registration, stored in its `config`: lower-case hex of an HMAC-SHA256 keyed by the secret.
/// Layer returns `config`, but never the secret: a different fingerprint shows that the secret has changed.
pub fn fingerprint(secret: &Secret, webhook_version: &str, events: &[&str]) -> String {
    let registration = format!("{LABEL}\n{webhook_version}\n{}", events.join("\n"));
    hmac_sha256_hex(secret.expose().as_bytes(), registration.as_bytes())
}

/// The registration that Layer should have.
#[derive(Clone, Debug)]
pub struct WantedWebhook {
    name: String,
    target_url: String,
    version: ApiVersion,
    secret: Secret,
    fingerprint: String,
}

impl WantedWebhook {
    /// A registration with a name (`WEBHOOK_NAME`), a URL (`SERVER_URL` and `LAYER_PATH`), the webhook
    /// version of an API version, and a secret (`LAYER_WEBHOOK_SECRET`).
    pub fn new(name: String, target_url: String, version: ApiVersion, secret: Secret) -> Self {
        let fingerprint = fingerprint(&secret, version.webhook_version(), events_for(version));
        Self {
            name,
            target_url,
            version,
            secret,
            fingerprint,
        }
    }

    /// The body of the request that registers it.
    fn body(&self) -> String {
        let body = NewWebhook {
            version: self.version.webhook_version(),
            target_url: &self.target_url,
            events: events_for(self.version),
            secret: self.secret.expose(),
            config: Config {
                name: &self.name,
                fingerprint: &self.fingerprint,
            },
        };
        // Strings always serialise.
        serde_json::to_string(&body).unwrap_or_default()
    }
}

#[derive(Serialize)]
struct NewWebhook<'a> {
    version: &'a str,
    target_url: &'a str,
    events: &'a [&'a str],
    secret: &'a str,
    config: Config<'a>,
}

#[derive(Serialize)]
struct Config<'a> {
    name: &'a str,
    fingerprint: &'a str,
}

/// The request for all webhooks of the app. The list has no pages.
pub fn list(account: &LayerAccount) -> HttpRequest {
    request(account, Method::Get, "webhooks")
}

/// The request that registers a webhook. Layer verifies the URL at once, with a challenge.
pub fn create(account: &LayerAccount, wanted: &WantedWebhook) -> HttpRequest {
    request(account, Method::Post, "webhooks").with_json(wanted.body())
}

/// The request that makes Layer verify a webhook again; `None` for an id that a URL cannot carry.
pub fn activate(account: &LayerAccount, id: &str) -> Option<HttpRequest> {
    let path = format!("webhooks/{}/activate", segment(id)?);
    Some(request(account, Method::Post, &path))
}

/// The request that deletes a webhook; `None` for an id that a URL cannot carry.
pub fn delete(account: &LayerAccount, id: &str) -> Option<HttpRequest> {
    let path = format!("webhooks/{}", segment(id)?);
    Some(request(account, Method::Delete, &path))
}

fn request(account: &LayerAccount, method: Method, path: &str) -> HttpRequest {
    let version = account.version.webhook_version();
    let accept = format!("application/vnd.layer.webhooks+json; version={version}");
    account.request(method, path, accept)
}

/// A webhook in Layer's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Its UUID.
    pub id: String,
    /// The URL that it sends events to.
    pub target_url: String,
    /// Its status.
    pub status: WebhookStatus,
    /// Layer's reason why it is inactive, cut to 200 characters.
    pub reason: Option<String>,
    /// Its `config.name`.
    pub name: Option<String>,
    /// Its `config.fingerprint`.
    pub fingerprint: Option<String>,
}

/// The status of a webhook, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum WebhookStatus {
    /// It gets events.
    Active,
    /// It gets no events until Layer has verified its URL.
    Unverified,
    /// It gets no events: verification failed, requests failed for too long, or somebody deactivated it.
    Inactive,
}

/// Why a response of the webhooks API is unusable.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WebhookError {
    /// An error response, or none.
    #[error("Layer's webhooks API: {why}")]
    Failed {
        /// The status with Layer's code and id.
        why: String,
    },
    /// A success with a body that differs from Layer's documentation.
    #[error("Layer's webhooks API: unexpected response: the field {field} {problem}")]
    Shape {
        /// The path of the field that is wrong.
        field: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl From<FieldProblem> for WebhookError {
    fn from(FieldProblem { field, problem }: FieldProblem) -> Self {
        Self::Shape { field, problem }
    }
}

/// Reads the response to [`list`].
///
/// # Errors
/// [`WebhookError`], also when a single entry is unreadable: a skipped webhook of ours would be registered
/// again each time.
pub fn read_list(response: &HttpResponse) -> Result<Vec<Webhook>, WebhookError> {
    let body = success(response)?;
    let entries: Vec<&RawValue> = serde_json::from_str(&body)
        .map_err(|_| FieldProblem::new("(the whole body)", "is not a list"))?;
    let entries = entries.iter().enumerate();
    entries
        .map(|(index, entry)| Ok(webhook(format!("[{index}]"), entry.get())?))
        .collect()
}

/// Reads the response to [`create`] or [`activate`]: the webhook's present state.
///
/// # Errors
/// [`WebhookError`].
pub fn read_webhook(response: &HttpResponse) -> Result<Webhook, WebhookError> {
    Ok(webhook(String::new(), &success(response)?)?)
}

/// Reads the response to [`delete`]. An unknown webhook counts as deleted.
///
/// # Errors
/// [`WebhookError`].
pub fn read_deleted(response: &HttpResponse) -> Result<(), WebhookError> {
    match response.status() {
        Some(404 | 410) => Ok(()),
        _ => success(response).map(|_| ()),
    }
}

/// The body of a successful response.
fn success(response: &HttpResponse) -> Result<Cow<'_, str>, WebhookError> {
    match response {
        HttpResponse::Received {
            status: 200..=299,
            body,
        } => Ok(json::readable(body.as_bytes())),
        _ => Err(WebhookError::Failed {
            why: ErrorResponse::read(response).why(),
        }),
    }
}

fn webhook(path: String, json: &str) -> Result<Webhook, FieldProblem> {
    let fields = Fields::read(path, json)?;
    let id = fields.must("id", fields.text("id"))?;
    let config = fields.object("config").unwrap_or(None);
    let of_config = |name| {
        let text = config.as_ref().and_then(|config| config.text(name).ok()?);
        text.map(|text| text.into_owned())
    };
    Ok(Webhook {
        id: id.rsplit('/').next().unwrap_or_default().to_owned(),
        target_url: fields.text("target_url")?.unwrap_or_default().into_owned(),
        status: fields
            .text("status")?
            .and_then(|word| word.parse().ok())
            .unwrap_or(WebhookStatus::Inactive),
        reason: fields
            .text("status_reason")?
            .map(|reason| reason.chars().take(200).collect()),
        name: of_config("name"),
        fingerprint: of_config("fingerprint"),
    })
}

#[cfg(test)]
mod tests;
