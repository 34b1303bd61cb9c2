//! Nexmo's webhook: inbound texts, which are passed on to user records.

use texting::{
    consent::Wish,
    ids::UserId,
    inbound::Delivery,
    kv::{Kv, KvError},
    log::{Entry, Level},
    lookup::Lookup,
    nexmo::{
        inbound::{Details, Inbound, params, read},
        signature,
        token::webhook_token,
    },
    record::command::{Event, Outcome},
    secret,
    settings::Settings,
    sms::inbound::InboundText,
    time::{SECOND, Span},
};
use worker::{Env, Method, Request};

use crate::{
    http::{
        error::{Handled, HttpError},
        request, response,
    },
    objects::user_record::client,
    platform::{clock::now, kv::KvNamespace, log::log},
    wishes,
};

/// How long KV may take.
const KV_TIMEOUT: Span = SECOND.times(5);

/// Handles a request to `NEXMO_PATH`, or to one segment below it, which is the token.
pub async fn handle(
    request: &mut Request,
    env: &Env,
    settings: &Settings,
    token: Option<&str>,
) -> Handled {
    let query = request::query(request);
    if request::method(request) != Method::Post && query.is_empty() {
        // Nexmo sends such a request to probe a URL before it accepts it.
        return Ok(response::empty()?);
    }
    let body = request::body(request, request::LONGEST_BODY).await?;
    if settings.signature.is_none() && !token_is_right(settings, token) {
        return refuse("the path lacks the token that POST /admin/setup gives each number");
    }
    let content_type = request.headers().get("content-type")?;
    match params(&query, content_type.as_deref(), &body) {
        Ok(params) => webhook(env, settings, &params).await,
        Err(error) => unreadable(&error.to_string()),
    }
}

async fn webhook(env: &Env, settings: &Settings, params: &[(String, String)]) -> Handled {
    if !signature_is_right(settings, params) {
        return refuse("sig is missing or wrong");
    }
    match read(params) {
        Ok(Inbound::NotAText(why)) => {
            log(&Entry::new(Level::Debug, "nexmo_webhook.ignored").with("why", why));
            Ok(response::empty()?)
        }
        Ok(Inbound::Text(_, details)) if is_too_old(settings, &details) => {
            refuse("timestamp is older than NEXMO_SIGNATURE_MAX_AGE")
        }
        Ok(Inbound::Text(text, details)) => deliver(env, text, &details).await,
        Err(error) => unreadable(&error.to_string()),
    }
}

fn token_is_right(settings: &Settings, token: Option<&str>) -> bool {
    let expected = webhook_token(&settings.nexmo.secret, settings.chat.webhook_secret());
    token.is_some_and(|token| secret::equal(token, &expected))
}

fn signature_is_right(settings: &Settings, params: &[(String, String)]) -> bool {
    let check = settings.signature.as_ref();
    check.is_none_or(|check| signature::verify(params, &check.secret, check.method))
}

/// Whether a text's signature is older than the operator allows. By default any age is allowed: Nexmo may
/// retry a text for a day, and does not document whether it signs each try anew.
fn is_too_old(settings: &Settings, details: &Details) -> bool {
    let max_age = settings.signature.as_ref().and_then(|check| check.max_age);
    max_age.is_some_and(|max_age| {
        let signed_at = details.signed_at;
        signed_at.is_none_or(|signed_at| now() - signed_at > max_age)
    })
}

fn refuse(why: &str) -> Handled {
    log(&Entry::new(Level::Warn, "nexmo_webhook.refused").with("why", why));
    Ok(response::text(403, why)?)
}

fn unreadable(why: &str) -> Handled {
    log(&Entry::new(Level::Warn, "nexmo_webhook.unreadable").with("why", why));
    Ok(response::text(400, why)?)
}

/// Passes a text on to the record of its user. 200 if the record has stored it, or if the phone is unknown
/// and stays so; otherwise 503, so that Nexmo tries again.
async fn deliver(env: &Env, text: InboundText, details: &Details) -> Handled {
    let kv = KvNamespace::new(env);
    let outcome = match user_at(&kv, &text).await.map_err(not_stored)? {
        Some(user_id) => Some(tell(env, &user_id, &text).await?),
        None => None,
    };
    let age = details.message_timestamp.map(|at| now() - at);
    match Delivery::of(&text, outcome, age) {
        Delivery::Done => {}
        Delivery::Later => {
            let why = "no user is known at this phone yet: try again";
            return Ok(response::text(503, why)?);
        }
        Delivery::Wish { opted_out } => {
            log_unknown(&text);
            let wish = Wish::sent(opted_out, details.message_timestamp, now());
            let stored = wishes::store(&kv, &text.phone, wish).await;
            stored.map_err(not_stored)?;
        }
        Delivery::Unknown => log_unknown(&text),
    }
    Ok(response::empty()?)
}

async fn tell(env: &Env, user_id: &UserId, text: &InboundText) -> Result<Outcome, HttpError> {
    let told = client::tell_with_timeout(env, user_id, &Event::Text(text.clone())).await;
    told.map_err(not_stored)
}

fn not_stored(error: impl ToString) -> HttpError {
    HttpError::try_again("nexmo_webhook.not_stored", error)
}

fn log_unknown(text: &InboundText) {
    log(&Entry::new(Level::Warn, "nexmo_webhook.unknown_phone")
        .with("phone", text.phone.masked())
        .with("number", text.number.masked()));
}

/// The user that KV names for the text's phone and number.
async fn user_at(kv: &KvNamespace, text: &InboundText) -> Result<Option<UserId>, KvError> {
    let keys = Lookup::keys(&text.phone, &text.number);
    let found = kv.get(&keys, now() + KV_TIMEOUT).await?;
    let lookups = found.iter().map(|it| it.as_deref().and_then(Lookup::read));
    Ok(Lookup::find(lookups).map(|lookup| lookup.user_id))
}
