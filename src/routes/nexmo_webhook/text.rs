//! Inbound texts, which are passed on to user records.

use texting::{
    consent::Wish,
    ids::UserId,
    inbound::Handling,
    log::{Entry, Level},
    nexmo::{
        inbound::{Inbound, read},
        params::Details,
    },
    record::command::{Event, Outcome},
    settings::Settings,
    sms::inbound::InboundText,
    stray,
    time::{SECOND, Span},
};
use worker::Env;

use super::{Params, ignore, is_too_old, not_stored, refuse, unreadable, user_at};
use crate::{
    http::{
        error::{Handled, HttpError},
        response,
    },
    objects::user_record::client,
    platform::{clock::now, kv::KvNamespace, log::log, outbound::Internet},
    wishes,
};

/// How long an answer may take altogether. Nexmo waits for 15 seconds.
const ANSWER_TIMEOUT: Span = SECOND.times(8);

/// Handles a request that is vouched for.
pub(super) async fn handle(env: &Env, settings: &Settings, params: &Params) -> Handled {
    match read(params) {
        Ok(Inbound::NotAText(why)) => ignore(why),
        Ok(Inbound::Text(_, details)) if is_too_old(settings, &details) => {
            refuse("timestamp is older than NEXMO_SIGNATURE_MAX_AGE")
        }
        Ok(Inbound::Text(text, details)) => deliver(env, settings, text, &details).await,
        Err(error) => unreadable(&error.to_string()),
    }
}

/// Passes a text on to the record of its user. 200 if the record has stored it, or if the phone is unknown
/// and stays so; otherwise 503, so that Nexmo tries again.
async fn deliver(env: &Env, settings: &Settings, text: InboundText, details: &Details) -> Handled {
    let kv = KvNamespace::new(env);
    let known = user_at(&kv, &text.phone, &text.number).await;
    let outcome = match known.map_err(not_stored)? {
        Some(user_id) => Some(tell(env, &user_id, &text).await?),
        None => None,
    };
    let age = details.message_timestamp.map(|at| now() - at);
    match Handling::of(&text, outcome, age) {
        Handling::Done => {}
        Handling::Later => {
            let why = "no user is known at this phone yet: try again";
            return Ok(response::text(503, why)?);
        }
        Handling::Wish { opted_out } => {
            log_unknown(&text);
            let wish = Wish::sent(opted_out, details.message_timestamp, now());
            let stored = wishes::store(&kv, &text.phone, wish).await;
            stored.map_err(not_stored)?;
        }
        Handling::Unknown => {
            log_unknown(&text);
            answer(settings, &text, &kv).await;
        }
        Handling::NoConversation => answer(settings, &text, &kv).await,
    }
    Ok(response::empty()?)
}

async fn tell(env: &Env, user_id: &UserId, text: &InboundText) -> Result<Outcome, HttpError> {
    let told = client::tell_with_timeout(env, user_id, &Event::Text(text.clone())).await;
    told.map_err(not_stored)
}

async fn answer(settings: &Settings, text: &InboundText, kv: &KvNamespace) {
    let deadline = now() + ANSWER_TIMEOUT;
    if let Some(entry) = stray::answer(settings, text, (kv, &Internet), deadline).await {
        log(&entry);
    }
}

fn log_unknown(text: &InboundText) {
    log(&Entry::new(Level::Warn, "nexmo_webhook.unknown_phone")
        .with("phone", text.phone.masked())
        .with("number", text.number.masked()));
}
