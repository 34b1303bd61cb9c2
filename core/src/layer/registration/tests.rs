use proptest::prelude::*;

use super::*;
use crate::http::NoResponse;

fn account(version: ApiVersion) -> LayerAccount {
    LayerAccount {
        app_id: "app".to_owned(),
        token: Secret::new("t0ken"),
        version,
        api_url: "https://api.layer.com".to_owned(),
    }
}

fn wanted() -> WantedWebhook {
    let url = "https://sms.example/nexmo-new-message".to_owned();
    WantedWebhook::new(
        "Nexmo Integration".to_owned(),
        url,
        ApiVersion::V1_1,
        Secret::new("s3cret"),
    )
}

fn response(status: u16, body: &str) -> HttpResponse {
    HttpResponse::Received {
        status,
        body: body.to_owned(),
    }
}

#[test]
fn a_registration_names_its_events_and_itself() {
    let request = create(&account(ApiVersion::V1_1), &wanted());
    assert_eq!(
        (request.method, request.url.as_str()),
        (Method::Post, "https://api.layer.com/apps/app/webhooks")
    );
    assert_eq!(
        request.headers,
        [
            ("Authorization", "Bearer t0ken".to_owned()),
            (
                "Accept",
                "application/vnd.layer.webhooks+json; version=1.0".to_owned()
            ),
            ("Content-Type", "application/json".to_owned()),
        ]
    );
    let body: serde_json::Value = serde_json::from_str(&request.body.unwrap()).unwrap();
    let expected = serde_json::json!({
        "version": "1.0",
        "target_url": "https://sms.example/nexmo-new-message",
        "events": [
            "message.sent", "message.delivered", "message.read", "message.deleted",
            "conversation.deleted", "conversation.updated.participants",
        ],
        "secret": "s3cret",
        "config": {
            "name": "Nexmo Integration",
            "fingerprint": fingerprint(&Secret::new("s3cret"), "1.0", EVENTS_1),
        },
    });
    assert_eq!(body, expected);
}

#[test]
fn the_other_requests_have_no_body() {
    let account = account(ApiVersion::V2_0);
    let requests = [
        (list(&account), Method::Get, "webhooks"),
        (
            activate(&account, "i/d").unwrap(),
            Method::Post,
            "webhooks/i%2Fd/activate",
        ),
        (
            delete(&account, "id").unwrap(),
            Method::Delete,
            "webhooks/id",
        ),
    ];
    for (request, method, path) in requests {
        assert_eq!(request.method, method);
        assert_eq!(
            request.url,
            format!("https://api.layer.com/apps/app/{path}")
        );
        assert_eq!(
            request.headers[1].1,
            "application/vnd.layer.webhooks+json; version=2.0"
        );
        assert_eq!(request.body, None);
    }
    assert!(delete(&account, "").is_none());
}

#[test]
fn a_fingerprint_differs_by_secret_version_and_events() {
    let fingerprint = |secret, version, events| fingerprint(&Secret::new(secret), version, events);
    let one = fingerprint("a", "1.0", EVENTS_1);
    assert_eq!(one.len(), 64);
    assert_eq!(one, fingerprint("a", "1.0", EVENTS_1));
    assert_ne!(one, fingerprint("b", "1.0", EVENTS_1));
    assert_ne!(one, fingerprint("a", "2.0", EVENTS_1));
    assert_ne!(one, fingerprint("a", "1.0", EVENTS_2));
}

#[test]
fn a_list_is_read_with_or_without_config() {
    let body = r#"[
        {"id":"layer:///apps/x/webhooks/f5ef2b54-0991-11e5-a6c0-1697f925ec7b","target_url":"https://a",
         "status":"active","config":{"name":"N","fingerprint":"f","other":7}},
        {"id":"layer:///apps/x/webhooks/2","target_url":"https://b","status":"inactive",
         "status_reason":"Deactivated by User","config":null},
        {"id":"3","status":"unverified","config":{"name":7}}
    ]"#;
    let list = read_list(&response(200, body)).unwrap();
    assert_eq!(list[0].id, "f5ef2b54-0991-11e5-a6c0-1697f925ec7b");
    assert_eq!(
        (list[0].name.as_deref(), list[0].fingerprint.as_deref()),
        (Some("N"), Some("f"))
    );
    assert_eq!(list[1].reason.as_deref(), Some("Deactivated by User"));
    assert_eq!(
        (list[1].status, list[1].name.as_ref()),
        (WebhookStatus::Inactive, None)
    );
    assert_eq!((list[2].id.as_str(), list[2].name.as_ref()), ("3", None));
    assert_eq!(list[2].status, WebhookStatus::Unverified);
}

#[test]
fn an_unusable_response_says_why() {
    let why = |response: HttpResponse| read_list(&response).unwrap_err().to_string();
    assert_eq!(
        why(response(
            401,
            r#"{"code":4,"id":"authentication_required"}"#
        )),
        "Layer's webhooks API: HTTP 401, code 4, authentication_required"
    );
    assert_eq!(
        why(HttpResponse::Missing(NoResponse::Timeout)),
        "Layer's webhooks API: no response in time"
    );
    assert_eq!(
        why(response(200, "{}")),
        "Layer's webhooks API: unexpected response: the field (the whole body) is not a list"
    );
    assert_eq!(
        why(response(200, r#"[{"target_url":"x"}]"#)),
        "Layer's webhooks API: unexpected response: the field [0].id is missing"
    );
}

#[test]
fn an_unknown_webhook_counts_as_deleted() {
    for status in [200, 204, 404, 410] {
        assert_eq!(read_deleted(&response(status, "")), Ok(()), "{status}");
    }
    assert!(read_deleted(&response(500, "")).is_err());
}

#[test]
fn a_new_webhook_has_its_status() {
    let body =
        r#"{"id":"layer:///apps/x/webhooks/9","target_url":"https://a","status":"unverified"}"#;
    assert_eq!(
        read_webhook(&response(201, body)).unwrap().status,
        WebhookStatus::Unverified
    );
    assert!(read_webhook(&response(422, body)).is_err());
}

proptest! {
    #[test]
    fn no_body_makes_a_reader_panic(body in ".*") {
        let _ = (read_list(&response(200, &body)), read_webhook(&response(200, &body)));
    }
}
