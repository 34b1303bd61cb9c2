//! `GET /admin/settings`: shows the settings, valid or not.

use reqwest::Method;
use serde_json::Value;

use crate::support::{World, fetch};

async fn settings(world: &World) -> Value {
    let answer = world.admin(Method::GET, "/admin/settings").await;
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

fn one<'a>(all: &'a Value, name: &str) -> &'a Value {
    let list = all["settings"].as_array().unwrap();
    list.iter().find(|setting| setting["name"] == name).unwrap()
}

#[tokio::test]
async fn every_setting_is_shown_without_the_values_of_secrets() {
    let world = World::without_setup(
        &[("NEXMO_SIGNATURE_SECRET", "canary-signature")],
        |_, _, _| {},
    )
    .await;
    let all = settings(&world).await;
    assert_eq!(
        (&all["ok"], &all["problems"]),
        (&true.into(), &Value::Array(vec![]))
    );
    let delay = one(&all, "DELAY");
    assert_eq!(
        (&delay["value"], &delay["set"], &delay["required"]),
        (&"1 second".into(), &true.into(), &true.into())
    );
    let path = one(&all, "LAYER_PATH");
    assert_eq!(
        (&path["set"], &path["default"]),
        (&false.into(), &"nexmo-new-message".into())
    );
    for (name, value) in &world.settings {
        let shown = one(&all, name);
        assert_eq!(shown["set"], true, "{name}");
        if shown["secret"] == true {
            assert!(!all.to_string().contains(value), "{name}");
        } else {
            assert_eq!(shown["value"], value.as_str(), "{name}");
        }
    }
    assert_eq!(one(&all, "ADMIN_TOKEN")["secret"], true);
}

#[tokio::test]
async fn with_invalid_settings_only_the_settings_route_works_and_needs_the_token() {
    let world = World::without_setup(&[("DELAY", "soon"), ("NEXMO_KEY", "")], |_, _, _| {}).await;
    let all = settings(&world).await;
    assert_eq!(all["ok"], false);
    let wrong: Vec<_> = all["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["setting"])
        .collect();
    assert_eq!(wrong, ["NEXMO_KEY", "DELAY"]);
    assert_eq!(one(&all, "DELAY")["value"], "soon");
    let health = fetch(Method::GET, &format!("{}/health", world.worker.url())).await;
    for (method, path) in [
        (Method::GET, "/admin/statistics"),
        (Method::POST, "/admin/setup"),
        (Method::GET, "/admin/users/ben"),
        (Method::POST, "/admin/users/ben/failures/1/retry"),
    ] {
        let answer = world.admin(method, path).await;
        assert_eq!(
            (answer.status().as_u16(), answer.text().await.unwrap()),
            (health.status, health.body.clone()),
            "{path}"
        );
    }
    let url = format!("{}/admin/settings", world.worker.url());
    assert_eq!(fetch(Method::GET, &url).await.status, 401);
    assert_eq!(
        world.admin(Method::POST, "/admin/settings").await.status(),
        405
    );
}
