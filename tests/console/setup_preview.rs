//! `GET /admin/setup`: reports what setup would do, without doing it.

use reqwest::Method;
use serde_json::{Value, json};
use standins::{Fault, What, When};

use crate::support::{NUMBERS, World};

async fn preview(world: &World) -> Value {
    let answer = world.admin(Method::GET, "/admin/setup").await;
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

fn webhook_states(report: &Value) -> Vec<&Value> {
    states(&report["layer"]["webhooks"])
}

fn number_states(report: &Value) -> Vec<&Value> {
    states(&report["nexmo"]["numbers"])
}

fn states(list: &Value) -> Vec<&Value> {
    let list = list.as_array().unwrap();
    list.iter().map(|one| &one["state"]).collect()
}

/// The count of requests that changed something at Layer or Nexmo.
fn changes(world: &World) -> usize {
    let all = [
        world.layer.traffic().requests(),
        world.nexmo.traffic().requests(),
    ]
    .concat();
    all.iter().filter(|request| request.method != "GET").count()
}

#[tokio::test]
async fn get_reports_what_setup_would_do_and_changes_nothing() {
    let world = World::without_setup(&[], |_, _, _| {}).await;
    let report = preview(&world).await;
    assert_eq!(report["ok"], false);
    assert_eq!(webhook_states(&report), ["to_register"]);
    assert_eq!(
        number_states(&report),
        ["to_update", "to_update", "to_update"]
    );
    assert_eq!(report["nexmo"]["numbers"][0]["number"], NUMBERS[0]);
    assert_eq!(changes(&world), 0);
    assert!(world.layer.hooks().is_empty());
    assert_eq!(world.nexmo.numbers()[0].mo_http_url, None);
}

#[tokio::test]
async fn after_setup_get_and_post_return_the_same_report() {
    let world = World::with(&[]).await;
    let done: Value = world.setup().await.json().await.unwrap();
    let before = changes(&world);
    let report = preview(&world).await;
    assert_eq!(report, done);
    assert_eq!(
        (&report["ok"], webhook_states(&report)[0]),
        (&json!(true), &json!("kept"))
    );
    assert_eq!(changes(&world), before);
}

#[tokio::test]
async fn a_number_with_another_url_is_reported_with_the_reason() {
    let world = World::with(&[]).await;
    world
        .nexmo
        .set_mo_http_url(NUMBERS[1], Some("https://elsewhere.example/sms"));
    let report = preview(&world).await;
    assert_eq!(number_states(&report), ["kept", "to_update", "kept"]);
    assert_eq!(
        report["nexmo"]["numbers"][1]["problem"],
        "its texts go elsewhere"
    );
    world.nexmo.set_mo_http_url(NUMBERS[1], None);
    assert_eq!(
        preview(&world).await["nexmo"]["numbers"][1]["problem"],
        "its texts go nowhere"
    );
}

#[tokio::test]
async fn a_failing_service_is_reported() {
    let world = World::with(&[]).await;
    let down = |path: &str| Fault::new(When::path(path), What::Status(503, String::new()));
    world.layer.traffic().set_faults(vec![down("/webhooks")]);
    let report = preview(&world).await;
    assert_eq!(
        (
            &report["ok"],
            &report["layer"]["ok"],
            &report["nexmo"]["ok"]
        ),
        (&json!(false), &json!(false), &json!(true))
    );
    assert!(
        report["layer"]["problem"].as_str().unwrap().contains("503"),
        "{report:#}"
    );
}
