use super::*;
use crate::{
    http::NoResponse,
    ids::{ConversationId, UserId},
    layer::version::ApiVersion,
    secret::Secret,
    time::SECOND,
};

fn account(version: ApiVersion) -> LayerAccount {
    LayerAccount {
        app_id: "app".to_owned(),
        token: Secret::new("t0ken"),
        version,
        api_url: "https://api.layer.com/".to_owned(),
    }
}

fn request(version: ApiVersion, user_id: &str, text: &str) -> HttpRequest {
    let post = Post {
        conversation_id: &ConversationId::new("c"),
        user_id: &UserId::new(user_id),
        text,
        dedupe_id: "uuid",
    };
    post_message(&account(version), &post)
}

fn outcome(status: u16, body: &str) -> PostOutcome {
    read_post_response(&HttpResponse::Received {
        status,
        body: body.to_owned(),
    })
}

#[test]
fn a_post_in_1_0_is_what_layers_own_client_sent() {
    let request = request(ApiVersion::V1_0, "u\"1", "Hé\n");
    assert_eq!(
        request.url,
        "https://api.layer.com/apps/app/conversations/c/messages"
    );
    assert_eq!(
        request.body.as_deref(),
        Some(r#"{"sender":{"user_id":"u\"1"},"parts":[{"body":"Hé\n","mime_type":"text/plain"}]}"#)
    );
    assert_eq!(
        request.headers,
        [
            ("Authorization", "Bearer t0ken".to_owned()),
            (
                "Accept",
                "application/vnd.layer+json; version=1.0".to_owned()
            ),
            ("Content-Type", "application/json".to_owned()),
            ("If-None-Match", "uuid".to_owned()),
        ]
    );
    assert_eq!(
        (request.method, request.timeout),
        (Method::Post, SECOND.times(10))
    );
}

#[test]
fn from_2_0_the_sender_is_an_identity() {
    let request = request(ApiVersion::V2_0, "a b", "Hi");
    assert_eq!(
        request.body.as_deref(),
        Some(
            r#"{"sender_id":"layer:///identities/a%20b","parts":[{"body":"Hi","mime_type":"text/plain"}]}"#
        )
    );
}

#[test]
fn a_response_decides_the_outcome_of_a_post() {
    for (status, body) in [
        (200, ""),
        (201, "{}"),
        (202, ""),
        (409, r#"{"code":111}"#),
        (409, r#"{"id":"id_in_use"}"#),
    ] {
        assert_eq!(
            outcome(status, body),
            PostOutcome::Posted,
            "{status} {body}"
        );
    }
    for (status, body) in [
        (401, ""),
        (403, r#"{"code":2,"id":"invalid_app_id"}"#),
        (403, r#"{"code":5}"#),
        (301, ""),
        (302, ""),
        (308, ""),
    ] {
        let got = outcome(status, body);
        assert!(
            matches!(got, PostOutcome::OperatorFault { .. }),
            "{status} {body}: {got:?}"
        );
    }
    for (status, body) in [
        (408, ""),
        (409, r#"{"code":108}"#),
        (409, ""),
        (429, ""),
        (500, ""),
        (503, ""),
    ] {
        let got = outcome(status, body);
        assert!(
            matches!(got, PostOutcome::TryAgain { .. }),
            "{status} {body}: {got:?}"
        );
    }
    for status in [400, 402, 403, 404, 405, 406, 410, 413, 415, 422, 451] {
        let got = outcome(status, r#"{"code":101}"#);
        assert!(
            matches!(got, PostOutcome::Refused { .. }),
            "{status}: {got:?}"
        );
    }
    let lost = read_post_response(&HttpResponse::Missing(NoResponse::Timeout));
    assert_eq!(
        lost,
        PostOutcome::TryAgain {
            why: "no response in time".to_owned(),
            wait: None,
        }
    );
}

#[test]
fn a_refusal_names_layers_code_and_id_only() {
    let body = r#"{"code":101,"id":"access_denied","message":"what was sent"}"#;
    let why = "HTTP 403, code 101, access_denied".to_owned();
    assert_eq!(outcome(403, body), PostOutcome::Refused { why });
}
