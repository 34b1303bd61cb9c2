//! Layer's webhook: the handshake, and events on their way to the records that they concern.

use futures_util::future::join_all;
use texting::{
    layer::{concerns::commands, event, signature},
    log::{Entry, Level},
};
use worker::{Env, Method, Request, Response, Result};

use crate::{answer, configuration::Configured, edge, routes, user_record::client};

const SIGNATURE: &str = "layer-webhook-signature";
/// Layer's challenges are far shorter, in bytes.
const LONGEST_CHALLENGE: usize = 1_024;

/// Answers a request to `LAYER_PATH`.
pub async fn answer(
    request: &mut Request,
    env: &Env,
    configured: &Configured,
) -> Result<Response> {
    match request.method() {
        Method::Get | Method::Head => challenge(request),
        Method::Post => webhook(request, env, configured).await,
        _ => answer::method_not_allowed("GET, POST"),
    }
}

/// Layer's reference §1.6: the challenge comes back as the body.
fn challenge(request: &Request) -> Result<Response> {
    let url = request.url()?;
    let challenge = url
        .query_pairs()
        .find(|(name, _)| name == "verification_challenge")
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default();
    if challenge.len() > LONGEST_CHALLENGE {
        return answer::text(400, "verification_challenge is over 1024 bytes");
    }
    answer::text(200, &challenge)
}

async fn webhook(
    request: &mut Request,
    env: &Env,
    configured: &Configured,
) -> Result<Response> {
    let body = match routes::body(request).await? {
        Ok(body) => body,
        Err(refusal) => return Ok(refusal),
    };
    let settings = &configured.settings;
    let header = request.headers().get(SIGNATURE)?;
    if !signature::verify(&body, header.as_deref(), settings.webhook_secret.expose().as_bytes()) {
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
    let sent = calls.iter().map(|(user, command)| client::tell(env, user, command));
    let failed = join_all(sent).await.into_iter().filter_map(std::result::Result::err).next();
    match failed {
        None => answer::text(200, ""),
        Some(error) => routes::try_again("layer_webhook.not_stored", &error.to_string()),
    }
}
