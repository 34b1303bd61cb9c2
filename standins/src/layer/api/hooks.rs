//! The endpoints of webhooks, and the verification of their targets.

use super::request::Checked;
use crate::http::{Answer, Outgoing, Response};
use crate::json::Json;
use crate::layer::handle::Shared;
use crate::layer::model::{Hook, HookStatus, Version, is_event_type};
use crate::layer::wire::responses;
use crate::lock::lock;
use serde_json::{Map, Value};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

pub(super) async fn respond(
    shared: &Arc<Shared>,
    checked: &Checked<'_>,
    path: &[&str],
) -> Response {
    match (checked.request.method.as_str(), path) {
        ("GET", []) => list(shared),
        ("POST", []) => create(shared, &checked.request.body),
        ("GET", [id]) => show(shared, id, 200),
        ("DELETE", [id]) => delete(shared, id),
        ("POST", [id, "activate"]) => activate(shared, id).await,
        ("POST", [id, "deactivate"]) => deactivate(shared, id),
        (_, []) => responses::method_not_allowed("GET, POST"),
        (_, [_]) => responses::method_not_allowed("GET, DELETE"),
        (_, [_, "activate" | "deactivate"]) => responses::method_not_allowed("POST"),
        _ => responses::invalid_endpoint(),
    }
}

fn list(shared: &Shared) -> Response {
    let state = lock(&shared.state);
    let renderer = shared.renderer(&state);
    let hooks = state.hooks.iter().map(|hook| renderer.hook(hook)).collect();
    responses::json(200, &Json::List(hooks))
}

fn show(shared: &Shared, id: &str, status: u16) -> Response {
    let state = lock(&shared.state);
    match state.hooks.iter().find(|hook| hook.id == id) {
        Some(hook) => responses::json(status, &shared.renderer(&state).hook(hook)),
        None => responses::not_found("Webhook"),
    }
}

fn delete(shared: &Shared, id: &str) -> Response {
    let mut state = lock(&shared.state);
    let before = state.hooks.len();
    state.hooks.retain(|hook| hook.id != id);
    let found = state.hooks.len() < before;
    drop(state);
    shared.traffic.changed();
    if found {
        responses::empty(204)
    } else {
        responses::not_found("Webhook")
    }
}

fn deactivate(shared: &Shared, id: &str) -> Response {
    shared.set_hook(
        id,
        HookStatus::Inactive,
        Some("Deactivated by User".to_owned()),
    );
    show(shared, id, 200)
}

/// Like the real service, responds after the verification.
async fn activate(shared: &Arc<Shared>, id: &str) -> Response {
    let target = {
        let state = lock(&shared.state);
        state
            .hooks
            .iter()
            .find(|hook| hook.id == id)
            .map(|hook| hook.target_url.clone())
    };
    if let Some(target) = target {
        verify(shared, id, &target).await;
    }
    show(shared, id, 200)
}

fn create(shared: &Arc<Shared>, body: &str) -> Response {
    let Ok(Value::Object(body)) = serde_json::from_str::<Value>(body) else {
        return responses::invalid_request();
    };
    let hook = match read(&body) {
        Ok(hook) => hook,
        Err(refusal) => return refusal,
    };
    let (id, target) = (hook.id.clone(), hook.target_url.clone());
    lock(&shared.state).hooks.push(hook);
    let response = show(shared, &id, 201);
    let task = Arc::clone(shared);
    shared
        .traffic
        .spawn(async move { verify(&task, &id, &target).await });
    response
}

/// The webhook in the body of a request to create one.
fn read(body: &Map<String, Value>) -> Result<Hook, Response> {
    let version = Version::named(text(body, "version")?);
    let version = version
        .filter(|version| *version != Version::V1_1)
        .ok_or_else(|| responses::invalid("version", "There is no such version."))?;
    let target_url = text(body, "target_url")?;
    if !acceptable(target_url) {
        let message = "The target must be an HTTPS URL.";
        return Err(responses::invalid("target_url", message));
    }
    let events = event_types(body, version)?;
    let secret = text(body, "secret")?;
    let config = match body.get("config") {
        None | Some(Value::Null) => None,
        Some(Value::Object(config)) => Some(config.clone()),
        Some(_) => {
            let message = "The property must be an object.";
            return Err(responses::invalid("config", message));
        }
    };
    Ok(Hook {
        config,
        status: HookStatus::Unverified,
        ..Hook::active(version, target_url, &events, secret)
    })
}

fn text<'a>(body: &'a Map<String, Value>, name: &str) -> Result<&'a str, Response> {
    let found = body.get(name).ok_or_else(|| responses::omitted(name))?;
    let text = found.as_str().filter(|text| !text.is_empty());
    text.ok_or_else(|| responses::invalid(name, "The property must be a string."))
}

fn event_types(body: &Map<String, Value>, version: Version) -> Result<Vec<&str>, Response> {
    let events = body.get("events");
    let events = events.ok_or_else(|| responses::omitted("events"))?;
    let names: Option<Vec<&str>> = events
        .as_array()
        .map(|all| all.iter().filter_map(Value::as_str).collect());
    let names = names
        .filter(|names| !names.is_empty() && names.iter().all(|name| is_event_type(name, version)));
    names.ok_or_else(|| responses::invalid("events", "Not all are events of this version."))
}

/// Layer accepts HTTPS only; the stand-in also accepts HTTP on loopback.
fn acceptable(url: &str) -> bool {
    let Ok(uri) = url.parse::<hyper::Uri>() else {
        return false;
    };
    let loopback = matches!(uri.host(), Some("127.0.0.1" | "localhost" | "[::1]"));
    match uri.scheme_str() {
        Some("https") => uri.host().is_some(),
        Some("http") => loopback,
        _ => false,
    }
}

/// Activates the webhook if its target returns the challenge; otherwise makes it inactive.
async fn verify(shared: &Shared, id: &str, target: &str) {
    let challenge = Uuid::new_v4().simple().to_string();
    let mark = if target.contains('?') { '&' } else { '?' };
    let outgoing = Outgoing {
        method: "GET".to_owned(),
        url: format!("{target}{mark}verification_challenge={challenge}"),
        headers: vec![("user-agent".to_owned(), "layer-webhooks/1.0".to_owned())],
        body: String::new(),
    };
    let answer = shared
        .traffic
        .client
        .send(&outgoing, Duration::from_secs(5))
        .await;
    let problem = match answer {
        Answer::Status(200, body) if body == challenge => None,
        Answer::Status(200, _) => Some("unexpected response body".to_owned()),
        Answer::Status(status, _) => Some(format!(
            "unexpected response status: {}",
            status_line(status)
        )),
        Answer::TimedOut => Some("timeout".to_owned()),
        Answer::Failed(_) => Some("connection error".to_owned()),
    };
    match problem {
        None => shared.set_hook(id, HookStatus::Active, None),
        Some(problem) => {
            let reason = format!("Verification failed due to {problem}");
            shared.set_hook(id, HookStatus::Inactive, Some(reason));
        }
    }
}

/// A status with its reason, such as `404 Not Found`.
fn status_line(status: u16) -> String {
    hyper::StatusCode::from_u16(status)
        .map_or_else(|_| status.to_string(), |status| status.to_string())
}

impl Shared {
    fn set_hook(&self, id: &str, status: HookStatus, reason: Option<String>) {
        if let Some(hook) = lock(&self.state)
            .hooks
            .iter_mut()
            .find(|hook| hook.id == id)
        {
            hook.status = status;
            hook.status_reason = reason;
            hook.epoch += 1;
        }
        self.traffic.changed();
    }
}
