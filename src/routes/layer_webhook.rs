//! Layer's webhook: the handshake, and events, which are passed on to user records.

use texting::{
    chat::event::ChatEvent,
    fan_out::fan_out,
    layer::{
        challenge,
        chat::LayerChat,
        event::{self, Received, Unreadable},
        signature,
    },
    log::{Entry, Level},
    settings::Settings,
};
use worker::{Env, Method, Request};

use crate::{
    deliver::deliver,
    http::{
        error::{Handled, HttpError},
        request, response,
    },
    objects::user_record::client,
    platform::log::log,
};

/// Handles a request to `LAYER_PATH`.
pub async fn handle(
    request: &mut Request,
    env: &Env,
    settings: &Settings,
    layer: &LayerChat,
) -> Handled {
    match request::method(request) {
        Method::Post => webhook(request, env, settings, layer).await,
        _ => handshake(request),
    }
}

/// Echoes the challenge in the query.
fn handshake(request: &Request) -> Handled {
    Ok(match challenge::echo(&request::query(request)) {
        Ok(challenge) => response::text(200, &challenge)?,
        Err(too_long) => response::text(400, &too_long.to_string())?,
    })
}

async fn webhook(
    request: &mut Request,
    env: &Env,
    settings: &Settings,
    layer: &LayerChat,
) -> Handled {
    let body = request::body(request, request::LONGEST_BODY).await?;
    let signature = request.headers().get(signature::HEADER)?;
    let key = layer.webhook_secret.expose().as_bytes();
    if !signature::verify(&body, signature.as_deref(), key) {
        log(&Entry::new(Level::Warn, "layer_webhook.bad_signature"));
        let why = format!("{} is missing or wrong", signature::HEADER);
        return Ok(response::text(403, &why)?);
    }
    match event::read(&body, &layer.webhook_name) {
        Ok(Received::Event(event)) => store(event, env, settings).await,
        Ok(Received::Ignored(why)) => {
            log(&Entry::new(Level::Debug, "layer_webhook.ignored").with("why", why));
            Ok(response::empty()?)
        }
        Err(unreadable) => refuse(&unreadable),
    }
}

fn refuse(unreadable: &Unreadable) -> Handled {
    log(&Entry::new(Level::Error, "layer_webhook.unreadable").with("why", unreadable));
    let status = unreadable.http_status();
    Ok(response::text(status, &unreadable.to_string())?)
}

/// Sends the event to every record that it concerns. 200 if all have stored it, otherwise 503: Layer then
/// sends it again.
async fn store(event: ChatEvent, env: &Env, settings: &Settings) -> Handled {
    let events = fan_out(event, settings.into());
    match deliver(&events, client::TIMEOUT, env).await {
        Ok(()) => Ok(response::empty()?),
        Err(why) => Err(HttpError::try_again("layer_webhook.not_stored", why)),
    }
}
