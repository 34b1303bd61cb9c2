//! Nexmo's webhooks: who may call them. Inbound texts and delivery receipts are vouched for in the same way.

mod receipt;
mod text;

use texting::{
    ids::UserId,
    kv::{self, Kv, KvError},
    log::{Entry, Level},
    lookup::Lookup,
    nexmo::{
        params::{Details, params},
        signature,
        token::{receipt_token, webhook_token},
    },
    phone::{Number, Phone},
    secret,
    settings::Settings,
};
use worker::{Env, Method, Request};

use crate::{
    http::{
        error::{Handled, HttpError},
        request, response,
    },
    platform::{clock::now, kv::KvNamespace, log::log},
};

/// What Nexmo calls a webhook about.
#[derive(Clone, Copy)]
pub enum Kind {
    /// An inbound text.
    Text,
    /// What became of a text that was sent.
    Receipt,
}

/// The parameters of a request.
type Params = [(String, String)];

/// Handles a request to `NEXMO_PATH`, or below it. `token` is the last segment of the path, if it has one.
pub async fn handle(
    request: &mut Request,
    env: &Env,
    settings: &Settings,
    kind: Kind,
    token: Option<&str>,
) -> Handled {
    let query = request::query(request);
    if request::method(request) != Method::Post && query.is_empty() {
        // Nexmo sends such a request to probe a URL before it accepts it.
        return Ok(response::empty()?);
    }
    let body = request::body(request, request::LONGEST_BODY).await?;
    if settings.signature.is_none() && !token_is_right(settings, kind, token) {
        return refuse("the path lacks the token of this Worker");
    }
    let content_type = request.headers().get("content-type")?;
    let params = match params(&query, content_type.as_deref(), &body) {
        Ok(params) => params,
        Err(error) => return unreadable(&error.to_string()),
    };
    if !signature_is_right(settings, &params) {
        return refuse("sig is missing or wrong");
    }
    match kind {
        Kind::Text => text::handle(env, settings, &params).await,
        Kind::Receipt => receipt::handle(env, settings, &params).await,
    }
}

fn token_is_right(settings: &Settings, kind: Kind, token: Option<&str>) -> bool {
    let token_of = match kind {
        Kind::Text => webhook_token,
        Kind::Receipt => receipt_token,
    };
    let expected = token_of(&settings.nexmo.secret, settings.chat.webhook_secret());
    token.is_some_and(|token| secret::equal(token, &expected))
}

fn signature_is_right(settings: &Settings, params: &Params) -> bool {
    let check = settings.signature.as_ref();
    check.is_none_or(|check| signature::verify(params, &check.secret, check.method))
}

/// Whether a request's signature is older than the operator allows. By default any age is allowed: Nexmo may
/// retry a request for days, and does not document whether it signs each try anew.
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

fn ignore(why: &str) -> Handled {
    log(&Entry::new(Level::Debug, "nexmo_webhook.ignored").with("why", why));
    Ok(response::empty()?)
}

fn not_stored(error: impl ToString) -> HttpError {
    HttpError::try_again("nexmo_webhook.not_stored", error)
}

/// The user that KV names for a phone and a number.
async fn user_at(
    kv: &KvNamespace,
    phone: &Phone,
    number: &Number,
) -> Result<Option<UserId>, KvError> {
    let keys = Lookup::keys(phone, number);
    let found = kv.get(&keys, now() + kv::TIMEOUT).await?;
    let lookups = found.iter().map(|it| it.as_deref().and_then(Lookup::read));
    Ok(Lookup::find(lookups).map(|lookup| lookup.user_id))
}
