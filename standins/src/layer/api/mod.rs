//! Layer's Platform API.

mod hooks;
mod post;
mod read;
mod request;

use super::handle::Shared;
use super::wire::responses;
use crate::http::{Request, Response};
use std::sync::Arc;

/// Checks a request and routes it to its handler.
pub(crate) async fn respond(shared: &Arc<Shared>, request: &Request) -> Response {
    let segments = request.segments();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let ["apps", app, path @ ..] = segments.as_slice() else {
        return responses::invalid_endpoint();
    };
    let checked = match request::check(shared, request, app, path) {
        Ok(checked) => checked,
        Err(refusal) => return refusal,
    };
    match (request.method.as_str(), path) {
        (_, ["webhooks", tail @ ..]) => hooks::respond(shared, &checked, tail).await,
        ("POST", ["conversations", id, "messages"]) => post::create(shared, &checked, id),
        ("GET", _) => {
            read::respond(shared, &checked, path).unwrap_or_else(responses::invalid_endpoint)
        }
        ("POST", ["users", user, "conversations", id, "mark_all_read"]) => {
            post::mark_all_read(shared, &checked, user, id)
        }
        _ if read::respond(shared, &checked, path).is_some() => {
            responses::method_not_allowed("GET")
        }
        _ => responses::invalid_endpoint(),
    }
}
