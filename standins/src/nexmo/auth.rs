//! A request's parameters, and who sent it.

use super::Shared;
use super::sms::{Params, Refusal, refuse};
use crate::clock::now_ms;
use crate::server::Incoming;
use crate::sign::nexmo_signature;
use data_encoding::BASE64;
use serde_json::Value;

/// The parameters of a form or JSON body. A query beside a body is "unsupported" and does not count.
pub(super) fn params(incoming: &Incoming) -> Params {
    let media_type = incoming.header("content-type").unwrap_or_default();
    match media_type.split(';').next().map(str::trim) {
        Some("application/json") => match serde_json::from_str(&incoming.body) {
            Ok(Value::Object(members)) => members
                .into_iter()
                .map(|(name, value)| (name, scalar(value)))
                .collect(),
            _ => Params::new(),
        },
        Some("application/x-www-form-urlencoded") => {
            form_urlencoded::parse(incoming.body.as_bytes())
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

/// Key and secret of an `Authorization: Basic` header.
pub(super) fn basic(incoming: &Incoming) -> Option<(String, String)> {
    let encoded = incoming.header("authorization")?.strip_prefix("Basic ")?;
    let decoded = String::from_utf8(BASE64.decode(encoded.as_bytes()).ok()?).ok()?;
    let (key, secret) = decoded.split_once(':')?;
    Some((key.to_owned(), secret.to_owned()))
}

/// By form, by Basic, or signed.
pub(super) fn authenticate(
    shared: &Shared,
    incoming: &Incoming,
    params: &Params,
) -> Result<(), Refusal> {
    let own = (&shared.options.key, &shared.options.secret);
    let basic = basic(incoming);
    let secret = params.get("api_secret");
    if let Some(sig) = params.get("sig") {
        return if secret.is_some() || basic.is_some() {
            refuse(32, "sig and api_secret must not both be given")
        } else {
            signed(shared, params, sig)
        };
    }
    if let Some((key, secret)) = &basic {
        return if (key, secret) == own {
            Ok(())
        } else {
            refuse(4, "invalid credentials")
        };
    }
    let Some(key) = params.get("api_key") else {
        return refuse(2, "Missing api_key");
    };
    let Some(secret) = secret else {
        return refuse(2, "Missing api_secret");
    };
    if (key, secret) == own {
        Ok(())
    } else {
        refuse(4, "invalid credentials")
    }
}

fn signed(shared: &Shared, params: &Params, sig: &str) -> Result<(), Refusal> {
    let Some((method, secret)) = &shared.options.signature else {
        return refuse(14, "Invalid Signature");
    };
    let own = params.get("api_key") == Some(&shared.options.key);
    let pairs: Vec<_> = params
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let right = nexmo_signature(*method, secret, &pairs).eq_ignore_ascii_case(sig);
    let stamp = params
        .get("timestamp")
        .and_then(|stamp| stamp.parse::<i64>().ok());
    let fresh = stamp.is_some_and(|stamp| (now_ms() / 1000 - stamp).abs() <= 300);
    if own && right && fresh {
        Ok(())
    } else {
        refuse(14, "Invalid Signature")
    }
}
