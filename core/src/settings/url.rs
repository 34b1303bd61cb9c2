//! Reads URLs in settings: https, or http on loopback.

use fluent_uri::{
    Uri,
    component::{Authority, Host},
};

use super::reader::quote;
use crate::identity::USER_ID;

/// Stands for a user's id while a URL is read.
const ANY_USER: &str = "user";

/// Reads the base URL of an API. Returns it in normal form, without a slash at the end.
pub(super) fn base(value: &str) -> Result<String, String> {
    let url = checked(value, value)?;
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Reads an origin. Returns it in normal form, without a slash at the end.
pub(super) fn origin(value: &str) -> Result<String, String> {
    let url = checked(value, value)?;
    match url.path().as_str() {
        "" | "/" => Ok(url.as_str().trim_end_matches('/').to_owned()),
        _ => Err(format!("{} has a path", repeated(value))),
    }
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
    // A user id must not decide which server the request goes to.
    let server = value.split('/').nth(2).unwrap_or_default();
    let server = server.split('?').next().unwrap_or_default();
    if server.contains(USER_ID) && !server.contains('@') {
        return Err(format!(
            "{} has {USER_ID} outside its path and query",
            repeated(value)
        ));
    }
    let (before_query, _) = value.split_once('?').unwrap_or((value, ""));
    checked(value, &before_query.replace(USER_ID, ANY_USER))?;
    Ok(value.to_owned())
}

/// Reads `url`; a problem quotes `value`.
fn checked(value: &str, url: &str) -> Result<Uri<String>, String> {
    read(url).map_err(|problem| format!("{} {problem}", repeated(value)))
}

/// Reads a URL and returns it in normal form. An error completes a sentence that begins with it.
fn read(text: &str) -> Result<Uri<String>, &'static str> {
    let url = Uri::parse(text).map_err(|_| "is not a URL")?;
    let server = url.authority().filter(has_a_host).ok_or("is not a URL")?;
    if server.has_userinfo() {
        return Err("has user info");
    }
    if url.has_query() || url.has_fragment() {
        return Err("has a query or a fragment");
    }
    let url = url.normalize();
    match url.scheme().as_str() {
        "https" => Ok(url),
        "http" if is_loopback(&server) => Ok(url),
        "http" => Err("is http, but not on loopback"),
        _ => Err("is not https"),
    }
}

/// Whether a request can be sent to this host and port.
fn has_a_host(server: &Authority<'_>) -> bool {
    let names_it = match server.host_parsed() {
        Host::RegName(name) => {
            let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
            !name.is_empty() && name.as_str().chars().all(is_allowed)
        }
        Host::Ipv4(_) | Host::Ipv6(_) => true,
        _ => false,
    };
    names_it && server.port_to_u16().is_ok()
}

/// Whether the host is the machine itself.
fn is_loopback(server: &Authority<'_>) -> bool {
    match server.host_parsed() {
        Host::RegName(name) => name.as_str().eq_ignore_ascii_case("localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
        _ => false,
    }
}

/// A URL for a problem, without user info and query, which may hold credentials.
fn repeated(value: &str) -> String {
    if value.contains('@') {
        return "the value".to_owned();
    }
    quote(value.split(['?', '#']).next().unwrap_or_default())
}
