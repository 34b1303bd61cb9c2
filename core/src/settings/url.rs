//! Reads URLs in settings: https, or http on loopback.

use fluent_uri::{
    Uri,
    component::{Authority, Host},
};

use super::reader::quote;
use crate::identity::USER_ID;

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
    if server_of(value).contains(USER_ID) && !server_of(value).contains('@') {
        return Err(format!(
            "{} has {USER_ID} outside its path and query",
            repeated(value)
        ));
    }
    checked(value, &server_of(value).replace(USER_ID, "user"))?;
    Ok(value.to_owned())
}

/// The part of a URL before its path and query: those are sent as they are written.
fn server_of(url: &str) -> &str {
    let authority = url.find("://").map_or(0, |at| at + 3);
    let (_, rest) = url.split_at_checked(authority).unwrap_or(("", url));
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    url.get(..authority + end).unwrap_or(url)
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
            let name = name.as_str();
            !name.is_empty() && name.chars().all(is_allowed) && !ends_in_a_number(name)
        }
        Host::Ipv4(_) | Host::Ipv6(_) => true,
        _ => false,
    };
    names_it && server.port_to_u16().is_ok()
}

/// Whether clients take a name for an IPv4 address, which it is not (the URL standard's "ends in a number").
fn ends_in_a_number(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let last = name.rsplit('.').next().unwrap_or_default();
    let is_hex = last.to_ascii_lowercase().starts_with("0x");
    is_hex || last.chars().all(|c| c.is_ascii_digit())
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
