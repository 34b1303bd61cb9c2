use reqwest::{Client, Method, StatusCode};
use serde_json::json;
use standins::{Fault, User, What, When};

use crate::support::{ALICE, BEN, BENS_PHONE, NUMBERS, World, fetch, path_segment};

const ROUTES: [(Method, &str); 9] = [
    (Method::POST, "/admin/setup"),
    (Method::GET, "/admin/users"),
    (Method::GET, "/admin/users/ben"),
    (Method::DELETE, "/admin/users/ben"),
    (Method::POST, "/admin/users/ben/wake"),
    (Method::GET, "/admin/settings"),
    (Method::GET, "/admin/setup"),
    (Method::GET, "/admin/statistics"),
    (Method::POST, "/admin/users/ben/failures/1/retry"),
];

#[tokio::test]
async fn without_a_token_configured_there_are_no_admin_routes() {
    let world = World::without_setup(&[("ADMIN_TOKEN", "")], |_, _, _| {}).await;
    let nowhere = fetch(Method::GET, &format!("{}/nowhere", world.worker.url())).await;
    assert_eq!(nowhere.status, 404);
    for (method, path) in ROUTES {
        let request = Client::new().request(method, format!("{}{path}", world.worker.url()));
        let answer = request.bearer_auth("").send().await.unwrap();
        assert_eq!(answer.status(), 404);
        assert_eq!(answer.text().await.unwrap(), nowhere.body);
    }
    assert!(world.layer.hooks().is_empty());
}

#[tokio::test]
async fn requests_without_the_token_are_unauthorized() {
    let world = World::without_setup(&[], |_, _, _| {}).await;
    let token = world.settings["ADMIN_TOKEN"].clone();
    let attempts = [
        None,
        Some(String::new()),
        Some("Bearer".to_owned()),
        Some("Bearer ".to_owned()),
        Some(format!("Bearer {token}x")),
        Some(format!("Bearer {}", token.split_at(8).0)),
        Some(format!("Bearer {}", token.to_uppercase())),
        Some(format!("Basic {token}")),
        Some(token.clone()),
    ];
    for (method, path) in ROUTES
        .into_iter()
        .chain([(Method::GET, "/admin/no/such/route")])
    {
        for attempt in &attempts {
            let url = format!("{}{path}?token={token}", world.worker.url());
            let request = Client::new().request(method.clone(), url);
            let request = attempt
                .iter()
                .fold(request, |request, it| request.header("authorization", it));
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), 401, "{method} {path} with {attempt:?}");
            assert_eq!(answer.headers()["www-authenticate"], "Bearer");
            assert_eq!(answer.text().await.unwrap(), r#"{"error":"unauthorized"}"#);
        }
    }
    assert!(world.layer.hooks().is_empty());
    crate::secrets::assert_not_in_log(&world);
}

