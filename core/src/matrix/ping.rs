//! The test of the connection: whether the homeserver knows the service, and reaches it with the right token.

use serde_json::{Value, json};

use super::{
    account::{Homeserver, server_of},
    failure::{Failure, success},
    registration::ID,
};
use crate::{
    http::{HttpRequest, HttpResponse, Method},
    ids::UserId,
    json,
};

/// The request for the user that the service is.
pub fn who_am_i(homeserver: &Homeserver) -> HttpRequest {
    homeserver.request(Method::Get, "v3/account/whoami")
}

/// Reads the response to [`who_am_i`].
///
/// # Errors
/// What is wrong: the token, the URL or the server's name.
pub fn read_who_am_i(response: &HttpResponse, homeserver: &Homeserver) -> Result<(), String> {
    let body = success(response).map_err(|failure| not_known(&failure))?;
    let user_id = json::value(body).and_then(|it| it.get("user_id")?.as_str().map(UserId::new));
    match user_id.as_ref().and_then(server_of) {
        Some(server) if server == homeserver.server_name => Ok(()),
        Some(server) => Err(format!(
            "the homeserver is {server}, not MATRIX_SERVER_NAME"
        )),
        None => Err(Failure::unreadable(response, "a user").why()),
    }
}

fn not_known(failure: &Failure) -> String {
    let why = failure.why();
    match failure.status {
        Some(401 | 403) => format!("the homeserver does not know MATRIX_AS_TOKEN: {why}"),
        _ => format!("the homeserver does not respond at MATRIX_URL: {why}"),
    }
}

/// The request that makes the homeserver send a request to the service.
pub fn ping(homeserver: &Homeserver) -> HttpRequest {
    let path = format!("v1/appservice/{ID}/ping");
    let request = homeserver.request(Method::Post, &path);
    request.with_json(json!({ "transaction_id": "setup" }).to_string())
}

/// Reads the response to [`ping`]. Returns how long the homeserver's request took, in milliseconds.
///
/// # Errors
/// What is wrong: the registration, its URL or its token.
pub fn read_ping(response: &HttpResponse) -> Result<u64, String> {
    match response {
        HttpResponse::Received { status: 200, body } => {
            let duration = json::value(body).and_then(|it| it.get("duration_ms")?.as_u64());
            Ok(duration.unwrap_or_default())
        }
        HttpResponse::Received { body, .. } => {
            let seen = json::value(body).and_then(|it| it.get("status").and_then(Value::as_u64));
            Err(not_reached(&Failure::read(response), seen))
        }
        HttpResponse::Missing(_) => Err(not_reached(&Failure::read(response), None)),
    }
}

/// `seen`: the status that the homeserver got from the service, if it got one.
fn not_reached(failure: &Failure, seen: Option<u64>) -> String {
    let why = failure.why();
    match (failure.errcode.as_deref(), seen) {
        (Some("M_BAD_STATUS"), Some(403)) => {
            format!("the `hs_token` of the registration is not MATRIX_HS_TOKEN: {why}")
        }
        (Some("M_BAD_STATUS"), Some(seen)) => {
            format!("the registration's `url` responds with HTTP {seen}: {why}")
        }
        (Some("M_BAD_STATUS" | "M_CONNECTION_FAILED" | "M_CONNECTION_TIMEOUT"), _) => {
            format!("the homeserver does not reach the registration's `url`: {why}")
        }
        (Some("M_URL_NOT_SET"), _) => format!("the registration has no `url`: {why}"),
        (Some("M_FORBIDDEN"), _) => format!("the registration's `id` is not `{ID}`: {why}"),
        _ => format!("the homeserver does not send a request here: {why}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::{account::homeserver, fake::response};

    #[test]
    fn who_the_service_is_shows_what_is_wrong() {
        let read = |status, body: Value| read_who_am_i(&response(status, &body), &homeserver());
        assert_eq!(read(200, json!({"user_id": "@texts:localtest"})), Ok(()));
        let elsewhere = read(200, json!({"user_id": "@texts:example.org"}));
        let expected = "the homeserver is example.org, not MATRIX_SERVER_NAME";
        assert_eq!(elsewhere.unwrap_err(), expected);
        let unknown = read(401, json!({"errcode": "M_UNKNOWN_TOKEN"}));
        let expected = "the homeserver does not know MATRIX_AS_TOKEN: HTTP 401, M_UNKNOWN_TOKEN";
        assert_eq!(unknown.unwrap_err(), expected);
        assert!(read(200, json!({})).is_err());
    }

    #[test]
    fn a_ping_that_does_not_arrive_shows_what_is_wrong() {
        let read = |status, body: Value| read_ping(&response(status, &body));
        assert_eq!(read(200, json!({"duration_ms": 12})), Ok(12));
        for (status, body, problem) in [
            (
                502,
                json!({"errcode": "M_BAD_STATUS", "status": 403, "body": "{}"}),
                "the `hs_token` of the registration is not MATRIX_HS_TOKEN: HTTP 502, M_BAD_STATUS",
            ),
            (
                502,
                json!({"errcode": "M_CONNECTION_FAILED"}),
                "the homeserver does not reach the registration's `url`: HTTP 502, M_CONNECTION_FAILED",
            ),
            (
                403,
                json!({"errcode": "M_FORBIDDEN"}),
                "the registration's `id` is not `texts`: HTTP 403, M_FORBIDDEN",
            ),
        ] {
            assert_eq!(read(status, body), Err(problem.to_owned()));
        }
    }
}
