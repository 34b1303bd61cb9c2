//! Setting up: the webhook registered at Layer, and every number's texts pointed here at Nexmo.
//! Looking and mending follow the same plan; both are safe to repeat.

mod layer;
mod nexmo;

use serde::Serialize;

use crate::{
    http::{HttpRequest, HttpResponse},
    phone::Number,
    settings::Settings,
    time::Span,
};

/// What setting up needs of its surroundings.
#[expect(async_fn_in_trait, reason = "a Worker has one thread")]
pub trait Courier {
    /// Carries out a request.
    async fn call(&self, call: HttpRequest) -> HttpResponse;
    /// Waits for some milliseconds.
    async fn pause(&self, span: Span);
}

/// Whether anything is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Only say what is to be done.
    Look,
    /// Do it.
    Mend,
}

/// What was found and done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether all is in place.
    pub ok: bool,
    /// The webhook's registration at Layer.
    pub layer: LayerReport,
    /// The numbers at Nexmo.
    pub nexmo: NexmoReport,
}

/// What was found and done at Layer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LayerReport {
    /// Whether a webhook of ours stands.
    pub ok: bool,
    /// Where it is to send events.
    pub target_url: String,
    /// Each webhook of our name, and each step.
    pub webhooks: Vec<WebhookReport>,
    /// What went wrong, where it was nothing about one webhook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// What was found or done about one webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WebhookReport {
    /// `kept`, `activated`, `registered`, `deleted`, or `elsewhere`: it has our name and another URL
    /// and is left alone. After a look only: `to_activate`, `to_register`, `to_delete`.
    pub state: &'static str,
    /// Layer's id of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Where it sends events, when elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_url: Option<String>,
    /// What went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// What was found and done at Nexmo.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NexmoReport {
    /// Whether the texts to every configured number come here.
    pub ok: bool,
    /// Each configured number.
    pub numbers: Vec<NumberReport>,
    /// What went wrong, where it was nothing about one number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// What was found or done about one number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NumberReport {
    /// The number.
    pub number: Number,
    /// `kept`, `updated`, `failed`, or `not_owned`; after a look only: `to_update`.
    pub state: &'static str,
    /// What went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// Looks at both services and, unless it is to look only, mends what differs.
pub async fn run(courier: &impl Courier, settings: &Settings, mode: Mode) -> Report {
    let layer = layer::run(courier, settings, mode).await;
    let nexmo = nexmo::run(courier, settings, mode).await;
    Report {
        ok: layer.ok && nexmo.ok,
        layer,
        nexmo,
    }
}

/// Where Nexmo is to deliver texts: with a token in the path, unless they are signed.
pub fn inbound_url(settings: &Settings) -> String {
    let path = format!("{}/{}", settings.server_url, settings.nexmo_path);
    if settings.signature.is_some() {
        return path;
    }
    let token =
        crate::nexmo::token::webhook_token(&settings.nexmo.secret, &settings.webhook_secret);
    format!("{path}/{token}")
}