#[tokio::test]
async fn other_methods_and_other_paths_are_refused() {
    let world = World::with(&[]).await;
    for (method, path, allowed) in [
        (Method::PUT, "/admin/setup", "GET, POST"),
        (Method::DELETE, "/admin/setup", "GET, POST"),
        (Method::POST, "/admin/users", "GET"),
        (Method::POST, "/admin/users/ben", "GET, DELETE"),
        (Method::PUT, "/admin/users/ben", "GET, DELETE"),
        (Method::GET, "/admin/users/ben/wake", "POST"),
        (Method::DELETE, "/admin/users/ben/wake", "POST"),
    ] {
        let answer = world.admin(method.clone(), path).await;
        assert_eq!(answer.status(), 405, "{method} {path}");
        assert_eq!(answer.headers()["allow"], allowed);
    }
    for path in [
        "/admin/users/",
        "/admin/users/ben/",
        "/admin/users/ben/sleep",
        "/admin//setup",
        "/admin/setup/",
        "/Admin/setup",
        "/administration",
        "/admin/admin/setup",
    ] {
        for method in [Method::GET, Method::POST] {
            assert_eq!(world.admin(method, path).await.status(), 404, "{path}");
        }
    }
    let url = format!("{}/admin/users/ben", world.worker.url());
    let header = format!("bearer  {}", world.settings["ADMIN_TOKEN"]);
    let answer = Client::new()
        .get(url)
        .header("authorization", header)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_record_shows_waiting_and_failed_work_without_texts() {
    let world = World::without_delay(&[("TEMPLATE", "A canary says: <%= text %>")]).await;
    let thread = world.new_thread(BEN).await;
    let down = |path: &str, status| {
        Fault::new(
            When::path(path).method("POST"),
            What::Status(status, String::new()),
        )
    };
    world
        .layer
        .traffic()
        .set_faults(vec![down("/messages", 503)]);
    world
        .nexmo
        .traffic()
        .set_faults(vec![down("/sms/json", 503)]);
    world.deliver_reply(&thread.reply("A canary replies")).await;
    world
        .record_when(BEN, |it| {
            it["replies"]["first"][0]["tries"].as_i64() >= Some(1)
        })
        .await;
    let waiting = world.say(&thread.conversation, ALICE, "A canary sings");
    let record = world
        .record_when(BEN, |it| {
            it["notices"]["first"][0]["tries"].as_i64() >= Some(1)
        })
        .await;
    assert_eq!(record["user_id"], BEN);
    let link = &record["links"][0];
    assert_eq!(
        (&link["number"], &link["phone"]),
        (&json!(NUMBERS[0]), &json!(BENS_PHONE))
    );
    assert_eq!(link["conversation_id"], thread.conversation.as_str());
    let flags = ["introduced", "configured", "expired"].map(|name| link[name].as_bool().unwrap());
    assert_eq!(flags, [true, true, false]);
    let notice = &record["notices"]["first"][0];
    assert_eq!(
        (&record["notices"]["waiting"], &notice["message_id"]),
        (&json!(1), &json!(waiting.message.id))
    );
    let reply = &record["replies"]["first"][0];
    assert_eq!(
        (&record["replies"]["waiting"], &reply["kind"]),
        (&json!(1), &json!("post"))
    );
    assert!(!record.to_string().contains("canary"), "{record:#}");
    world.nexmo.traffic().clear_faults();
    world.nexmo.bar(BENS_PHONE, true);
    world
        .layer
        .traffic()
        .set_faults(vec![down("/messages", 422)]);
    let failed =
        |record: &serde_json::Value| record["failures"].as_array().map(Vec::len) == Some(2);
    let record = world.record_when(BEN, failed).await;
    let mut kinds: Vec<_> = (0..2)
        .map(|n| record["failures"][n]["kind"].as_str().unwrap())
        .collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["reply", "text"]);
    assert!(!record.to_string().contains("canary"), "{record:#}");
}

#[tokio::test]
async fn user_ids_may_contain_any_characters() {
    let world = World::without_delay(&[]).await;
    for user in ["ben the/2nd", "ü%41+?#", "../setup", "%2e%2e"] {
        world.layer.create_user(User::new(user, "Ben", BENS_PHONE));
        let thread = world.new_thread(user).await;
        let record = world.record(&path_segment(user)).await;
        assert_eq!(record["user_id"], user);
        assert_eq!(
            record["links"][0]["conversation_id"],
            thread.conversation.as_str()
        );
        let answer = world
            .admin(
                Method::DELETE,
                &format!("/admin/users/{}", path_segment(user)),
            )
            .await;
        assert_eq!(answer.status(), 200);
        assert_eq!(world.record(&path_segment(user)).await["links"], json!([]));
    }
}

#[tokio::test]
async fn an_unknown_user_has_an_empty_record() {
    let world = World::with(&[]).await;
    let record = world.record("nobody").await;
    assert_eq!(
        (&record["user_id"], &record["links"]),
        (&json!(null), &json!([]))
    );
    assert_eq!(
        world
            .admin(Method::DELETE, "/admin/users/nobody")
            .await
            .status(),
        200
    );
    assert_eq!(
        world
            .admin(Method::POST, "/admin/users/nobody/wake")
            .await
            .status(),
        200
    );
}
