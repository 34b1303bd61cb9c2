//! Reads URLs in settings: https, or http on loopback.

use url::{Host, Url};

use super::reader::quote;
use crate::identity::USER_ID;

/// Reads the base URL of an API. Returns it without a slash at the end.
pub(super) fn base(value: &str) -> Result<String, String> {
    let url = checked(value, value)?;
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Reads an origin. Returns it without a slash at the end.
pub(super) fn origin(value: &str) -> Result<String, String> {
    let url = checked(value, value)?;
    if url.path() != "/" {
        return Err(format!("{} has a path", repeated(value)));
    }
    Ok(url.origin().ascii_serialization())
}

/// Reads a URL with `{user_id}` in its path or query. Keeps a slash at the end: servers may distinguish the
/// two forms, and redirects are not followed.
pub(super) fn with_user_id(value: &str) -> Result<String, String> {
    if !value.contains(USER_ID) {
        return Err(format!("{} does not contain {USER_ID}", repeated(value)));
    }
    if value.contains('#') {
        return Err(format!("{} has a fragment", repeated(value)));
    }
    let (before_query, _) = value.split_once('?').unwrap_or((value, ""));
    let url = checked(value, before_query)?;
    // A user id must not decide which server the request goes to.
    if url.host_str().is_some_and(|host| host.contains(USER_ID)) {
        return Err(format!(
            "{} has {USER_ID} outside its path and query",
            repeated(value)
        ));
    }
    Ok(value.to_owned())
}

/// Reads `url`; a problem quotes `value`.
fn checked(value: &str, url: &str) -> Result<Url, String> {
    read(url).map_err(|problem| format!("{} {problem}", repeated(value)))
}

/// Reads a URL. An error completes a sentence that begins with it.
fn read(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).ok().filter(Url::has_host);
    let url = url.ok_or("is not a URL")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("has user info");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("has a query or a fragment");
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err("is http, but not on loopback"),
        _ => Err("is not https"),
    }
}

/// Whether the host is the machine itself.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// A URL for a problem, without user info and query, which may hold credentials.
fn repeated(value: &str) -> String {
    if value.contains('@') {
        return "the value".to_owned();
    }
    quote(value.split(['?', '#']).next().unwrap_or_default())
}
