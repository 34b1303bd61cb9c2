//! The operator's routes. Anybody may load the console's files; everything else needs the bearer token.
//! `docs/openapi.yaml` describes the responses.
//!
//! If `ADMIN_TOKEN` is not set, all of these routes answer 404. If it is, `/admin/settings` works even while
//! other settings are wrong.

use serde_json::{Value, json};
use texting::{
    chat::port::Chat,
    consent::Wish,
    console::ConsoleFile,
    ids::UserId,
    kv,
    log::{Entry, Level},
    lookup::{Lookup, reached},
    matrix::registration,
    phone::Phone,
    record::command::{OperatorCommand, Outcome},
    routes::Route,
    settings::{self, Settings},
    setup::Mode,
};
use worker::{Env, Method, Request};

use super::{console, settings_health};
use crate::{
    configuration::{self, Configuration, Configured},
    health,
    http::{
        error::{Handled, HttpError},
        request, response,
    },
    objects::{statistics, user_record::client},
    platform::{clock::now, kv::KvNamespace, log::log},
    setup, wishes,
};

/// Handles a request to `/admin` or below it.
pub async fn handle(
    request: &Request,
    env: &Env,
    configuration: &Configuration,
    path: &str,
    route: Option<Route<'_>>,
) -> Handled {
    let Some(token) = settings::admin_token(&|name| configuration::variable(env, name)) else {
        return Err(HttpError::NotFound);
    };
    if let Some(file) = ConsoleFile::at(path)
        && let Some(response) = console::handle(request, env, file).await?
    {
        return Ok(response);
    }
    let bearer = request::bearer(request)?.unwrap_or_default();
    if !token.matches(bearer.as_bytes()) {
        return unauthorized();
    }
    match (route, configuration) {
        (Some(Route::Settings), _) => {
            request::allowed_method(request, &Route::Settings)?;
            get_settings(env, configuration)
        }
        (_, Err(problems)) => settings_health::misconfigured(problems),
        (None, _) => Err(HttpError::NotFound),
        (Some(route), Ok(configured)) => respond(request, env, configured, route).await,
    }
}

fn unauthorized() -> Handled {
    let response = response::json(401, &json!({ "error": "unauthorized" }))?;
    response.headers().set("www-authenticate", "Bearer")?;
    Ok(response)
}

/// Handles the routes that need usable settings.
async fn respond(
    request: &Request,
    env: &Env,
    configured: &Configured,
    route: Route<'_>,
) -> Handled {
    let method = request::allowed_method(request, &route)?;
    match (route, method) {
        (Route::Setup, Method::Get) => get_setup(configured).await,
        (Route::Setup, Method::Post) => post_setup(configured).await,
        (Route::ServicesHealth, Method::Get) => get_health(env, configured).await,
        (Route::MatrixRegistration, Method::Get) => get_registration(&configured.settings),
        (Route::Statistics, Method::Get) => get_statistics(env, configured).await,
        (Route::Users, Method::Get) => get_users(env, &request::query(request)).await,
        (Route::User(user), Method::Get) => get_user(env, &user_id(user)).await,
        (Route::User(user), Method::Delete) => {
            command(env, &user_id(user), OperatorCommand::Erase).await
        }
        (Route::OptOut(phone), Method::Delete) => lift_opt_out(env, &decoded(phone)).await,
        (Route::Wake(user), Method::Post) => {
            command(env, &user_id(user), OperatorCommand::Wake).await
        }
        (Route::Retry { user, failure }, Method::Post) => {
            retry_failure(env, &user_id(user), failure).await
        }
        _ => Err(HttpError::NotFound),
    }
}

/// Reads a user id from the path, where it is percent-encoded: it may hold any character.
fn user_id(segment: &str) -> UserId {
    UserId::new(decoded(segment))
}

fn decoded(segment: &str) -> String {
    let decoded = worker::js_sys::decode_uri_component(segment);
    decoded.map_or_else(|_| segment.to_owned(), String::from)
}

/// Stores that a phone wants texts again, as a START from it would. 204 also if it never sent STOP.
async fn lift_opt_out(env: &Env, phone: &str) -> Handled {
    let Some(phone) = Phone::parse(phone) else {
        return no_phone();
    };
    let wish = Wish {
        opted_out: false,
        at: now(),
    };
    let stored = wishes::store(&KvNamespace::new(env), &phone, wish).await;
    stored.map_err(not_done)?;
    // It overrides what a person said.
    log(&Entry::new(Level::Warn, "opt_out.lifted").with("phone", phone.masked()));
    Ok(response::empty()?.with_status(204))
}

