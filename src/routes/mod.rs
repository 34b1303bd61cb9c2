//! The router: passes each request to the handler of its path.

mod admin;
mod console;
mod health;
mod layer_webhook;
mod nexmo_webhook;

use texting::routes::Route;
use worker::{Env, Request, Response, Result};

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
        (Some(Route::Health), _) => health::handle(&configuration, env),
        // Layer and Nexmo retry a webhook that gets a 503.
        (_, None) => Ok(response::text(503, "misconfigured: see /health")?),
        (Some(Route::LayerWebhook), Some(settings)) => {
            layer_webhook::handle(&mut request, env, settings).await
        }
        (Some(Route::NexmoWebhook), Some(settings)) => {
            nexmo_webhook::handle(&mut request, env, settings, None).await
        }
        (Some(Route::NexmoWebhookWithToken(token)), Some(settings)) => {
            nexmo_webhook::handle(&mut request, env, settings, Some(token)).await
        }
        _ => Err(HttpError::NotFound),
    }
}
