use std::{cell::RefCell, future::ready};

use serde_json::json;

use super::*;
use crate::{
    http::{HttpResponse, Method},
    matrix::fake,
    settings,
};

const HERE: &str = "https://texts.example/nexmo-new-message";
const SUCCESS: &str = r#"{"error-code":"200"}"#;

/// Responds to the requests of a setup in order, and notes them.
struct Script {
    responses: RefCell<Vec<HttpResponse>>,
    sent: RefCell<Vec<String>>,
}

impl SetupEffects for Script {
    fn send(&self, request: HttpRequest) -> Call<'_> {
        let method = match request.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        };
        let path = request.url.rsplit("example/").next().unwrap().to_owned();
        self.sent.borrow_mut().push(format!("{method} {path}"));
        let response = self.responses.borrow_mut().remove(0);
        Box::pin(ready(response))
    }

    fn wait(&self, _: Span) -> Part<'_> {
        self.sent.borrow_mut().push("wait".to_owned());
        Box::pin(ready(()))
    }
}

struct Done {
    report: SetupReport,
    sent: Vec<String>,
}

impl SetupReport {
    fn layer(&self) -> &LayerReport {
        match &self.chat {
            ChatReport::Layer(layer) => layer,
            ChatReport::Matrix(_) => panic!("this is Layer"),
        }
    }
}

fn set_up(mode: Mode, responses: &[(u16, &str)]) -> Done {
    set_up_chat("layer", mode, responses)
}

fn set_up_chat(chat: &str, mode: Mode, responses: &[(u16, &str)]) -> Done {
    let settings = settings::read(&|name| {
        let value = match name {
            "CHAT" => chat,
            "MATRIX_URL" => "https://matrix.example",
            "MATRIX_SERVER_NAME" => "matrix.example",
            "MATRIX_AS_TOKEN" | "MATRIX_HS_TOKEN" => "x",
            "LAYER_APP_ID" => "24f43c32-4d95-11e4-b3a2-0fd00000020d",
            "LAYER_API_URL" => "https://layer.example",
            "NEXMO_API_URL" => "https://nexmo.example",
            "SERVER_URL" => "https://texts.example",
            "NEXMO_NUMBERS" => "12025550101,12025550102",
            "NEXMO_SIGNATURE_SECRET" => "signature",
            "DELAY" => "1 minute",
            "LAYER_BEARER_TOKEN" | "LAYER_WEBHOOK_SECRET" | "NEXMO_KEY" | "NEXMO_SECRET" => "x",
            _ => return None,
        };
        Some(value.into())
    });
    let response = |(status, body): &(u16, &str)| HttpResponse::Received {
        status: *status,
        body: (*body).to_owned(),
    };
    let script = Script {
        responses: RefCell::new(responses.iter().map(response).collect()),
        sent: RefCell::default(),
    };
    let report = fake::run(run(&script, &settings.unwrap(), mode));
    assert!(script.responses.borrow().is_empty());
    Done {
        report,
        sent: script.sent.into_inner(),
    }
}

/// Layer's list with one webhook of an older secret.
fn outdated() -> String {
    let config = json!({ "name": "Nexmo Integration", "fingerprint": "0" });
    let webhook = json!({ "id": "w/1", "target_url": HERE, "status": "active", "config": config });
    json!([webhook]).to_string()
}

/// Nexmo's list with the first number only, pointed at a URL.
fn owned(url: &str) -> String {
    let number = json!({ "country": "US", "msisdn": "12025550101", "moHttpUrl": url });
    json!({ "count": 1, "numbers": [number] }).to_string()
}

#[test]
fn a_check_reports_what_differs_and_changes_nothing() {
    let done = set_up(
        Mode::Check,
        &[(200, &outdated()), (200, &owned("https://old.example"))],
    );
    assert_eq!(done.sent.len(), 2);
    assert!(done.sent.iter().all(|sent| sent.starts_with("GET ")));
    assert_eq!(
        serde_json::to_value(&done.report).unwrap(),
        json!({
            "ok": false,
            "layer": {
                "ok": false,
                "target_url": HERE,
                "webhooks": [
                    { "state": "to_register", "problem": "no webhook of ours is registered" },
                    {
                        "state": "to_delete",
                        "id": "1",
                        "problem": "it is surplus, or has another secret, version or set of events",
                    },
                ],
            },
            "nexmo": {
                "ok": false,
                "numbers": [
                    {
                        "number": "12025550101",
                        "state": "to_update",
                        "problem": "its texts go elsewhere",
                    },
                    {
                        "number": "12025550102",
                        "state": "not_owned",
                        "problem": "the Nexmo account has no such number",
                    },
                ],
            },
        })
    );
}

