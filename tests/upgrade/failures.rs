//! What the first release had given up.

use reqwest::Method;
use serde_json::Value;

use crate::{
    support::SOON,
    upgraded::{Upgraded, at_once},
};

async fn retry(world: &Upgraded, failure: &Value) {
    let path = format!("/admin/users/max/failures/{}/retry", failure["id"]);
    let answer = world.admin(Method::POST, &path).await;
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn failures_are_shown_and_succeed_when_they_are_tried_again() {
    let world = at_once().await;
    let record = world.record("max").await;
    let failures = record["failures"].as_array().unwrap();
    let kinds: Vec<_> = failures.iter().map(|one| &one["kind"]).collect();
    assert_eq!(kinds, ["reply", "text"]);
    for failure in failures {
        retry(&world, failure).await;
    }
    let texts = world.texted("max", 1).await;
    assert_eq!(texts, ["alice: Refused at Nexmo"]);
    let conversation = world.id("max");
    let posted = world.posted_within(&conversation, 1, SOON).await;
    assert_eq!(posted[0].text(), "Refused at Layer");
    let none = |record: &Value| record["failures"].as_array().unwrap().is_empty();
    world.record_when("max", none).await;
}
