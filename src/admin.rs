//! The operator's routes: the console, which anybody may load, and behind the bearer token what it and
//! scripts ask. `docs/openapi.yaml` says what each answers.
//!
//! None of it is there while no `ADMIN_TOKEN` is set; with one, the settings can be seen however wrong
//! they are.

use serde_json::{Value, json};
use texting::{
    record::command::{Command, Outcome},
    settings,
    setup::Mode,
};
use worker::{Env, Method, Request, Response, Result};

use crate::{
    answer,
    configuration::{self, Configuration, Configured},
    console, health,
    object::ObjectError,
    routes, setup, statistics,
    user_record::client,
};

/// Answers a request to `/admin` or below it.
pub async fn answer(
    request: &Request,
    env: &Env,
    configuration: &Configuration,
    path: &str,
) -> Result<Response> {
    let Some(token) = settings::admin_token(|name| configuration::variable(env, name)) else {
        return answer::not_found();
    };
    if let Some(file) = console::file(path) {
        return console::answer(request, file);
    }
    if !token.matches(bearer(request)?.as_bytes()) {
        let answer = answer::json(401, &json!({ "error": "unauthorized" }))?;
        answer.headers().set("www-authenticate", "Bearer")?;
        return Ok(answer);
    }
    let path = path.strip_prefix("/admin").unwrap_or(path);
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    match (segments.as_slice(), configuration) {
        (["settings"], _) => settings_seen(env, configuration, &routes::method(request)),
        (segments, Ok(configured)) => {
            route(env, configured, segments, routes::method(request)).await
        }
        (_, Err(problems)) => health::misconfigured(problems),
    }
}

/// The bearer token of a request, empty when there is none.
fn bearer(request: &Request) -> Result<String> {
    let authorization = request.headers().get("authorization")?.unwrap_or_default();
    Ok(match authorization.split_once(' ') {
        Some((scheme, bearer)) if scheme.eq_ignore_ascii_case("bearer") => bearer.trim().to_owned(),
        _ => String::new(),
    })
}

async fn route(
    env: &Env,
    configured: &Configured,
    segments: &[&str],
    method: Method,
) -> Result<Response> {
    match (segments, method) {
        (["setup"], Method::Get) => setup::by_request(configured, Mode::Look).await,
        (["setup"], Method::Post) => setup::by_request(configured, Mode::Mend).await,
        (["setup"], _) => answer::method_not_allowed("GET, POST"),
        (["statistics"], Method::Get) => counted(env, configured).await,
        (["statistics"], _) => answer::method_not_allowed("GET"),
        (["users", user], method) => user_itself(env, &decoded(user), method).await,
        (["users", user, "wake"], Method::Post) => {
            told(client::tell_patiently(env, &decoded(user), &Command::Wake).await)
        }
        (["users", _, "wake"], _) => answer::method_not_allowed("POST"),
        (["users", user, "failures", seq, "retry"], method) => match (seq.parse(), method) {
            (Ok(seq), Method::Post) => retry(env, &decoded(user), seq).await,
            (Err(_), Method::Post) => answer::not_found(),
            _ => answer::method_not_allowed("POST"),
        },
        _ => answer::not_found(),
    }
}

/// A user id may hold anything: in the path it is percent-encoded.
fn decoded(segment: &str) -> String {
    worker::js_sys::decode_uri_component(segment).map_or_else(|_| segment.to_owned(), String::from)
}

async fn user_itself(env: &Env, user: &str, method: Method) -> Result<Response> {
    match method {
        Method::Get => seen(client::show(env, user).await),
        Method::Delete => told(client::tell_patiently(env, user, &Command::Erase).await),
        _ => answer::method_not_allowed("GET, DELETE"),
    }
}

async fn retry(env: &Env, user: &str, seq: i64) -> Result<Response> {
    match client::tell_patiently(env, user, &Command::Retry { seq }).await {
        Ok(Outcome::NoSuchFailure) => answer::not_found(),
        done => told(done),
    }
}

fn told(outcome: std::result::Result<Outcome, ObjectError>) -> Result<Response> {
    seen(outcome.map(|outcome| outcome.word().into()))
}

fn seen(answer: std::result::Result<Value, ObjectError>) -> Result<Response> {
    match answer {
        Ok(answer) => answer::json(200, &answer),
        Err(error) => routes::try_again("admin.not_done", &error.to_string()),
    }
}

async fn counted(env: &Env, configured: &Configured) -> Result<Response> {
    let mut all = statistics::ask(env).await;
    if let Ok(Value::Object(fields)) = &mut all {
        fields.insert("pool".to_owned(), configured.settings.numbers.len().into());
    }
    seen(all)
}

/// The settings as they stand, and what is wrong with them.
fn settings_seen(env: &Env, configuration: &Configuration, method: &Method) -> Result<Response> {
    if *method != Method::Get {
        return answer::method_not_allowed("GET");
    }
    let problems = configuration.as_ref().err();
    answer::json(
        200,
        &json!({
            "version": env!("CARGO_PKG_VERSION"),
            "ok": problems.is_none(),
            "settings": settings::overview(|name| configuration::variable(env, name)),
            "problems": problems.map_or(&[][..], Vec::as_slice),
        }),
    )
}
