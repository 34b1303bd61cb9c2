//! The registration of our webhook with Layer (Layer's `webhooks/rest`): the requests, how their
//! answers are read, and what is wanted. What is to be done about it is in [`plan`].

pub mod plan;

use serde::Serialize;
use serde_json::value::RawValue;
use thiserror::Error;

use super::{
    api::{Account, ApiVersion},
    fault::Fault,
};
use crate::{
    fields::{Fields, Problem},
    http::{HttpRequest, HttpResponse, Method},
    secret::{Secret, hmac_sha256_hex},
    web_address::segment,
};

/// What the fingerprint is made over, first of all.
const LABEL: &str = "layer-nexmo webhook registration 1";
/// The events of 1.0.
const EVENTS_1: &[&str] = &[
    "message.sent",
    "message.delivered",
    "message.read",
    "message.deleted",
    "conversation.deleted",
    "conversation.updated.participants",
];
/// The events of 2.0 and 3.0.
const EVENTS_2: &[&str] = &[
    "Message.created",
    "Message.deleted",
    "Receipt.created",
    "Conversation.deleted",
    "Participation.deleted",
];

/// The events that we need of a version of the API.
pub fn events_for(version: ApiVersion) -> &'static [&'static str] {
    if version >= ApiVersion::V2_0 {
        EVENTS_2
    } else {
        EVENTS_1
    }
}

/// What tells one registration from another without giving the secret away: Layer repeats `config`
/// with every event and every list, but never the secret. Lower-case hexadecimal of an HMAC-SHA256
/// keyed by the secret.
pub fn fingerprint(secret: &Secret, webhook_version: &str, events: &[&str]) -> String {
    let registration = format!("{LABEL}\n{webhook_version}\n{}", events.join("\n"));
    hmac_sha256_hex(secret.expose().as_bytes(), registration.as_bytes())
}

/// The registration that there should be.
#[derive(Clone, Debug)]
pub struct Wanted {
    name: String,
    target_url: String,
    version: ApiVersion,
    secret: Secret,
    fingerprint: String,
}

impl Wanted {
    /// One under a name (`WEBHOOK_NAME`), for a URL (`SERVER_URL` and `LAYER_PATH`), of the webhooks
    /// that go with a version of the API, signed with a secret (`LAYER_WEBHOOK_SECRET`).
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

    /// The request's body.
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
        // Serialising strings into a string has nothing that could fail.
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

/// Asks for all of the app's webhooks; Layer has no pages here.
pub fn list(account: &Account) -> HttpRequest {
    call(account, Method::Get, "webhooks")
}

/// Registers a webhook. Layer verifies the URL at once, by a `GET` with a challenge.
pub fn create(account: &Account, wanted: &Wanted) -> HttpRequest {
    let mut call = call(account, Method::Post, "webhooks");
    call.headers
        .push(("Content-Type", "application/json".to_owned()));
    call.body = Some(wanted.body());
    call
}

/// Has Layer verify a webhook again; `None` for an id that no URL can carry.
pub fn activate(account: &Account, id: &str) -> Option<HttpRequest> {
    let id = segment(id)?;
    Some(call(
        account,
        Method::Post,
        &format!("webhooks/{id}/activate"),
    ))
}

/// Removes a webhook; `None` for an id that no URL can carry.
pub fn delete(account: &Account, id: &str) -> Option<HttpRequest> {
    let id = segment(id)?;
    Some(call(account, Method::Delete, &format!("webhooks/{id}")))
}

fn call(account: &Account, method: Method, path: &str) -> HttpRequest {
    let version = account.version.webhook_version();
    let accept = format!("application/vnd.layer.webhooks+json; version={version}");
    account.call(method, path, accept)
}

/// A webhook as Layer lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// The last segment of its identifier, a UUID.
    pub id: String,
    /// Where it sends events.
    pub target_url: String,
    /// How it stands.
    pub status: WebhookStatus,
    /// Why it is inactive, in Layer's words, cut to 200 characters.
    pub reason: Option<String>,
    /// Its `config.name`.
    pub name: Option<String>,
    /// Its `config.fingerprint`.
    pub fingerprint: Option<String>,
}

/// How a webhook stands, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WebhookStatus {
    /// It gets events.
    Active,
    /// It gets none until Layer has verified it.
    Unverified,
    /// It gets none: its verification failed, it failed too long, or somebody switched it off.
    Inactive,
}

/// Why an answer about webhooks is no use.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WebhookFault {
    /// Layer refused or failed, or did not answer.
    #[error("Layer's webhooks API: {why}")]
    Failed {
        /// The status, and Layer's code and word.
        why: String,
    },
    /// A success whose body is not what Layer documents.
    #[error("Layer's webhooks API: unexpected answer: the field {field} {problem}")]
    Shape {
        /// The path of the field that is wrong.
        field: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl From<Problem> for WebhookFault {
    fn from(Problem { field, problem }: Problem) -> Self {
        Self::Shape { field, problem }
    }
}

/// Reads the answer to [`list`].
pub fn read_list(reply: &HttpResponse) -> Result<Vec<Webhook>, WebhookFault> {
    let body = success(reply)?;
    let entries: Vec<&RawValue> = serde_json::from_str(body)
        .map_err(|_| Problem::new("(the whole body)", "is not a list"))?;
    // One that is left out could be ours, and would be registered again every time.
    let entries = entries.iter().enumerate();
    entries
        .map(|(index, entry)| Ok(webhook(format!("[{index}]"), entry.get())?))
        .collect()
}

/// Reads the answer to [`create`] or [`activate`]: the webhook as it stands now.
pub fn read_webhook(reply: &HttpResponse) -> Result<Webhook, WebhookFault> {
    Ok(webhook(String::new(), success(reply)?)?)
}

/// Reads the answer to [`delete`]: one that is gone already is deleted.
pub fn read_deleted(reply: &HttpResponse) -> Result<(), WebhookFault> {
    match reply.status() {
        Some(404 | 410) => Ok(()),
        _ => success(reply).map(|_| ()),
    }
}

fn success(reply: &HttpResponse) -> Result<&str, WebhookFault> {
    match reply {
        HttpResponse::Received {
            status: 200..=299,
            body,
        } => Ok(body),
        _ => Err(WebhookFault::Failed {
            why: Fault::read(reply).why(),
        }),
    }
}

fn webhook(path: String, json: &str) -> Result<Webhook, Problem> {
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
        status: match fields.text("status")?.as_deref() {
            Some("active") => WebhookStatus::Active,
            Some("unverified") => WebhookStatus::Unverified,
            _ => WebhookStatus::Inactive,
        },
        reason: fields
            .text("status_reason")?
            .map(|reason| reason.chars().take(200).collect()),
        name: of_config("name"),
        fingerprint: of_config("fingerprint"),
    })
}

#[cfg(test)]
mod tests;
