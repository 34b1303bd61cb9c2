//! `POST /admin/users/{id}/failures/{seq}/retry`: retries what was given up.

use reqwest::Method;
use serde_json::Value;
use standins::{Fault, What, When};

use crate::support::{BEN, BENS_PHONE, World};

fn failed(record: &Value) -> bool {
    record["failures"].as_array().map(Vec::len) == Some(1)
}

fn settled(record: &Value) -> bool {
    record["failures"] == serde_json::json!([])
        && record["notices"]["waiting"] == 0
        && record["replies"]["waiting"] == 0
}

async fn retry(world: &World, id: &Value) -> u16 {
    let path = format!("/admin/users/{BEN}/failures/{id}/retry");
    world.admin(Method::POST, &path).await.status().as_u16()
}

#[tokio::test]
async fn retrying_a_refused_text_sends_it_once_the_phone_is_no_longer_barred() {
    let world = World::without_delay(&[]).await;
    let conversation = world.conversation(&["alice", BEN]);
    world.nexmo.bar(BENS_PHONE, true);
    world.say(&conversation, "alice", "Are you there?");
    let record = world.record_when(BEN, failed).await;
    let id = &record["failures"][0]["id"];
    assert_eq!(retry(&world, &serde_json::json!(99)).await, 404);
    world.nexmo.bar(BENS_PHONE, false);
    assert_eq!(retry(&world, id).await, 200);
    assert_eq!(world.texts(1).await[0].text, "Alice: Are you there?");
    world.record_when(BEN, settled).await;
    assert_eq!(
        retry(&world, id).await,
        404,
        "the failure is deleted by its retry"
    );
    assert_eq!(world.nexmo.texts().len(), 1);
}

#[tokio::test]
async fn retrying_a_refused_reply_posts_it() {
    let world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    let refusal = Fault::new(
        When::path("/messages").method("POST"),
        What::Status(422, String::new()),
    );
    world.layer.traffic().set_faults(vec![refusal]);
    world.deliver_reply(&thread.reply("On my way")).await;
    let record = world.record_when(BEN, failed).await;
    world.layer.traffic().clear_faults();
    assert_eq!(retry(&world, &record["failures"][0]["id"]).await, 200);
    assert_eq!(
        world.posted_texts(&thread.conversation, 1).await,
        ["On my way"]
    );
    world.record_when(BEN, settled).await;
}

#[tokio::test]
async fn an_unknown_failure_id_is_not_found_and_get_is_not_allowed() {
    let world = World::without_delay(&[]).await;
    for id in ["x", "1.5", "", "-1", "99999999999999999999"] {
        let path = format!("/admin/users/{BEN}/failures/{id}/retry");
        assert_eq!(world.admin(Method::POST, &path).await.status(), 404, "{id}");
    }
    let answer = world
        .admin(Method::GET, "/admin/users/ben/failures/1/retry")
        .await;
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["allow"]),
        (405, &"POST".parse().unwrap())
    );
    assert_eq!(
        world.record(BEN).await["user_id"],
        Value::Null,
        "no record was created"
    );
}