/// The settings as they are, and what is wrong with them.
fn get_settings(env: &Env, configuration: &Configuration) -> Handled {
    let problems = configuration.as_ref().err();
    let body = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "ok": problems.is_none(),
        "settings": settings::overview(&|name| configuration::variable(env, name)),
        "problems": problems.map_or(&[][..], Vec::as_slice),
        "warnings": configuration::warnings(env),
    });
    Ok(response::json(200, &body)?)
}

/// Reports what setup would change. Always 200: the report says whether everything is in place.
async fn get_setup(configured: &Configured) -> Handled {
    let report = setup::run(&configured.settings, Mode::Check).await;
    Ok(response::json(200, &report)?)
}

/// Runs setup and responds with its report: 200 if everything is in place afterwards, otherwise 502.
async fn post_setup(configured: &Configured) -> Handled {
    let report = setup::run(&configured.settings, Mode::Apply).await;
    Ok(response::json(if report.ok { 200 } else { 502 }, &report)?)
}

/// Asks every service. 200 if none has failed, otherwise 502.
async fn get_health(env: &Env, configured: &Configured) -> Handled {
    let report = health::run(env, &configured.settings).await;
    Ok(response::json(if report.ok { 200 } else { 502 }, &report)?)
}

/// The registration of the application service, without its tokens.
fn get_registration(settings: &Settings) -> Handled {
    match &settings.chat {
        Chat::Matrix(matrix) => {
            let yaml = registration::yaml(&matrix.homeserver, &settings.server_url);
            Ok(response::text(200, &yaml)?)
        }
        Chat::Layer(_) => Err(HttpError::NotFound),
    }
}

async fn get_statistics(env: &Env, configured: &Configured) -> Handled {
    let mut statistics = statistics::client::show(env).await.map_err(not_done)?;
    if let Value::Object(fields) = &mut statistics {
        fields.insert("pool".to_owned(), configured.settings.numbers.len().into());
    }
    Ok(response::json(200, &statistics)?)
}

/// The users whom texts from a phone reach, as far as KV knows, and the phone's last STOP or START.
async fn get_users(env: &Env, query: &str) -> Handled {
    let mut params = form_urlencoded::parse(query.as_bytes());
    let phone = params.find(|(name, _)| name == "phone");
    let Some(phone) = phone.and_then(|(_, phone)| Phone::parse(&phone)) else {
        return no_phone();
    };
    let kv = KvNamespace::new(env);
    let mut entries = Vec::new();
    for prefix in Lookup::prefixes(&phone) {
        let found = kv.entries(&prefix, now() + kv::TIMEOUT).await;
        entries.extend(found.map_err(not_done)?);
    }
    let wish = wishes::last(&kv, &phone).await.map_err(not_done)?;
    let body = json!({ "phone": phone, "users": reached(&entries), "wish": wish });
    Ok(response::json(200, &body)?)
}

fn no_phone() -> Handled {
    Ok(response::text(
        400,
        "this is no phone with its country's code",
    )?)
}

async fn get_user(env: &Env, user_id: &UserId) -> Handled {
    let record = client::show(env, user_id).await.map_err(not_done)?;
    Ok(response::json(200, &record)?)
}

async fn retry_failure(env: &Env, user_id: &UserId, seq: &str) -> Handled {
    let seq = seq.parse().map_err(|_| HttpError::NotFound)?;
    command(env, user_id, OperatorCommand::Retry { seq }).await
}

/// Sends a command to a user record. The response is the outcome's word as JSON, or 404 if there is no such
/// failure.
async fn command(env: &Env, user_id: &UserId, command: OperatorCommand) -> Handled {
    let outcome = client::command(env, user_id, command).await;
    match outcome.map_err(not_done)? {
        Outcome::NoSuchFailure => Err(HttpError::NotFound),
        outcome => Ok(response::json(200, &outcome.word())?),
    }
}

fn not_done(error: impl ToString) -> HttpError {
    HttpError::try_again("admin.not_done", error)
}
