//! Responses of Layer's API; errors are `{id, code, message, url, data?}`.

use crate::http::Response;
use crate::json::{Json, object};

pub(crate) const JSON: &str = "application/json; charset=UTF-8";

pub(crate) fn json(status: u16, json: &Json) -> Response {
    Response::new(status, JSON, json.text())
}

pub(crate) fn empty(status: u16) -> Response {
    Response::new(status, JSON, String::new())
}

/// A kind of error.
struct Kind {
    /// The HTTP status.
    status: u16,
    code: u16,
    id: &'static str,
}

impl Kind {
    const fn new(status: u16, code: u16, id: &'static str) -> Self {
        Self { status, code, id }
    }
}

const INVALID_HEADER: Kind = Kind::new(406, 107, "invalid_header");
const MISSING_PROPERTY: Kind = Kind::new(422, 104, "missing_property");
const INVALID_PROPERTY: Kind = Kind::new(422, 105, "invalid_property");

fn error(kind: Kind, message: &str) -> Response {
    json(kind.status, &error_body(&kind, message))
}

/// An error with `data`.
fn error_with(kind: Kind, message: &str, data: Json) -> Response {
    json(kind.status, &error_body(&kind, message).with("data", data))
}

fn error_body(kind: &Kind, message: &str) -> Json {
    object([
        ("id", kind.id.into()),
        ("code", kind.code.into()),
        ("message", message.into()),
        ("url", "https://developer.layer.com/docs/platform".into()),
    ])
}

pub(crate) fn authentication_required() -> Response {
    error(
        Kind::new(401, 4, "authentication_required"),
        "Authentication is required to access this resource.",
    )
}

pub(crate) fn invalid_app_id() -> Response {
    error(
        Kind::new(403, 2, "invalid_app_id"),
        "The app ID is invalid.",
    )
}

pub(crate) fn invalid_accept(media_type: &str) -> Response {
    let message = format!("Invalid Accept header; must be of form {media_type}; version=x.y");
    error_with(INVALID_HEADER, &message, header_data("Accept"))
}

pub(crate) fn invalid_content_type() -> Response {
    let message = "Invalid Content-Type header; must be application/json";
    error_with(INVALID_HEADER, message, header_data("Content-Type"))
}

pub(crate) fn invalid_request_id() -> Response {
    error(
        Kind::new(400, 3, "invalid_request_id"),
        "The If-None-Match header must be an RFC 4122 UUID.",
    )
}

pub(crate) fn invalid_request() -> Response {
    error(
        Kind::new(400, 10, "invalid_request"),
        "The request body is not valid JSON.",
    )
}

pub(crate) fn not_found(what: &str) -> Response {
    let message = format!("A {what} with the specified identifier could not be found.");
    error(Kind::new(404, 102, "not_found"), &message)
}

pub(crate) fn conversation_deleted() -> Response {
    error(
        Kind::new(410, 103, "object_deleted"),
        "The referenced conversation has been deleted.",
    )
}

pub(crate) fn invalid_endpoint() -> Response {
    error(
        Kind::new(404, 106, "invalid_endpoint"),
        "The endpoint does not exist.",
    )
}

pub(crate) fn method_not_allowed(allow: &'static str) -> Response {
    let response = error(
        Kind::new(405, 109, "method_not_allowed"),
        "The method is not allowed on this endpoint.",
    );
    Response {
        allow: Some(allow),
        ..response
    }
}

pub(crate) fn access_denied() -> Response {
    error(
        Kind::new(403, 101, "access_denied"),
        "The sender is not a participant of the conversation.",
    )
}

/// A property of the body is missing.
pub(crate) fn missing(property: &str) -> Response {
    let message = format!("Object is missing required member '{property}'");
    error_with(MISSING_PROPERTY, &message, property_data(property))
}

/// The same, in the words of the webhook endpoints.
pub(crate) fn omitted(property: &str) -> Response {
    let message = format!("The {property} property cannot be omitted.");
    error_with(MISSING_PROPERTY, &message, property_data(property))
}

pub(crate) fn invalid(property: &str, message: &str) -> Response {
    error_with(INVALID_PROPERTY, message, property_data(property))
}

pub(crate) fn id_in_use(existing: Json) -> Response {
    error_with(
        Kind::new(409, 111, "id_in_use"),
        "The requested id is already in use.",
        existing,
    )
}

fn header_data(name: &str) -> Json {
    object([("header", name.into())])
}

fn property_data(name: &str) -> Json {
    object([("property", name.into())])
}
