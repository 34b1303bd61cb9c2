//! URLs in settings: https, or http on the machine itself, where nobody can listen in.

use url::{Host, Url};

use super::reader::quote;
use crate::identity::USER_ID;

/// Reads the root of an API, without a slash at its end.
pub(super) fn base(value: &str) -> Result<String, String> {
    let url = checked(value, value)?;
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Reads an origin, without a slash at its end.
pub(super) fn origin(value: &str) -> Result<String, String> {
    let url = checked(value, value)?;
    if url.path() != "/" {
        return Err(format!("{} has a path", repeated(value)));
    }
    Ok(url.origin().ascii_serialization())
}

/// Reads a URL with `{user_id}` in its path. A slash at its end stays: it may make a difference to
/// the server, and redirects are not followed.
pub(super) fn of_users(value: &str) -> Result<String, String> {
    if !value.contains(USER_ID) {
        return Err(format!("{} does not contain {USER_ID}", repeated(value)));
    }
    let url = checked(value, &value.replace(USER_ID, "a"))?;
    let of_another = checked(value, &value.replace(USER_ID, "b"))?;
    // A user must never choose the server that is asked about them.
    if url.host() != of_another.host() {
        return Err(format!(
            "{} has {USER_ID} outside its path",
            repeated(value)
        ));
    }
    Ok(value.to_owned())
}

fn checked(value: &str, url: &str) -> Result<Url, String> {
    let value = repeated(value);
    let Ok(url) = Url::parse(url) else {
        return Err(format!("{value} is not a URL"));
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(format!("{value} has user info"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(format!("{value} has a query or a fragment"));
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err(format!("{value} is http, but not on loopback")),
        _ => Err(format!("{value} is not https")),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// A URL as a problem repeats it: without what may be a credential, user info and query.
fn repeated(value: &str) -> String {
    if value.contains('@') {
        return "the value".to_owned();
    }
    quote(value.split(['?', '#']).next().unwrap_or_default())
}
