//! A request's parameters.

use crate::http::Request;
use serde_json::Value;
use std::collections::BTreeMap;

pub(super) type Params = BTreeMap<String, String>;

/// The parameters in the query.
pub(super) fn query(request: &Request) -> Params {
    form_urlencoded::parse(request.query.as_bytes())
        .into_owned()
        .collect()
}

/// The parameters in a form or JSON body. Nexmo does not support a query beside it.
pub(super) fn body(request: &Request) -> Params {
    let media_type = request.header("content-type").unwrap_or_default();
    match media_type.split(';').next().map(str::trim) {
        Some("application/json") => match serde_json::from_str(&request.body) {
            Ok(Value::Object(members)) => members
                .into_iter()
                .map(|(name, value)| (name, scalar(value)))
                .collect(),
            _ => Params::new(),
        },
        Some("application/x-www-form-urlencoded") => {
            form_urlencoded::parse(request.body.as_bytes())
                .into_owned()
                .collect()
        }
        _ => Params::new(),
    }
}

fn scalar(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}
