//! The operator's routes, behind the bearer token.
//!
//! `POST /admin/setup`; `GET` and `DELETE /admin/users/{user_id}`; `POST /admin/users/{user_id}/wake`.

use texting::record::command::Command;
use worker::{Env, Method, Request, Response, Result};

use crate::{answer, configuration::Configured, routes, setup, user_record::client};

/// Answers a request below `/admin`.
pub async fn answer(
    request: &mut Request,
    env: &Env,
    configured: &Configured,
    path: &str,
) -> Result<Response> {
    let Some(token) = &configured.settings.admin_token else { return answer::not_found() };
    let authorization = request.headers().get("authorization")?.unwrap_or_default();
    let bearer = match authorization.split_once(' ') {
        Some((scheme, bearer)) if scheme.eq_ignore_ascii_case("bearer") => bearer.trim(),
        _ => "",
    };
    if !token.matches(bearer.as_bytes()) {
        let answer = answer::json(401, &serde_json::json!({ "error": "unauthorized" }))?;
        answer.headers().set("www-authenticate", "Bearer")?;
        return Ok(answer);
    }
    let route = path.strip_prefix("/admin").unwrap_or(path);
    let segments: Vec<&str> = route.split('/').skip(1).collect();
    match (segments.as_slice(), request.method()) {
        (["setup"], Method::Post) => setup::by_request(configured).await,
        (["setup"], _) => answer::method_not_allowed("POST"),
        (["users", user], method) => user_itself(env, &decoded(user), method).await,
        (["users", user, "wake"], Method::Post) => {
            told(client::ask(env, &decoded(user), &Command::Wake).await)
        }
        (["users", _, "wake"], _) => answer::method_not_allowed("POST"),
        _ => answer::not_found(),
    }
}

/// A user id may hold anything: in the path it is percent-encoded.
fn decoded(segment: &str) -> String {
    worker::js_sys::decode_uri_component(segment).map_or_else(|_| segment.to_owned(), String::from)
}

async fn user_itself(env: &Env, user: &str, method: Method) -> Result<Response> {
    match method {
        Method::Get => told(client::ask(env, user, &Command::Show).await),
        Method::Delete => told(client::ask(env, user, &Command::Erase).await),
        _ => answer::method_not_allowed("GET, DELETE"),
    }
}

fn told(answer: std::result::Result<serde_json::Value, client::RecordError>) -> Result<Response> {
    match answer {
        Ok(answer) => answer::json(200, &answer),
        Err(error) => routes::try_again("admin.not_done", &error.to_string()),
    }
}
