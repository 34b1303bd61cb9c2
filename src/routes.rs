//! Which path leads where.

use texting::web_address::path_and_query;
use worker::{Env, Method, Request, Response, Result};

use crate::{
    admin, answer,
    configuration::{self, Configured},
    edge, health, layer_webhook, nexmo_webhook,
};

/// Bodies beyond this are refused, in bytes.
pub const LONGEST_BODY: usize = 1024 * 1024;

/// Answers any request to this Worker.
pub async fn answer(mut request: Request, env: &Env) -> Result<Response> {
    let configuration = configuration::read(env);
    let url = request.inner().url();
    let (path, _) = path_and_query(&url);
    #[cfg(feature = "deliberate-panic")]
    crate::deliberate_panic::if_asked(path, "panic-in-worker");
    if path == "/health" {
        return health::answer(&request, &configuration);
    }
    if path == "/admin" || path.starts_with("/admin/") {
        return admin::answer(&request, env, &configuration, path).await;
    }
    match &configuration {
        Ok(configured) => webhook(&mut request, env, configured, path).await,
        // Layer and Nexmo send again what is answered so, until the settings are right.
        Err(_) => answer::text(503, "misconfigured: see /health"),
    }
}

async fn webhook(
    request: &mut Request,
    env: &Env,
    configured: &Configured,
    path: &str,
) -> Result<Response> {
    let settings = &configured.settings;
    let path = path.strip_prefix('/').unwrap_or(path);
    if path == settings.layer_path {
        return layer_webhook::answer(request, env, configured).await;
    }
    let token = path
        .strip_prefix(&settings.nexmo_path)
        .and_then(|rest| match rest {
            "" => Some(None),
            _ => rest.strip_prefix('/').map(Some),
        });
    match token {
        Some(token) if token.is_none_or(|token| !token.is_empty() && !token.contains('/')) => {
            nexmo_webhook::answer(request, env, settings, token).await
        }
        _ => answer::not_found(),
    }
}

/// A request's method. The `worker` crate takes one that it does not know for GET; here it is one that
/// no path allows.
pub fn method(request: &Request) -> Method {
    let known = request.method();
    if known.as_ref() == request.inner().method() {
        known
    } else {
        Method::Trace
    }
}

/// A request's body, or the answer to one that is too long or broke off.
pub async fn body(request: &mut Request) -> Result<std::result::Result<Vec<u8>, Response>> {
    let declared = request.headers().get("content-length")?;
    match declared.and_then(|length| length.parse::<usize>().ok()) {
        Some(length) if length > LONGEST_BODY => too_long().map(Err),
        Some(_) => match request.bytes().await {
            Ok(body) if body.len() > LONGEST_BODY => too_long().map(Err),
            Ok(body) => Ok(Ok(body)),
            Err(_) => broken_off().map(Err),
        },
        None if request.inner().body().is_none() => Ok(Ok(Vec::new())),
        None => read(request).await,
    }
}

/// Reads chunk by chunk what has no declared length.
async fn read(request: &mut Request) -> Result<std::result::Result<Vec<u8>, Response>> {
    use futures_util::StreamExt;
    let mut stream = request.stream()?;
    let mut body = Vec::new();
    while let Some(chunk) = stream.next().await {
        let Ok(chunk) = chunk else {
            return broken_off().map(Err);
        };
        if body.len() + chunk.len() > LONGEST_BODY {
            return too_long().map(Err);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Ok(body))
}

fn broken_off() -> Result<Response> {
    answer::text(400, "the body broke off")
}

fn too_long() -> Result<Response> {
    answer::text(413, "the body is over 1 MiB")
}

/// Logs what went wrong on our side or at Cloudflare's, and asks the sender to try again.
pub fn try_again(what: &'static str, why: &str) -> Result<Response> {
    edge::log(&texting::log::Entry::new(texting::log::Level::Error, what).with("why", why));
    answer::text(503, "not stored: try again")
}
