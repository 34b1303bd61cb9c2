//! The account and number API.

use super::auth::Credentials;
use super::params::{self, Params};
use crate::http::{Outgoing, Request, Response};
use crate::json::{Json, object};
use crate::lock::lock;
use crate::nexmo::handle::Shared;
use crate::nexmo::model::Number;
use crate::nexmo::wire::JSON;
use serde_json::Value;
use std::time::Duration;

/// Properties of a number, beside `moHttpUrl`, that an update replaces or, if omitted, removes.
const EXTRA: [&str; 7] = [
    "app_id",
    "moSmppSysType",
    "voiceCallbackType",
    "voiceCallbackValue",
    "voiceStatusCallback",
    "messagesCallbackType",
    "messagesCallbackValue",
];

fn result(status: u16, label: &str) -> Response {
    let json = object([
        ("error-code", status.to_string().into()),
        ("error-code-label", label.into()),
    ]);
    Response::new(status, JSON, json.text())
}

/// Authenticates by Basic or by the query, and applies the limit of one request a second, if it is on.
fn admit(shared: &Shared, request: &Request) -> Result<(), Response> {
    let credentials =
        Credentials::in_header(request).or_else(|| Credentials::in_params(&params::query(request)));
    if !credentials.is_some_and(|credentials| credentials.are_valid(shared)) {
        return Err(result(401, "authentication failed"));
    }
    if shared.options.account_limit && !lock(&shared.state).limits.account() {
        return Err(result(429, "too many requests"));
    }
    Ok(())
}

pub(super) fn numbers(shared: &Shared, request: &Request) -> Response {
    if let Err(refusal) = admit(shared, request) {
        return refusal;
    }
    let query = params::query(request);
    let number = |name: &str, default: usize| {
        query
            .get(name)
            .map_or(Some(default), |text| text.parse().ok())
    };
    let (Some(size), Some(index)) = (number("size", 10), number("index", 1)) else {
        return result(420, "method failed");
    };
    if !(1..=100).contains(&size) || index == 0 {
        return result(420, "method failed");
    }
    let state = lock(&shared.state);
    let found: Vec<_> = state
        .numbers
        .iter()
        .filter(|number| wanted(number, &query))
        .collect();
    if found.is_empty() {
        return Response::new(200, JSON, "{}".to_owned());
    }
    let page = found
        .iter()
        .skip(size * (index - 1))
        .take(size)
        .map(|number| listed(number));
    let json = object([
        ("count", found.len().into()),
        ("numbers", Json::List(page.collect())),
    ]);
    Response::new(200, JSON, json.text())
}

fn wanted(number: &Number, query: &Params) -> bool {
    let pattern = query.get("pattern").map(String::as_str).unwrap_or_default();
    let matches = match query.get("search_pattern").map(String::as_str) {
        Some("1") => number.msisdn.contains(pattern),
        Some("2") => number.msisdn.ends_with(pattern),
        _ => number.msisdn.starts_with(pattern),
    };
    matches
        && query
            .get("country")
            .is_none_or(|country| *country == number.country)
}

fn listed(number: &Number) -> Json {
    let json = object([
        ("country", number.country.as_str().into()),
        ("msisdn", number.msisdn.as_str().into()),
    ]);
    let json = match &number.mo_http_url {
        Some(url) => json.with("moHttpUrl", url.as_str()),
        None => json,
    };
    let json = json
        .with("type", "mobile-lvn")
        .with("features", Value::from(number.features.clone()));
    number
        .extra
        .iter()
        .fold(json, |json, (name, value)| json.with(name, value.as_str()))
}

pub(super) async fn update(shared: &Shared, request: &Request) -> Response {
    if let Err(refusal) = admit(shared, request) {
        return refusal;
    }
    let params = params::body(request);
    let (Some(country), Some(msisdn)) = (params.get("country"), params.get("msisdn")) else {
        return result(420, "method failed");
    };
    let is = |number: &Number| number.country == *country && number.msisdn == *msisdn;
    if !lock(&shared.state).numbers.iter().any(is) {
        return result(420, "method failed");
    }
    let url = params
        .get("moHttpUrl")
        .filter(|url| !url.is_empty())
        .cloned();
    if let Some(url) = &url
        && !is_live(shared, url).await
    {
        return result(420, "method failed");
    }
    let extra = EXTRA
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), params.get(*name)?.clone())));
    let extra: Params = extra.filter(|(_, value)| !value.is_empty()).collect();
    for number in lock(&shared.state)
        .numbers
        .iter_mut()
        .filter(|number| is(number))
    {
        number.mo_http_url.clone_from(&url);
        number.extra.clone_from(&extra);
    }
    shared.traffic.changed();
    result(200, "success")
}

/// Whether a GET of the URL gets 200; otherwise Nexmo does not accept it.
async fn is_live(shared: &Shared, url: &str) -> bool {
    let outgoing = Outgoing {
        method: "GET".to_owned(),
        url: url.to_owned(),
        ..Outgoing::default()
    };
    shared
        .traffic
        .client
        .send(&outgoing, Duration::from_secs(5))
        .await
        .status()
        == Some(200)
}

pub(super) fn balance(shared: &Shared, request: &Request) -> Response {
    if let Err(refusal) = admit(shared, request) {
        return refusal;
    }
    let json = object([
        ("value", lock(&shared.state).balance.into()),
        ("autoReload", false.into()),
    ]);
    Response::new(200, JSON, json.text())
}

pub(super) async fn settings(shared: &Shared, request: &Request) -> Response {
    if let Err(refusal) = admit(shared, request) {
        return refusal;
    }
    let params = params::body(request);
    for name in ["moCallBackUrl", "drCallBackUrl"] {
        let Some(url) = params.get(name) else {
            continue;
        };
        if !url.is_empty() && !is_live(shared, url).await {
            return result(420, "method failed");
        }
        let kept = Some(url.clone()).filter(|url| !url.is_empty());
        let mut state = lock(&shared.state);
        if name == "moCallBackUrl" {
            state.mo_callback = kept
        } else {
            state.dr_callback = kept
        }
    }
    let state = lock(&shared.state);
    let url = |found: &Option<String>| found.clone().unwrap_or_default().into();
    let json = object([
        ("mo-callback-url", url(&state.mo_callback)),
        ("dr-callback-url", url(&state.dr_callback)),
        ("max-outbound-request", 30.into()),
        ("max-inbound-request", 30.into()),
        ("max-calls-per-second", 30.into()),
    ]);
    Response::new(200, JSON, json.text())
}
