//! Who sent a request.

use super::params::Params;
use crate::clock::now_ms;
use crate::http::Request;
use crate::nexmo::handle::Shared;
use crate::nexmo::wire::{Refusal, refuse};
use crate::sign::nexmo_signature;
use data_encoding::BASE64;

/// Seconds that a signed request's `timestamp` may differ from now.
const SIGNATURE_AGE: i64 = 300;

/// An account's API key and secret.
pub(super) struct Credentials {
    key: String,
    secret: String,
}

impl Credentials {
    fn new(key: &str, secret: &str) -> Self {
        Self {
            key: key.to_owned(),
            secret: secret.to_owned(),
        }
    }

    /// Those in an `Authorization: Basic` header.
    pub(super) fn in_header(request: &Request) -> Option<Self> {
        let encoded = request.header("authorization")?.strip_prefix("Basic ")?;
        let decoded = String::from_utf8(BASE64.decode(encoded.as_bytes()).ok()?).ok()?;
        let (key, secret) = decoded.split_once(':')?;
        Some(Self::new(key, secret))
    }

    /// Those in `api_key` and `api_secret`.
    pub(super) fn in_params(params: &Params) -> Option<Self> {
        Some(Self::new(params.get("api_key")?, params.get("api_secret")?))
    }

    pub(super) fn are_valid(&self, shared: &Shared) -> bool {
        self.key == shared.options.key && self.secret == shared.options.secret
    }
}

/// Authenticates by a signature, by Basic, or by the parameters.
pub(super) fn authenticate(
    shared: &Shared,
    request: &Request,
    params: &Params,
) -> Result<(), Refusal> {
    let basic = Credentials::in_header(request);
    if let Some(sig) = params.get("sig") {
        if params.contains_key("api_secret") || basic.is_some() {
            return refuse(32, "sig and api_secret must not both be given");
        }
        return check_signature(shared, params, sig);
    }
    if basic.is_none() {
        for name in ["api_key", "api_secret"] {
            if !params.contains_key(name) {
                return refuse(2, &format!("Missing {name}"));
            }
        }
    }
    match basic.or_else(|| Credentials::in_params(params)) {
        Some(credentials) if credentials.are_valid(shared) => Ok(()),
        _ => refuse(4, "invalid credentials"),
    }
}

fn check_signature(shared: &Shared, params: &Params, sig: &str) -> Result<(), Refusal> {
    let Some(key) = &shared.options.signature else {
        return refuse(14, "Invalid Signature");
    };
    let known = params.get("api_key") == Some(&shared.options.key);
    let pairs: Vec<_> = params
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let right = nexmo_signature(key.method, &key.secret, &pairs).eq_ignore_ascii_case(sig);
    let timestamp = params.get("timestamp");
    let timestamp = timestamp.and_then(|timestamp| timestamp.parse::<i64>().ok());
    let now = now_ms() / 1000;
    let fresh = timestamp.is_some_and(|then| (now - then).abs() <= SIGNATURE_AGE);
    if known && right && fresh {
        Ok(())
    } else {
        refuse(14, "Invalid Signature")
    }
}
