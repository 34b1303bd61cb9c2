use std::future::ready;

use serde_json::json;

use super::*;
use crate::{
    at_once::Part,
    http::{Call, HttpRequest, HttpResponse},
    kv::{KvEntry, KvError},
    log::{Entry, Level},
    matrix::fake,
    settings,
};

/// What the services answer: statuses and bodies, and whether KV responds.
struct Answers {
    chat: (u16, &'static str),
    credit: (u16, &'static str),
    kv: bool,
}

/// Layer's list without any webhook.
const NO_WEBHOOK: &str = "[]";

const WELL: Answers = Answers {
    chat: (
        200,
        r#"{"user_id":"@texts:matrix.example","duration_ms":3}"#,
    ),
    credit: (200, r#"{"value":10,"autoReload":false}"#),
    kv: true,
};

impl SetupEffects for Answers {
    fn send(&self, request: HttpRequest) -> Call<'_> {
        let is_nexmo = request.url == "https://nexmo.example/account/get-balance";
        let (status, body) = if is_nexmo { self.credit } else { self.chat };
        let body = body.to_owned();
        Box::pin(ready(HttpResponse::Received { status, body }))
    }

    fn wait(&self, _: Span) -> Part<'_> {
        Box::pin(ready(()))
    }
}

impl Kv for Answers {
    async fn get(&self, _: &[String], _: Timestamp) -> Result<Vec<Option<String>>, KvError> {
        let missing = || KvError("KV: no response in time".to_owned());
        self.kv.then(|| vec![None]).ok_or_else(missing)
    }

    async fn put(&self, _: KvEntry, _: Timestamp) -> Result<(), KvError> {
        unreachable!("nothing is written")
    }

