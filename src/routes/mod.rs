//! The router: passes each request to the handler of its path.

mod admin;
mod console;
mod layer_webhook;
mod matrix_webhook;
mod nexmo_webhook;
mod settings_health;

use texting::{chat::port::Chat, routes::Route, settings::Settings};
use worker::{Env, Request, Response, Result};

use self::nexmo_webhook::Kind;
use crate::{
    configuration,
    http::{
        error::{Handled, HttpError},
        request, response,
    },
};

/// Responds to any request to this Worker.
pub async fn respond(request: Request, env: &Env) -> Result<Response> {
    route(request, env).await.or_else(HttpError::into_response)
}

async fn route(mut request: Request, env: &Env) -> Handled {
    let configuration = configuration::read(env);
    let path = request.path();
    #[cfg(feature = "deliberate-panic")]
    crate::deliberate_panic::if_asked(&path, "panic-in-worker");
    let settings = configuration.as_ref().ok().map(|it| &it.settings);
    let route = Route::of(&path, settings);
    if path == "/admin" || path.starts_with("/admin/") {
        return admin::handle(&request, env, &configuration, &path, route).await;
    }
    if let Some(route) = &route {
        request::allowed_method(&request, route)?;
    }
    match (route, settings) {
        (Some(Route::Health), _) => settings_health::handle(&configuration, env),
        // Chats and Nexmo retry a webhook that gets a 503.
        (_, None) => Ok(response::text(503, "misconfigured: see /health")?),
        (Some(route), Some(settings)) => webhook(&mut request, env, settings, route).await,
        (None, Some(_)) => Err(HttpError::NotFound),
    }
}

async fn webhook(
    request: &mut Request,
    env: &Env,
    settings: &Settings,
    route: Route<'_>,
) -> Handled {
    match (route, &settings.chat) {
        (Route::NexmoWebhook, _) => {
            nexmo_webhook::handle(request, env, settings, Kind::Text, None).await
        }
        (Route::NexmoWebhookWithToken(token), _) => {
            nexmo_webhook::handle(request, env, settings, Kind::Text, Some(token)).await
        }
        (Route::NexmoReceipt(token), _) => {
            nexmo_webhook::handle(request, env, settings, Kind::Receipt, token).await
        }
        (_, Chat::Layer(layer)) => layer_webhook::handle(request, env, settings, layer).await,
        (route, Chat::Matrix(matrix)) => {
            matrix_webhook::handle(request, env, settings, matrix, route).await
        }
    }
}
