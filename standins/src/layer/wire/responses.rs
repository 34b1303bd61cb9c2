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

fn error(status: u16, code: u16, id: &str, message: &str, data: Option<Json>) -> Response {
    let body = object([
        ("id", id.into()),
        ("code", code.into()),
        ("message", message.into()),
        ("url", "https://developer.layer.com/docs/platform".into()),
    ]);
    match data {
        Some(data) => json(status, &body.with("data", data)),
        None => json(status, &body),
    }
}

pub(crate) fn authentication_required() -> Response {
    error(
        401,
        4,
        "authentication_required",
        "Authentication is required to access this resource.",
        None,
    )
}

pub(crate) fn invalid_app_id() -> Response {
    error(403, 2, "invalid_app_id", "The app ID is invalid.", None)
}

pub(crate) fn invalid_accept(media_type: &str) -> Response {
    let message = format!("Invalid Accept header; must be of form {media_type}; version=x.y");
    error(
        406,
        107,
        "invalid_header",
        &message,
        Some(object([("header", "Accept".into())])),
    )
}

pub(crate) fn invalid_content_type() -> Response {
    let message = "Invalid Content-Type header; must be application/json";
    error(
        406,
        107,
        "invalid_header",
        message,
        Some(object([("header", "Content-Type".into())])),
    )
}

pub(crate) fn invalid_request_id() -> Response {
    error(
        400,
        3,
        "invalid_request_id",
        "The If-None-Match header must be an RFC 4122 UUID.",
        None,
    )
}

pub(crate) fn invalid_request() -> Response {
    error(
        400,
        10,
        "invalid_request",
        "The request body is not valid JSON.",
        None,
    )
}

pub(crate) fn not_found(what: &str) -> Response {
    let message = format!("A {what} with the specified identifier could not be found.");
    error(404, 102, "not_found", &message, None)
}

pub(crate) fn conversation_deleted() -> Response {
    error(
        410,
        103,
        "object_deleted",
        "The referenced conversation has been deleted.",
        None,
    )
}

pub(crate) fn invalid_endpoint() -> Response {
    error(
        404,
        106,
        "invalid_endpoint",
        "The endpoint does not exist.",
        None,
    )
}

pub(crate) fn method_not_allowed(allow: &'static str) -> Response {
    let response = error(
        405,
        109,
        "method_not_allowed",
        "The method is not allowed on this endpoint.",
        None,
    );
    Response {
        allow: Some(allow),
        ..response
    }
}

pub(crate) fn access_denied() -> Response {
    error(
        403,
        101,
        "access_denied",
        "The sender is not a participant of the conversation.",
        None,
    )
}

pub(crate) fn missing(property: &str) -> Response {
    let message = format!("Object is missing required member '{property}'");
    error(
        422,
        104,
        "missing_property",
        &message,
        Some(object([("property", property.into())])),
    )
}

pub(crate) fn omitted(property: &str) -> Response {
    let message = format!("The {property} property cannot be omitted.");
    error(
        422,
        104,
        "missing_property",
        &message,
        Some(object([("property", property.into())])),
    )
}

pub(crate) fn invalid(property: &str, message: &str) -> Response {
    error(
        422,
        105,
        "invalid_property",
        message,
        Some(object([("property", property.into())])),
    )
}

pub(crate) fn id_in_use(existing: Json) -> Response {
    error(
        409,
        111,
        "id_in_use",
        "The requested id is already in use.",
        Some(existing),
    )
}
