//! Layer's webhook: the handshake, and events, which are passed on to user records.

use std::cell::Cell;

use texting::{
    at_once::{Part, at_once},
    chat::{event::ChatEvent, port::Chat},
    fan_out::{ForUser, fan_out},
    layer::{
        challenge,
        event::{self, Received, Unreadable},
        signature,
    },
    log::{Entry, Level},
    record::command::Outcome,
    settings::Settings,
};
use worker::{Env, Method, Request};

use crate::{
    http::{
        error::{Handled, HttpError},
        request, response,
    },
    objects::user_record::client,
    platform::{durable_object::ObjectError, log::log, timeout::within},
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
    Ok(match challenge::echo(&request::query(request)) {
        Ok(challenge) => response::text(200, &challenge)?,
        Err(too_long) => response::text(400, &too_long.to_string())?,
    })
}

async fn webhook(request: &mut Request, env: &Env, settings: &Settings) -> Handled {
    let Chat::Layer(layer) = &settings.chat;
    let body = request::body(request).await?;
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
    let answers: Vec<Cell<Option<Told>>> = events.iter().map(|_| Cell::default()).collect();
    let calls = events.iter().zip(&answers).map(|(one, answer)| {
        let told = client::tell(env, &one.user_id, &one.event);
        Box::pin(async { answer.set(Some(told.await)) }) as Part<'_>
    });
    within(client::TIMEOUT, at_once(calls.collect())).await;
    let answers = answers.into_iter().map(Cell::into_inner);
    let failed = why_not_stored(&events, answers.collect());
    match failed {
        None => Ok(response::empty()?),
        Some(why) => Err(HttpError::try_again("layer_webhook.not_stored", why)),
    }
}

type Told = Result<Outcome, ObjectError>;

/// Why not every record has stored its event, if so. A record without an answer did not respond in time.
fn why_not_stored(events: &[ForUser], answers: Vec<Option<Told>>) -> Option<String> {
    let silent = events.iter().zip(&answers);
    let mut silent = silent.filter(|(_, answer)| answer.is_none());
    if let Some((first, _)) = silent.next() {
        let (user, others) = (&first.user_id, silent.count());
        return Some(format!(
            "the record of user {user} and {others} others did not respond in time"
        ));
    }
    let mut errors = answers.into_iter().flatten().filter_map(Result::err);
    errors.next().map(|error| error.to_string())
}
