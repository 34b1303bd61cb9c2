//! The REST API of webhooks, and the verification of their targets.

use super::hook::{Hook, HookStatus};
use super::model::Version;
use super::platform::Asked;
use super::wire::Wire;
use super::{Shared, errors, event};
use crate::client::{Answer, Outgoing};
use crate::json::Json;
use crate::lock;
use crate::server::Answered;
use serde_json::{Map, Value};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

pub(super) async fn answer(shared: &Arc<Shared>, asked: &Asked<'_>, path: &[&str]) -> Answered {
    match (asked.incoming.method.as_str(), path) {
        ("GET", []) => list(shared),
        ("POST", []) => create(shared, &asked.incoming.body),
        ("GET", [id]) => show(shared, id, 200),
        ("DELETE", [id]) => delete(shared, id),
        ("POST", [id, "activate"]) => activate(shared, id).await,
        ("POST", [id, "deactivate"]) => deactivate(shared, id),
        (_, []) => errors::method_not_allowed("GET, POST"),
        (_, [_]) => errors::method_not_allowed("GET, DELETE"),
        (_, [_, "activate" | "deactivate"]) => errors::method_not_allowed("POST"),
        _ => errors::invalid_endpoint(),
    }
}

fn list(shared: &Shared) -> Answered {
    let state = lock(&shared.state);
    let wire = Wire {
        app: &shared.options.app_id,
        state: &state,
    };
    errors::ok(
        200,
        &Json::List(state.hooks.iter().map(|hook| wire.hook(hook)).collect()),
    )
}

fn show(shared: &Shared, id: &str, status: u16) -> Answered {
    let state = lock(&shared.state);
    let wire = Wire {
        app: &shared.options.app_id,
        state: &state,
    };
    match state.hooks.iter().find(|hook| hook.id == id) {
        Some(hook) => errors::ok(status, &wire.hook(hook)),
        None => errors::not_found("Webhook"),
    }
}

fn delete(shared: &Shared, id: &str) -> Answered {
    let mut state = lock(&shared.state);
    let before = state.hooks.len();
    state.hooks.retain(|hook| hook.id != id);
    let found = state.hooks.len() < before;
    drop(state);
    shared.traffic.changed();
    if found {
        errors::empty(204)
    } else {
        errors::not_found("Webhook")
    }
}

fn deactivate(shared: &Shared, id: &str) -> Answered {
    shared.set_hook(
        id,
        HookStatus::Inactive,
        Some("Deactivated by User".to_owned()),
    );
    show(shared, id, 200)
}

/// The real one had verified, or failed to, by the time it answered.
async fn activate(shared: &Arc<Shared>, id: &str) -> Answered {
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

fn create(shared: &Arc<Shared>, body: &str) -> Answered {
    let Ok(Value::Object(body)) = serde_json::from_str::<Value>(body) else {
        return errors::invalid_request();
    };
    let hook = match read(&body) {
        Ok(hook) => hook,
        Err(refusal) => return refusal,
    };
    let (id, target) = (hook.id.clone(), hook.target_url.clone());
    lock(&shared.state).hooks.push(hook);
    let answered = show(shared, &id, 201);
    let task = Arc::clone(shared);
    shared
        .traffic
        .spawn(async move { verify(&task, &id, &target).await });
    answered
}

fn read(body: &Map<String, Value>) -> Result<Hook, Answered> {
    let text = |name: &str| {
        let found = body.get(name).ok_or_else(|| errors::omitted(name))?;
        let text = found.as_str().filter(|text| !text.is_empty());
        text.ok_or_else(|| errors::invalid(name, "The property must be a string."))
    };
    let version = Version::named(text("version")?).filter(|version| *version != Version::V1_1);
    let version = version.ok_or_else(|| errors::invalid("version", "There is no such version."))?;
    let target_url = text("target_url")?;
    if !acceptable(target_url) {
        return Err(errors::invalid(
            "target_url",
            "The target must be an HTTPS URL.",
        ));
    }
    let events = body
        .get("events")
        .ok_or_else(|| errors::omitted("events"))?;
    let names: Option<Vec<&str>> = events
        .as_array()
        .map(|all| all.iter().filter_map(Value::as_str).collect());
    let names = names
        .filter(|names| !names.is_empty() && names.iter().all(|name| event::exists(name, version)));
    let names =
        names.ok_or_else(|| errors::invalid("events", "Not all are events of this version."))?;
    let secret = text("secret")?;
    let config = match body.get("config") {
        None | Some(Value::Null) => None,
        Some(Value::Object(config)) => Some(config.clone()),
        Some(_) => return Err(errors::invalid("config", "The property must be an object.")),
    };
    let hook = Hook::active(version, target_url, &names, secret);
    Ok(Hook {
        config,
        status: HookStatus::Unverified,
        ..hook
    })
}

/// HTTPS; a stand-in also takes HTTP on loopback.
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
        Answer::Status(status, _) => Some(format!("unexpected response status: {}", named(status))),
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

fn named(status: u16) -> String {
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
