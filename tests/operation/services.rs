//! `GET /admin/health`, and what the cron trigger logs of it.

use reqwest::Method;
use serde_json::Value;

use tokio::time::sleep;

use crate::{
    secrets,
    support::{FIRST_RUN, QUIET, SECOND_RUN, World},
};

/// The status and the report. Asserts that the report contains no secret.
async fn health(world: &World) -> (u16, Value) {
    let answer = world.admin(Method::GET, "/admin/health").await;
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    secrets::assert_hidden(world, &text);
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["ok"].as_bool().unwrap(), status == 200, "{report:#}");
    (status, report)
}

/// The states of the chat, Nexmo and KV.
fn states(report: &Value) -> [&str; 3] {
    ["chat", "nexmo", "kv"].map(|service| check(report, service)["state"].as_str().unwrap())
}

fn check<'a>(report: &'a Value, service: &str) -> &'a Value {
    let mut checks = report["checks"].as_array().unwrap().iter();
    checks.find(|check| check["service"] == service).unwrap()
}

/// Restarts the Worker with one other setting.
async fn change(world: &mut World, name: &str, value: &str) {
    let mut settings = world.settings.clone();
    settings.insert(name.to_owned(), value.to_owned());
    world.worker.restart_with(settings).await;
}

#[tokio::test]
async fn services_that_are_well_are_shown_with_their_times_and_the_credit() {
    let world = World::with(&[]).await;
    world.nexmo.set_balance(12.5);
    let (status, report) = health(&world).await;
    assert_eq!(status, 200, "{report:#}");
    assert_eq!(states(&report), ["well"; 3]);
    assert_eq!(check(&report, "nexmo")["credit"], 12.5);
    for check in report["checks"].as_array().unwrap() {
        assert!(check["duration_ms"].is_u64(), "{check}");
        assert!(check.get("problem").is_none(), "{check}");
    }
}

#[tokio::test]
async fn a_low_credit_is_a_warning() {
    let world = World::with(&[("NEXMO_LOW_CREDIT", "20")]).await;
    world.nexmo.set_balance(19.99);
    let (status, report) = health(&world).await;
    assert_eq!(
        (status, states(&report)),
        (200, ["well", "warning", "well"])
    );
    let problem = check(&report, "nexmo")["problem"].as_str().unwrap();
    assert!(problem.contains("NEXMO_LOW_CREDIT"), "{problem}");
    world.nexmo.set_balance(20.0);
    assert_eq!(states(&health(&world).await.1), ["well"; 3]);
}

#[tokio::test]
async fn a_webhook_that_is_missing_and_a_wrong_key_are_named_with_what_to_do() {
    let mut world = World::without_setup(&[], |_, _, _| {}).await;
    let (status, report) = health(&world).await;
    assert_eq!((status, states(&report)), (502, ["failed", "well", "well"]));
    let advice = check(&report, "chat")["advice"].as_str().unwrap();
    assert!(advice.contains("POST /admin/setup"), "{advice}");
    world.setup().await;
    assert_eq!(states(&health(&world).await.1), ["well"; 3]);

    change(&mut world, "NEXMO_KEY", "another").await;
    let (status, report) = health(&world).await;
    assert_eq!((status, states(&report)), (502, ["well", "failed", "well"]));
    let advice = check(&report, "nexmo")["advice"].as_str().unwrap();
    assert!(advice.contains("NEXMO_SECRET"), "{advice}");

    change(&mut world, "LAYER_BEARER_TOKEN", "another").await;
    let (_, report) = health(&world).await;
    assert_eq!(states(&report), ["failed", "well", "well"]);
    let advice = check(&report, "chat")["advice"].as_str().unwrap();
    assert!(advice.contains("LAYER_BEARER_TOKEN"), "{advice}");
}

#[tokio::test]
async fn once_an_hour_the_log_has_what_is_not_well() {
    let world = World::with(&[]).await;
    let fire = async |time| assert_eq!(world.worker.fire_cron_at(time).await.status(), 200);
    fire(FIRST_RUN).await;
    assert!(world.entries("health.warning").is_empty());
    world.nexmo.set_balance(1.0);
    fire(SECOND_RUN).await;
    assert!(world.entries("health.warning").is_empty());
    fire(FIRST_RUN).await;
    let entry = world.entries_when("health.warning", 1).await.remove(0);
    sleep(QUIET).await;
    assert_eq!(world.entries("health.warning").len(), 1);
    assert_eq!(
        (&entry["level"], &entry["service"]),
        (&"warn".into(), &"nexmo".into())
    );
    assert_eq!(entry["credit"], "1");
    secrets::assert_hidden(&world, "");
}
