//! Layer's webhook: the handshake, and events, which are passed on to user records.

use std::cell::Cell;

use futures_util::future::join_all;
use texting::{
    chat::event::ChatEvent,
    fan_out::{ForUser, fan_out},
    layer::{
        challenge,
        event::{self, Received, Unreadable},
        signature,
    },
    log::{Entry, Level},
    settings::Settings,
};
use worker::{Env, Method, Request};

use crate::{
    http::{
        error::{Handled, HttpError},
        request, response,
    },
    objects::user_record::client,
    platform::{log::log, timeout::within},
};

/// Handles a request to `LAYER_PATH`.
pub async fn handle(request: &mut Request, env: &Env, settings: &Settings) -> Handled {
    match request::method(request) {
        Method::Post => webhook(request, env, settings).await,
        _ => handshake(request),
    }
}

/// Echoes the challenge in the query.
fn handshake(request: &Request) -> Handled {
    Ok(match challenge::echo(request::url(request)?.query()) {
        Ok(challenge) => response::text(200, &challenge)?,
        Err(too_long) => response::text(400, &too_long.to_string())?,
    })
}

async fn webhook(request: &mut Request, env: &Env, settings: &Settings) -> Handled {
    let body = request::body(request).await?;
    let signature = request.headers().get(signature::HEADER)?;
    let key = settings.webhook_secret.expose().as_bytes();
    if !signature::verify(&body, signature.as_deref(), key) {
        log(&Entry::new(Level::Warn, "layer_webhook.bad_signature"));
        let why = format!("{} is missing or wrong", signature::HEADER);
        return Ok(response::text(403, &why)?);
    }
    match event::read(&body, &settings.webhook_name) {
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
    let silent: Vec<Cell<bool>> = events.iter().map(|_| Cell::new(true)).collect();
    let calls = events.iter().zip(&silent).map(|(one, silent)| async {
        let told = client::tell(env, &one.user_id, &one.event).await;
        silent.set(false);
        told
    });
    let failed = match within(client::TIMEOUT, join_all(calls)).await {
        Some(told) => told
            .into_iter()
            .find_map(Result::err)
            .map(|error| error.to_string()),
        None => Some(did_not_respond(&events, &silent)),
    };
    match failed {
        None => Ok(response::empty()?),
        Some(why) => Err(HttpError::try_again("layer_webhook.not_stored", why)),
    }
}

/// How many records did not respond, and one of them.
fn did_not_respond(events: &[ForUser], silent: &[Cell<bool>]) -> String {
    let mut users = events
        .iter()
        .zip(silent)
        .filter(|(_, silent)| silent.get())
        .map(|(one, _)| &one.user_id);
    let first = users.next().cloned().unwrap_or_default();
    let others = users.count();
    format!("the record of user {first} and {others} others did not respond in time")
}
