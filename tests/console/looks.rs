//! `GET /admin/setup`: what setting up would do, without doing it.

use reqwest::Method;
use serde_json::{Value, json};
use standins::{Fault, What, When};

use crate::support::{NUMBERS, World};

async fn look(world: &World) -> Value {
    let answer = world.admin(Method::GET, "/admin/setup").await;
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

fn states(report: &Value) -> (Vec<&Value>, Vec<&Value>) {
    let states = |list: &'static str, of: &'static str| {
        report[of][list]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| &one["state"])
            .collect()
    };
    (states("webhooks", "layer"), states("numbers", "nexmo"))
}

/// Requests that change something at Layer or Nexmo.
fn changes(world: &World) -> usize {
    let all = [
        world.layer.traffic().requests(),
        world.nexmo.traffic().requests(),
    ]
    .concat();
    all.iter().filter(|request| request.method != "GET").count()
}

#[tokio::test]
async fn a_look_tells_what_is_to_be_done_and_does_nothing() {
    let world = World::unregistered(&[], |_, _, _| {}).await;
    let report = look(&world).await;
    assert_eq!(report["ok"], false);
    assert_eq!(states(&report).0, ["to_register"]);
    assert_eq!(states(&report).1, ["to_update", "to_update", "to_update"]);
    assert_eq!(report["nexmo"]["numbers"][0]["number"], NUMBERS[0]);
    assert_eq!(changes(&world), 0);
    assert!(world.layer.hooks().is_empty());
    assert_eq!(world.nexmo.numbers()[0].mo_http_url, None);
}

#[tokio::test]
async fn when_all_is_in_place_a_look_says_what_setting_up_does() {
    let world = World::with(&[]).await;
    let mended: Value = world.setup().await.json().await.unwrap();
    let before = changes(&world);
    let report = look(&world).await;
    assert_eq!(report, mended);
    assert_eq!(
        (&report["ok"], states(&report).0[0]),
        (&json!(true), &json!("kept"))
    );
    assert_eq!(changes(&world), before);
}

#[tokio::test]
async fn a_number_that_points_elsewhere_is_told_with_the_reason() {
    let world = World::with(&[]).await;
    world
        .nexmo
        .set_mo_http_url(NUMBERS[1], Some("https://elsewhere.example/sms"));
    let report = look(&world).await;
    assert_eq!(states(&report).1, ["kept", "to_update", "kept"]);
    assert_eq!(
        report["nexmo"]["numbers"][1]["problem"],
        "its texts go elsewhere"
    );
    world.nexmo.set_mo_http_url(NUMBERS[1], None);
    assert_eq!(
        look(&world).await["nexmo"]["numbers"][1]["problem"],
        "its texts go nowhere"
    );
}

#[tokio::test]
async fn a_service_that_does_not_answer_is_told() {
    let world = World::with(&[]).await;
    let down = |path: &str| Fault::new(When::path(path), What::Status(503, String::new()));
    world.layer.traffic().set_faults(vec![down("/webhooks")]);
    let report = look(&world).await;
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
