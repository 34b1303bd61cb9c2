//! Layer's webhook: the handshake, and events on their way to the records that they concern.

use futures_util::future::join_all;
use texting::{
    layer::{challenge, concerns::commands, event, signature},
    log::{Entry, Level},
    web_address::path_and_query,
};
use worker::{Env, Method, Request, Response, Result};

use crate::{answer, configuration::Configured, edge, routes, user_record::client};

/// Answers a request to `LAYER_PATH`.
pub async fn answer(request: &mut Request, env: &Env, configured: &Configured) -> Result<Response> {
    match routes::method(request) {
        Method::Get | Method::Head => handshake(request),
        Method::Post => webhook(request, env, configured).await,
        _ => answer::method_not_allowed("GET, POST"),
    }
}

fn handshake(request: &Request) -> Result<Response> {
    let url = request.inner().url();
    match challenge::answer(path_and_query(&url).1) {
        Ok(challenge) => answer::text(200, &challenge),
        Err(too_long) => answer::text(400, &too_long.to_string()),
    }
}

async fn webhook(request: &mut Request, env: &Env, configured: &Configured) -> Result<Response> {
    let body = match routes::body(request).await? {
        Ok(body) => body,
        Err(refusal) => return Ok(refusal),
    };
    let settings = &configured.settings;
    let header = request.headers().get(signature::HEADER)?;
    if !signature::verify(
        &body,
        header.as_deref(),
        settings.webhook_secret.expose().as_bytes(),
    ) {
        edge::log(&Entry::new(Level::Warn, "layer_webhook.bad_signature"));
        return answer::text(403, "layer-webhook-signature is missing or wrong");
    }
    match event::read(&body, &settings.webhook_name) {
        Ok(event) => store(event, env, configured).await,
        Err(problem) => {
            edge::log(&Entry::new(Level::Error, "layer_webhook.unreadable").with("why", &problem));
            answer::text(problem.http_status(), &problem.to_string())
        }
    }
}

/// 200 only when every record that the event concerns has stored it.
async fn store(event: event::LayerEvent, env: &Env, configured: &Configured) -> Result<Response> {
    if let event::LayerEvent::Nothing(why) = &event {
        edge::log(&Entry::new(Level::Debug, "layer_webhook.ignored").with("why", why));
    }
    let policy = &configured.policy;
    let calls = commands(event, |status| policy.justifies(status));
    let sent = calls
        .iter()
        .map(|(user, command)| client::tell(env, user, command));
    let failed = join_all(sent)
        .await
        .into_iter()
        .filter_map(std::result::Result::err)
        .next();
    match failed {
        None => answer::accepted(),
        Some(error) => routes::try_again("layer_webhook.not_stored", &error.to_string()),
    }
}
