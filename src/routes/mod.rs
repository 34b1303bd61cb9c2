//! The router: passes each request to the handler of its path.

mod admin;
mod console;
mod health;
mod layer_webhook;
mod nexmo_webhook;

use texting::web_address::path_of;
use worker::{Env, Request, Response, Result};

use crate::{
    configuration::{self, Configured},
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
    let url = request::url(&request);
    let path = path_of(&url);
    #[cfg(feature = "deliberate-panic")]
    crate::deliberate_panic::if_asked(path, "panic-in-worker");
    if path == "/health" {
        return health::handle(&request, &configuration);
    }
    if path == "/admin" || path.starts_with("/admin/") {
        return admin::handle(&request, env, &configuration, path).await;
    }
    match &configuration {
        Ok(configured) => webhook(&mut request, env, configured, path).await,
        // Layer and Nexmo retry a webhook that gets a 503.
        Err(_) => Ok(response::text(503, "misconfigured: see /health")?),
    }
}

async fn webhook(request: &mut Request, env: &Env, configured: &Configured, path: &str) -> Handled {
    let settings = &configured.settings;
    let path = path.strip_prefix('/').unwrap_or(path);
    if path == settings.layer_path {
        return layer_webhook::handle(request, env, settings).await;
    }
    match path.strip_prefix(&settings.nexmo_path) {
        Some("") => nexmo_webhook::handle(request, env, settings, None).await,
        Some(rest) => match rest.strip_prefix('/') {
            Some(token) if !token.is_empty() && !token.contains('/') => {
                nexmo_webhook::handle(request, env, settings, Some(token)).await
            }
            _ => Err(HttpError::NotFound),
        },
        None => Err(HttpError::NotFound),
    }
}