    async fn delete(&self, _: &str, _: Timestamp) -> Result<(), KvError> {
        unreachable!("nothing is deleted")
    }
}

fn report_with(chat: &str, low_credit: &str, services: &Answers) -> HealthReport {
    let settings = settings::read(&|name| {
        let value = match name {
            "CHAT" => chat,
            "NEXMO_LOW_CREDIT" => low_credit,
            "MATRIX_URL" => "https://matrix.example",
            "MATRIX_SERVER_NAME" => "matrix.example",
            "LAYER_APP_ID" => "24f43c32-4d95-11e4-b3a2-0fd00000020d",
            "LAYER_API_URL" => "https://layer.example",
            "NEXMO_API_URL" => "https://nexmo.example",
            "SERVER_URL" => "https://texts.example",
            "NEXMO_NUMBERS" => "12025550101",
            "DELAY" => "1 minute",
            "MATRIX_AS_TOKEN" | "MATRIX_HS_TOKEN" => "x",
            "LAYER_BEARER_TOKEN" | "LAYER_WEBHOOK_SECRET" | "NEXMO_KEY" | "NEXMO_SECRET" => "x",
            _ => return None,
        };
        Some(value.into())
    });
    let checkup = Checkup {
        effects: services,
        kv: services,
        now: || Timestamp::from_millis(0),
        settings: &settings.unwrap(),
    };
    fake::run(checkup.run())
}

fn report(services: &Answers) -> HealthReport {
    report_with("matrix", "", services)
}

/// What is wrong with a service and what to do, as the operator sees them.
fn trouble(report: &HealthReport, service: Service) -> (State, Option<&str>, Option<&str>) {
    let mut checks = report.checks.iter();
    let check = checks.find(|check| check.service == service).unwrap();
    (check.state, check.problem.as_deref(), check.advice)
}

#[test]
fn each_service_is_reported_with_its_time() {
    let report = report(&WELL);
    let well = |service: &str| json!({ "service": service, "state": "well", "duration_ms": 0 });
    let mut nexmo = well("nexmo");
    nexmo["credit"] = json!(10.0);
    let expected = json!({ "ok": true, "checks": [well("chat"), nexmo, well("kv")] });
    assert_eq!(serde_json::to_value(&report).unwrap(), expected);
    assert_eq!(report.entries().count(), 0);
}

#[test]
fn a_chat_that_does_not_answer_has_failed() {
    let silent = Answers {
        chat: (500, "{}"),
        ..WELL
    };
    for (chat, named) in [("layer", "LAYER_BEARER_TOKEN"), ("matrix", "homeserver")] {
        let report = report_with(chat, "", &silent);
        assert!(!report.ok);
        let (state, problem, advice) = trouble(&report, Service::Chat);
        assert_eq!(state, State::Failed);
        assert!(problem.unwrap().contains("500"));
        assert!(advice.unwrap().contains(named));
    }
}

#[test]
fn a_webhook_that_is_not_registered_needs_setup() {
    let unregistered = Answers {
        chat: (200, NO_WEBHOOK),
        ..WELL
    };
    let report = report_with("layer", "", &unregistered);
    let (state, problem, advice) = trouble(&report, Service::Chat);
    assert_eq!(state, State::Failed);
    assert_eq!(problem, Some("no webhook of ours is registered"));
    assert_eq!(advice, Some(RUN_SETUP));
}

#[test]
fn a_credit_below_the_threshold_is_a_warning_and_at_the_threshold_none() {
    let with = |low_credit, body| {
        let services = Answers {
            credit: (200, body),
            ..WELL
        };
        report_with("matrix", low_credit, &services)
    };
    let low = with("", r#"{"value":9.99}"#);
    assert!(low.ok);
    let (state, problem, advice) = trouble(&low, Service::Nexmo);
    assert_eq!(state, State::Warning);
    assert_eq!(
        problem,
        Some("the credit is below 10 euros (NEXMO_LOW_CREDIT)")
    );
    assert_eq!(advice, Some(TOP_UP));
    for (low_credit, body) in [
        ("", r#"{"value":10}"#),
        ("9", r#"{"value":9.99}"#),
        ("0", r#"{"value":-1}"#),
    ] {
        let state = trouble(&with(low_credit, body), Service::Nexmo).0;
        assert_eq!(state, State::Well, "{low_credit} {body}");
    }
}

#[test]
fn an_error_of_nexmo_says_who_has_to_act() {
    for (status, named) in [
        (401, "NEXMO_SECRET"),
        (503, "Wait"),
        (429, "Wait"),
        (404, "NEXMO_API_URL"),
        (200, "NEXMO_API_URL"),
    ] {
        let failing = Answers {
            credit: (status, "<html>"),
            ..WELL
        };
        let report = report(&failing);
        assert!(!report.ok);
        let (state, _, advice) = trouble(&report, Service::Nexmo);
        assert_eq!(state, State::Failed);
        assert!(advice.unwrap().contains(named), "{status}");
    }
}

#[test]
fn what_is_not_well_is_logged_with_what_to_do() {
    let troubled = Answers {
        credit: (200, r#"{"value":2.5}"#),
        kv: false,
        ..WELL
    };
    let entries: Vec<Entry> = report(&troubled).entries().collect();
    let expected = [
        Entry::new(Level::Warn, "health.warning")
            .with("service", "nexmo")
            .with("problem", "the credit is below 10 euros (NEXMO_LOW_CREDIT)")
            .with("advice", TOP_UP)
            .with("credit", 2.5),
        Entry::new(Level::Error, "health.problem")
            .with("service", "kv")
            .with("problem", "KV: no response in time")
            .with("advice", WAIT_FOR_KV),
    ];
    assert_eq!(entries, expected);
}

#[test]
fn of_the_runs_of_an_hour_the_first_one_logs() {
    let at = |minute| is_hourly(Timestamp::from_millis(0) + HOUR.times(5) + MINUTE.times(minute));
    let logging = (0..60).step_by(15).filter(|minute| at(*minute));
    assert_eq!(logging.collect::<Vec<_>>(), [0]);
}
