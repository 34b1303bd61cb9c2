use proptest::prelude::*;

use super::*;
use crate::{http::NoResponse, layer::version::ApiVersion, secret::Secret};

const C: &str = "e67b5da2-95ca-40c4-bfc5-a2a8baaeb50f";
const M: &str = "940de862-3c96-11e4-baad-164230d1df67";

fn account() -> LayerAccount {
    LayerAccount {
        app_id: "082d4684-0992-11e5-a6c0-1697f925ec7b".to_owned(),
        token: Secret::new("t0ken"),
        version: ApiVersion::V1_0,
        api_url: "https://api.layer.com".to_owned(),
    }
}

fn response(status: u16, body: &str) -> HttpResponse {
    HttpResponse::Received {
        status,
        body: body.to_owned(),
    }
}

#[test]
fn a_request_carries_the_token_and_the_version() {
    let request = get_conversation(&account(), &ConversationId::new(C));
    assert_eq!(
        request.url,
        format!(
            "https://api.layer.com/apps/082d4684-0992-11e5-a6c0-1697f925ec7b/conversations/{C}"
        )
    );
    assert_eq!(
        request.headers,
        [
            ("Authorization", "Bearer t0ken".to_owned()),
            (
                "Accept",
                "application/vnd.layer+json; version=1.0".to_owned()
            ),
        ]
    );
    assert_eq!(
        (request.method, request.body, request.timeout),
        (Method::Get, None, SECOND.times(10))
    );
}

#[test]
fn a_recheck_has_a_timeout_of_three_seconds() {
    let request = get_message(&account(), &ConversationId::new(C), &MessageId::new(M));
    assert!(
        request
            .url
            .ends_with(&format!("/conversations/{C}/messages/{M}")),
        "{}",
        request.url
    );
    assert_eq!(request.timeout, SECOND.times(3));
}

fn recheck(response: &HttpResponse, user: &UserId) -> Recheck {
    read_recheck(response, user).recheck
}

#[test]
fn a_recheck_reads_plain_ids_and_identities_alike() {
    for body in [
        r#"{"recipient_status":{"a b":"read","c":"sent"}}"#,
        r#"{"recipient_status":{"layer:///identities/a%20b":"read"},"parts":[{"body":"\ud800"}]}"#,
    ] {
        assert_eq!(
            recheck(&response(200, body), &UserId::new("a b")),
            Recheck::Status(Status::Read)
        );
        assert_eq!(
            recheck(&response(200, body), &UserId::new("d")),
            Recheck::NotListed
        );
    }
}

#[test]
fn only_200_404_and_410_count_as_the_response_to_a_recheck() {
    assert_eq!(
        recheck(
            &response(200, r#"{"recipient_status":{}}"#),
            &UserId::new("a")
        ),
        Recheck::NotListed
    );
    for body in [
        r#"{"recipient_status":null}"#,
        "{}",
        "",
        "[]",
        r#"{"recipient_status":{"a":"new"}}"#,
        r#"{"recipient_status":{"a":7}}"#,
    ] {
        assert_eq!(
            recheck(&response(200, body), &UserId::new("a")),
            Recheck::Unknown,
            "{body}"
        );
    }
    assert_eq!(
        recheck(&response(404, ""), &UserId::new("a")),
        Recheck::Gone
    );
    assert_eq!(
        recheck(&response(410, ""), &UserId::new("a")),
        Recheck::Gone
    );
    for status in [201, 204, 302, 401, 403, 429, 500] {
        let body = r#"{"recipient_status":{}}"#;
        assert_eq!(
            recheck(&response(status, body), &UserId::new("a")),
            Recheck::Unknown,
            "{status}"
        );
    }
    assert_eq!(
        recheck(
            &HttpResponse::Missing(NoResponse::Timeout),
            &UserId::new("a")
        ),
        Recheck::Unknown
    );
}

#[test]
fn a_recheck_has_the_parts_that_the_message_has_now() {
    let parts = |body: &str| read_recheck(&response(200, body), &UserId::new("a")).parts;
    let part = serde_json::json!({ "mime_type": "text/plain", "body": "mended" });
    for statuses in ["null", r#"{"a":"sent"}"#] {
        let body = format!(r#"{{"recipient_status":{statuses},"parts":[{part}]}}"#);
        assert_eq!(parts(&body), Some(vec![part.clone()]));
    }
    for body in [
        "{}",
        r#"{"parts":[]}"#,
        r#"{"parts":null}"#,
        r#"{"parts":{}}"#,
        "[]",
        "",
    ] {
        assert_eq!(parts(body), None, "{body}");
    }
    let gone = response(404, r#"{"parts":[{}]}"#);
    assert_eq!(read_recheck(&gone, &UserId::new("a")).parts, None);
}

#[test]
fn a_resource_is_found_gone_or_failed() {
    let found = read_resource(&response(200, r#"{"display_name":"Ann"}"#));
    assert_eq!(
        found,
        Resource::Found(serde_json::json!({ "display_name": "Ann" }))
    );
    assert_eq!(read_resource(&response(404, "")), Resource::Gone);
    assert_eq!(read_resource(&response(410, "")), Resource::Gone);
    let why = |response: HttpResponse| match read_resource(&response) {
        Resource::Failed { why } => why,
        other => panic!("{other:?}"),
    };
    assert_eq!(why(response(200, "[]")), "HTTP 200 without a JSON object");
    assert_eq!(
        why(response(
            401,
            r#"{"code":4,"id":"authentication_required","message":"secret"}"#
        )),
        "HTTP 401, code 4, authentication_required"
    );
    assert_eq!(why(response(429, "")), "HTTP 429");
    assert_eq!(
        why(response(500, r#"{"id":"What a user wrote"}"#)),
        "HTTP 500"
    );
    assert_eq!(
        why(HttpResponse::Missing(NoResponse::Connection)),
        "connection failed"
    );
}

proptest! {
    #[test]
    fn no_body_makes_a_reader_panic(status in 100_u16..600, body in ".*") {
        let response = response(status, &body);
        read_recheck(&response, &UserId::new("a"));
        read_resource(&response);
    }
}
