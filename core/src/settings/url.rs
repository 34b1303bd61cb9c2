//! Reads URLs in settings: https, or http on loopback.

use super::reader::quote;
use crate::{identity::USER_ID, web_address::WebAddress};

/// Reads the base URL of an API. Returns it without a slash at the end.
pub(super) fn base(value: &str) -> Result<String, String> {
    let url = checked(value, value)?;
    Ok(url.to_string().trim_end_matches('/').to_owned())
}

/// Reads an origin. Returns it without a slash at the end.
pub(super) fn origin(value: &str) -> Result<String, String> {
    let url = checked(value, value)?;
    if url.path != "/" {
        return Err(format!("{} has a path", repeated(value)));
    }
    Ok(url.origin())
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
    let url = checked(value, &before_query.replace(USER_ID, "a"))?;
    let of_another = checked(value, &before_query.replace(USER_ID, "b"))?;
    // A user id must not decide which server the request goes to.
    if url.origin() != of_another.origin() {
        return Err(format!(
            "{} has {USER_ID} outside its path and query",
            repeated(value)
        ));
    }
    Ok(value.to_owned())
}

/// Reads `url`; a problem quotes `value`.
fn checked(value: &str, url: &str) -> Result<WebAddress, String> {
    let value = repeated(value);
    match WebAddress::read(url) {
        Ok(url) if url.scheme == "https" || url.is_loopback() => Ok(url),
        Ok(_) => Err(format!("{value} is http, but not on loopback")),
        Err(why) => Err(format!("{value} {why}")),
    }
}

/// A URL for a problem, without user info and query, which may hold credentials.
fn repeated(value: &str) -> String {
    if value.contains('@') {
        return "the value".to_owned();
    }
    quote(value.split(['?', '#']).next().unwrap_or_default())
}