#[test]
fn applying_registers_deletes_and_updates() {
    let done = set_up(
        Mode::Apply,
        &[
            (200, &outdated()),
            (201, r#"{"id":"w/2","status":"unverified"}"#),
            (204, ""),
            (200, &owned("")),
            (200, SUCCESS),
        ],
    );
    let app = "apps/24f43c32-4d95-11e4-b3a2-0fd00000020d";
    assert_eq!(
        done.sent,
        [
            format!("GET {app}/webhooks"),
            format!("POST {app}/webhooks"),
            format!("DELETE {app}/webhooks/1"),
            "GET account/numbers?size=100&index=1".to_owned(),
            "POST number/update".to_owned(),
        ]
    );
    let states: Vec<_> = done
        .report
        .layer()
        .webhooks
        .iter()
        .map(|it| it.state)
        .collect();
    assert_eq!(states, [WebhookState::Registered, WebhookState::Deleted]);
    let states: Vec<_> = done
        .report
        .nexmo
        .numbers
        .iter()
        .map(|it| it.state)
        .collect();
    assert_eq!(states, [NumberState::Updated, NumberState::NotOwned]);
    assert!(done.report.layer().ok && !done.report.nexmo.ok && !done.report.ok);
}

#[test]
fn an_old_webhook_is_kept_when_the_new_one_cannot_be_registered() {
    let done = set_up(
        Mode::Apply,
        &[
            (200, &outdated()),
            (500, ""),
            (200, &owned("https://texts.example/nexmo-new-sms")),
        ],
    );
    let webhooks = done.report.layer().webhooks.clone();
    assert_eq!(webhooks.len(), 1);
    assert_eq!(webhooks[0].state, WebhookState::Registered);
    assert_eq!(
        webhooks[0].problem.as_deref(),
        Some("Layer's webhooks API: HTTP 500")
    );
    assert!(!done.report.layer().ok);
    assert_eq!(done.report.nexmo.numbers[0].state, NumberState::Kept);
}

#[test]
fn a_throttled_request_is_retried_and_an_error_reported() {
    let done = set_up(
        Mode::Apply,
        &[(401, ""), (429, ""), (429, ""), (429, ""), (429, "")],
    );
    assert_eq!(done.sent.iter().filter(|sent| *sent == "wait").count(), 3);
    assert_eq!(
        done.report.layer().problem.as_deref(),
        Some("Layer's webhooks API: HTTP 401")
    );
    let problem = done.report.nexmo.problem.unwrap();
    assert!(problem.contains("HTTP 429"), "{problem}");
    assert!(!done.report.ok && done.report.nexmo.numbers.is_empty());
}

#[test]
fn the_connection_with_a_homeserver_is_tested_in_both_directions() {
    let owned = owned("https://texts.example/nexmo-new-sms");
    let known = (200, r#"{"user_id": "@texts:matrix.example"}"#);
    for mode in [Mode::Check, Mode::Apply] {
        let pinged = (200, r#"{"duration_ms": 7}"#);
        let done = set_up_chat("matrix", mode, &[known, pinged, (200, &owned)]);
        let requests = [
            "GET _matrix/client/v3/account/whoami",
            "POST _matrix/client/v1/appservice/texts/ping",
        ];
        assert_eq!(done.sent[..2], requests);
        let expected = MatrixReport {
            ok: true,
            url: "https://matrix.example".to_owned(),
            duration_ms: Some(7),
            problem: None,
        };
        assert_eq!(done.report.chat, ChatReport::Matrix(expected));
    }
    let done = set_up_chat("matrix", Mode::Check, &[(401, "{}"), (200, &owned)]);
    let problem = done.report.chat.problem().unwrap();
    assert!(problem.contains("MATRIX_AS_TOKEN"), "{problem}");
    assert!(!done.report.ok && !done.report.chat.is_ok());
    let json = serde_json::to_value(&done.report).unwrap();
    assert_eq!(json["matrix"]["ok"], false);
    assert_eq!(json.get("layer"), None);
}
