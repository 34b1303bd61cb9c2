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

/// The response of a handler; `Err`: an error response.
type Handled = Result<Response, Response>;

fn result(status: u16, label: &str) -> Response {
    let json = object([
        ("error-code", status.to_string().into()),
        ("error-code-label", label.into()),
    ]);
    Response::new(status, JSON, json.text())
}

fn failed() -> Response {
    result(420, "method failed")
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

/// Lists numbers, one page at a time.
pub(super) fn numbers(shared: &Shared, request: &Request) -> Handled {
    admit(shared, request)?;
    let query = params::query(request);
    let number = |name: &str, default: usize| match query.get(name) {
        Some(text) => text.parse().map_err(|_| failed()),
        None => Ok(default),
    };
    let size = number("size", 10)?;
    let index = number("index", 1)?;
    if !(1..=100).contains(&size) || index == 0 {
        return Err(failed());
    }
    let state = lock(&shared.state);
    let numbers = state.numbers.iter();
    let found: Vec<_> = numbers.filter(|number| matches(number, &query)).collect();
    if found.is_empty() {
        return Ok(Response::new(200, JSON, "{}".to_owned()));
    }
    let page = found.iter().skip(size * (index - 1)).take(size);
    let page = page.map(|number| listed(number)).collect();
    let json = object([("count", found.len().into()), ("numbers", Json::List(page))]);
    Ok(Response::new(200, JSON, json.text()))
}

/// Whether a number matches the query's `pattern` and `country`.
fn matches(number: &Number, query: &Params) -> bool {
    let pattern = query.get("pattern").map(String::as_str).unwrap_or_default();
    let in_country = query
        .get("country")
        .is_none_or(|country| *country == number.country);
    in_country
        && match query.get("search_pattern").map(String::as_str) {
            Some("1") => number.msisdn.contains(pattern),
            Some("2") => number.msisdn.ends_with(pattern),
            _ => number.msisdn.starts_with(pattern),
        }
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

/// Updates a number: its `moHttpUrl` and its [`EXTRA`] properties.
pub(super) async fn update(shared: &Shared, request: &Request) -> Handled {
    admit(shared, request)?;
    let params = params::body(request);
    let (Some(country), Some(msisdn)) = (params.get("country"), params.get("msisdn")) else {
        return Err(failed());
    };
    let is = |number: &Number| number.country == *country && number.msisdn == *msisdn;
    if !lock(&shared.state).numbers.iter().any(is) {
        return Err(failed());
    }
    let present = |name: &str| params.get(name).filter(|value| !value.is_empty()).cloned();
    let url = present("moHttpUrl");
    if let Some(url) = &url {
        probe(shared, url).await?;
    }
    let extra = EXTRA.iter();
    let extra = extra.filter_map(|name| Some(((*name).to_owned(), present(name)?)));
    let extra: Params = extra.collect();
    let mut state = lock(&shared.state);
    for number in state.numbers.iter_mut().filter(|number| is(number)) {
        number.mo_http_url.clone_from(&url);
        number.extra.clone_from(&extra);
    }
    drop(state);
    shared.traffic.changed();
    Ok(result(200, "success"))
}

/// Nexmo accepts a URL only if a GET of it gets 200.
async fn probe(shared: &Shared, url: &str) -> Result<(), Response> {
    let outgoing = Outgoing {
        method: "GET".to_owned(),
        url: url.to_owned(),
        ..Outgoing::default()
    };
    let client = &shared.traffic.client;
    let answer = client.send(&outgoing, Duration::from_secs(5)).await;
    if answer.status() == Some(200) {
        Ok(())
    } else {
        Err(failed())
    }
}

/// The account's balance.
pub(super) fn balance(shared: &Shared, request: &Request) -> Handled {
    admit(shared, request)?;
    let json = object([
        ("value", lock(&shared.state).balance.into()),
        ("autoReload", false.into()),
    ]);
    Ok(Response::new(200, JSON, json.text()))
}

/// Changes the account's URLs, and returns its settings.
pub(super) async fn settings(shared: &Shared, request: &Request) -> Handled {
    admit(shared, request)?;
    let params = params::body(request);
    if let Some(url) = params.get("moCallBackUrl") {
        let url = probed(shared, url).await?;
        lock(&shared.state).mo_callback = url;
    }
    if let Some(url) = params.get("drCallBackUrl") {
        let url = probed(shared, url).await?;
        lock(&shared.state).dr_callback = url;
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
    Ok(Response::new(200, JSON, json.text()))
}

/// The URL to store, after its probe; an empty one removes the stored one.
async fn probed(shared: &Shared, url: &str) -> Result<Option<String>, Response> {
    if url.is_empty() {
        return Ok(None);
    }
    probe(shared, url).await?;
    Ok(Some(url.to_owned()))
}
