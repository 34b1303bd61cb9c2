//! Setup: registers the webhook at Layer or tests the connection with a Matrix homeserver, and sets the webhook URL of
//! each number at Nexmo. Checking and applying follow the same plan; both are safe to repeat.

mod layer;
mod matrix;
mod nexmo;
mod report;

pub(crate) use nexmo::ask_nexmo;
pub use report::{
    ChatReport, LayerReport, MatrixReport, NexmoReport, NumberReport, NumberState, SetupReport,
    WebhookReport, WebhookState,
};

use crate::{
    at_once::Part,
    chat::port::Chat,
    http::{Call, HttpRequest},
    nexmo::token::webhook_token,
    settings::Settings,
    time::Span,
};

/// The effects of a setup.
pub trait SetupEffects {
    /// Sends a request. Ends after the request's timeout.
    fn send(&self, request: HttpRequest) -> Call<'_>;
    /// Waits.
    fn wait(&self, span: Span) -> Part<'_>;
}

/// Whether a setup changes anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Only reports what differs.
    Check,
    /// Changes what differs.
    Apply,
}

/// Checks both services and, in [`Mode::Apply`], changes what differs.
pub async fn run(effects: &dyn SetupEffects, settings: &Settings, mode: Mode) -> SetupReport {
    let chat = chat(effects, settings, mode).await;
    let nexmo = nexmo::run(effects, settings, mode).await;
    SetupReport {
        ok: chat.is_ok() && nexmo.ok,
        chat,
        nexmo,
    }
}

/// Checks the chat and, in [`Mode::Apply`], changes what differs there.
pub(crate) async fn chat(
    effects: &dyn SetupEffects,
    settings: &Settings,
    mode: Mode,
) -> ChatReport {
    match &settings.chat {
        Chat::Layer(layer) => {
            ChatReport::Layer(layer::run(effects, layer, &settings.server_url, mode).await)
        }
        Chat::Matrix(matrix) => ChatReport::Matrix(matrix::run(effects, &matrix.homeserver).await),
    }
}

/// The URL for inbound texts. Ends in a token, unless the texts are signed.
pub fn inbound_url(settings: &Settings) -> String {
    let url = format!("{}/{}", settings.server_url, settings.nexmo_path);
    if settings.signature.is_some() {
        return url;
    }
    let token = webhook_token(&settings.nexmo.secret, settings.chat.webhook_secret());
    format!("{url}/{token}")
}

#[cfg(test)]
mod tests;
