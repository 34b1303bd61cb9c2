//! Layer's error objects: `{id, code, message, url, data?}`.

use crate::json::{Json, object};
use crate::server::Answered;

pub(super) const JSON: &str = "application/json; charset=UTF-8";

pub(super) fn ok(status: u16, json: &Json) -> Answered {
    Answered::new(status, JSON, json.text())
}

pub(super) fn empty(status: u16) -> Answered {
    Answered::new(status, JSON, String::new())
}

fn error(status: u16, code: u16, id: &str, message: &str, data: Option<Json>) -> Answered {
    let json = object([
        ("id", id.into()),
        ("code", code.into()),
        ("message", message.into()),
        ("url", "https://developer.layer.com/docs/platform".into()),
    ]);
    ok(
        status,
        &data
            .into_iter()
            .fold(json, |json, data| json.with("data", data)),
    )
}

pub(super) fn authentication_required() -> Answered {
    error(
        401,
        4,
        "authentication_required",
        "Authentication is required to access this resource.",
        None,
    )
}

pub(super) fn invalid_app_id() -> Answered {
    error(403, 2, "invalid_app_id", "The app ID is invalid.", None)
}

pub(super) fn invalid_accept(media_type: &str) -> Answered {
    let message = format!("Invalid Accept header; must be of form {media_type}; version=x.y");
    error(
        406,
        107,
        "invalid_header",
        &message,
        Some(object([("header", "Accept".into())])),
    )
}

pub(super) fn invalid_content_type() -> Answered {
    let message = "Invalid Content-Type header; must be application/json";
    error(
        406,
        107,
        "invalid_header",
        message,
        Some(object([("header", "Content-Type".into())])),
    )
}

pub(super) fn invalid_request_id() -> Answered {
    error(
        400,
        3,
        "invalid_request_id",
        "The If-None-Match header must be an RFC 4122 UUID.",
        None,
    )
}

pub(super) fn invalid_request() -> Answered {
    error(
        400,
        10,
        "invalid_request",
        "The request body is not valid JSON.",
        None,
    )
}

pub(super) fn not_found(what: &str) -> Answered {
    let message = format!("A {what} with the specified identifier could not be found.");
    error(404, 102, "not_found", &message, None)
}

pub(super) fn conversation_deleted() -> Answered {
    error(
        410,
        103,
        "object_deleted",
        "The referenced conversation has been deleted.",
        None,
    )
}

pub(super) fn invalid_endpoint() -> Answered {
    error(
        404,
        106,
        "invalid_endpoint",
        "The endpoint does not exist.",
        None,
    )
}

pub(super) fn method_not_allowed(allow: &'static str) -> Answered {
    let answer = error(
        405,
        109,
        "method_not_allowed",
        "The method is not allowed on this endpoint.",
        None,
    );
    Answered {
        allow: Some(allow),
        ..answer
    }
}

pub(super) fn access_denied() -> Answered {
    error(
        403,
        101,
        "access_denied",
        "The sender is not a participant of the conversation.",
        None,
    )
}

pub(super) fn missing(property: &str) -> Answered {
    let message = format!("Object is missing required member '{property}'");
    error(
        422,
        104,
        "missing_property",
        &message,
        Some(object([("property", property.into())])),
    )
}

pub(super) fn omitted(property: &str) -> Answered {
    let message = format!("The {property} property cannot be omitted.");
    error(
        422,
        104,
        "missing_property",
        &message,
        Some(object([("property", property.into())])),
    )
}

pub(super) fn invalid(property: &str, message: &str) -> Answered {
    error(
        422,
        105,
        "invalid_property",
        message,
        Some(object([("property", property.into())])),
    )
}

pub(super) fn id_in_use(existing: Json) -> Answered {
    error(
        409,
        111,
        "id_in_use",
        "The requested id is already in use.",
        Some(existing),
    )
}
