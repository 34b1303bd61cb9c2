//! Nexmo's webhook: texts from phones on their way to the record of the user who sent them.

use texting::{
    keyword::{Keyword, keyword},
    log::{Entry, Level},
    nexmo::{
        inbound::{Details, Inbound, params, read},
        signature,
        token::webhook_token,
    },
    phone::mask,
    record::command::{Command, InboundText, Outcome},
    secret,
    settings::Settings,
    time::{MINUTE, Millis},
    web_address::path_and_query,
};
use worker::{Env, Method, Request, Response, Result};

use crate::{answer, edge, kv, routes, user_record::client};

/// KV may take this long to show an entry everywhere; so long, an unknown phone is asked to wait.
const KV_PATIENCE: Millis = 2 * MINUTE;

type Params = Vec<(String, String)>;

/// Answers a request to `NEXMO_PATH`, or to one level below it.
pub async fn answer(
    request: &mut Request,
    env: &Env,
    settings: &Settings,
    token: Option<&str>,
) -> Result<Response> {
    let method = routes::method(request);
    if !matches!(method, Method::Get | Method::Head | Method::Post) {
        return answer::method_not_allowed("GET, POST");
    }
    let url = request.inner().url();
    let (_, query) = path_and_query(&url);
    if method != Method::Post && query.is_none_or(str::is_empty) {
        // Nexmo asks so before it stores a URL.
        return answer::accepted();
    }
    let body = match routes::body(request).await? {
        Ok(body) => body,
        Err(refusal) => return Ok(refusal),
    };
    if settings.signature.is_none() && !token_is_right(settings, token) {
        return refuse("the path lacks the token that POST /admin/setup gives each number");
    }
    let content_type = request.headers().get("content-type")?;
    let params = match params(query, content_type.as_deref(), &body) {
        Ok(params) => params,
        Err(problem) => return nonsense(&problem.to_string()),
    };
    if !signature_is_right(settings, &params) {
        return refuse("sig is missing or wrong");
    }
    match read(&params) {
        Ok(Inbound::NotAText(why)) => {
            edge::log(&Entry::new(Level::Debug, "nexmo_webhook.ignored").with("why", why));
            answer::accepted()
        }
        Ok(Inbound::Text(_, details)) if too_old(settings, &details) => {
            refuse("timestamp is older than NEXMO_SIGNATURE_MAX_AGE")
        }
        Ok(Inbound::Text(text, details)) => deliver(env, text, &details).await,
        Err(problem) => nonsense(&problem.to_string()),
    }
}

fn token_is_right(settings: &Settings, token: Option<&str>) -> bool {
    let expected = webhook_token(&settings.nexmo.secret, &settings.webhook_secret);
    token.is_some_and(|token| secret::equal(token, &expected))
}

fn signature_is_right(settings: &Settings, params: &Params) -> bool {
    settings
        .signature
        .as_ref()
        .is_none_or(|check| signature::verify(params, &check.secret, check.method))
}

/// Only where the operator asks for it: Nexmo may try for a day to deliver a text, and nobody says
/// whether it signs anew.
fn too_old(settings: &Settings, details: &Details) -> bool {
    let max_age = settings.signature.as_ref().and_then(|check| check.max_age);
    max_age.is_some_and(|max_age| {
        details
            .signed_at
            .is_none_or(|signed_at| edge::now() - signed_at > max_age)
    })
}

fn refuse(why: &str) -> Result<Response> {
    edge::log(&Entry::new(Level::Warn, "nexmo_webhook.refused").with("why", why));
    answer::text(403, why)
}

fn nonsense(why: &str) -> Result<Response> {
    edge::log(&Entry::new(Level::Warn, "nexmo_webhook.unreadable").with("why", why));
    answer::text(400, why)
}

async fn deliver(env: &Env, text: InboundText, details: &Details) -> Result<Response> {
    let user = match kv::user_at(env, &text.phone, &text.number).await {
        Ok(user) => user,
        Err(error) => return routes::try_again("nexmo_webhook.not_stored", &error.to_string()),
    };
    let Some(user) = user else {
        return unknown(env, &text, details).await;
    };
    match client::tell(env, &user, &Command::Text(text.clone())).await {
        Ok(Outcome::NotTheirPhone) => unknown(env, &text, details).await,
        Ok(_) => answer::accepted(),
        Err(error) => routes::try_again("nexmo_webhook.not_stored", &error.to_string()),
    }
}

/// Nobody is known to text from this phone to this number: perhaps not yet.
async fn unknown(env: &Env, text: &InboundText, details: &Details) -> Result<Response> {
    let age = details.message_timestamp.map(|at| edge::now() - at);
    if age.is_some_and(|age| age < KV_PATIENCE) {
        return answer::text(503, "nobody is known at this phone yet: try again");
    }
    edge::log(
        &Entry::new(Level::Warn, "nexmo_webhook.unknown_phone")
            .with("phone", mask(&text.phone))
            .with("number", mask(&text.number)),
    );
    if text.part.is_none()
        && keyword(&text.text) == Some(Keyword::Stop)
        && let Err(error) = kv::opt_out(env, &text.phone).await
    {
        return routes::try_again("nexmo_webhook.not_stored", &error.to_string());
    }
    answer::accepted()
}
