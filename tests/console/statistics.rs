//! `GET /admin/statistics`: what records report about completed hours.

use std::process::Command;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ALICE, BEN, CARA, SOON, World, node};

/// Moves what records remember into the past by a number of hours.
const AGE: &str = r#"
const { DatabaseSync } = require("node:sqlite");
const { readdirSync } = require("node:fs");
const [folder, hours] = process.argv.slice(1);
for (const file of readdirSync(folder).filter((name) => name.endsWith(".sqlite") && name !== "metadata.sqlite")) {
  const database = new DatabaseSync(`${folder}/${file}`);
  // A record has only the tables that it needed so far.
  const remembers = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'seen'").get();
  if (remembers) database.exec(`UPDATE seen SET span = span - ${Number(hours)}`);
  database.close();
}
"#;

async fn age(world: &mut World, hours: u32) {
    world.worker.kill_9();
    let records = world.worker.folder().join("do/layer-nexmo-UserRecord");
    let mut change = Command::new(node());
    change
        .args(["--no-warnings", "-e", AGE])
        .arg(records)
        .arg(hours.to_string());
    assert!(change.status().unwrap().success());
    world.worker.restart().await;
}

async fn statistics(world: &World) -> Value {
    let answer = world.admin(Method::GET, "/admin/statistics").await;
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

async fn statistics_when(world: &World, done: impl Fn(&Value) -> bool) -> Value {
    let deadline = tokio::time::Instant::now() + SOON;
    loop {
        let all = statistics(world).await;
        if done(&all) {
            return all;
        }
        assert!(
            tokio::time::Instant::now() < deadline,
            "the statistics stayed {all:#}"
        );
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

fn total(all: &Value, what: &str) -> i64 {
    let days = all["days"].as_array().unwrap();
    days.iter()
        .filter_map(|day| day["counts"][what].as_i64())
        .sum()
}

#[tokio::test]
async fn completed_hours_are_reported_once_with_the_users_next_activity() {
    let mut world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    world.deliver_reply(&thread.reply("On my way")).await;
    world.posted(&thread.conversation, 1).await;
    world
        .record_when(BEN, |record| record["replies"]["waiting"] == 0)
        .await;
    assert_eq!(
        statistics(&world).await["users"],
        0,
        "the hour is not complete"
    );

    age(&mut world, 5).await;
    assert_eq!(
        statistics(&world).await["users"],
        0,
        "the record was not active"
    );
    world.admin(Method::POST, "/admin/users/ben/wake").await;
    let all = statistics_when(&world, |all| all["users"] == 1).await;
    assert_eq!((total(&all, "texted"), total(&all, "reply_posted")), (1, 1));
    let hours = all["hours"].as_array().unwrap();
    let age = all["now"].as_i64().unwrap() - hours[0]["from"].as_i64().unwrap();
    assert!((5 * 3_600_000..7 * 3_600_000).contains(&age), "{all:#}");
    assert_eq!(all["links_per_user"], json!([{ "numbers": 1, "users": 1 }]));
    assert_eq!(
        (&all["pool"], &all["advice"]["enough"]),
        (&json!(3), &json!(1))
    );

    world.worker.restart().await;
    world.thread_in(&thread.conversation, BEN).await;
    let again = statistics(&world).await;
    assert_eq!(
        (&again["days"], &again["users"]),
        (&all["days"], &all["users"])
    );
}

#[tokio::test]
async fn the_advice_follows_from_what_each_user_needs() {
    let mut world = World::without_delay(&[("NEXMO_NUMBERS", "12025550101")]).await;
    for (user, conversations) in [(BEN, 3), (CARA, 1)] {
        for _ in 0..conversations {
            let conversation = world.conversation(&[ALICE, user]);
            world.say(&conversation, ALICE, "Hello");
        }
    }
    world.texts(2).await;
    world.dropped(2).await;
    for user in [BEN, CARA] {
        world.waiting(user, 0).await;
    }
    age(&mut world, 5).await;
    for user in [BEN, CARA] {
        world
            .admin(Method::POST, &format!("/admin/users/{user}/wake"))
            .await;
    }
    let all = statistics_when(&world, |all| all["users"] == 2).await;
    assert_eq!(all["links_per_user"], json!([{ "numbers": 1, "users": 2 }]));
    let demand = json!([{ "numbers": 1, "users": 1 }, { "numbers": 3, "users": 1 }]);
    assert_eq!(all["demand_per_user"], demand);
    assert_eq!(
        (&all["without_number"], &all["advice"]["enough"]),
        (&json!(2), &json!(3))
    );
    assert_eq!(
        all["advice"]["run_out"][1],
        json!({ "numbers": 2, "users": 1 })
    );
}

#[tokio::test]
async fn erasing_a_user_removes_the_user_but_not_past_counts() {
    let mut world = World::without_delay(&[]).await;
    world.new_thread(BEN).await;
    age(&mut world, 5).await;
    world.admin(Method::POST, "/admin/users/ben/wake").await;
    statistics_when(&world, |all| all["users"] == 1).await;
    assert_eq!(
        world
            .admin(Method::DELETE, "/admin/users/ben")
            .await
            .status(),
        200
    );
    let all = statistics_when(&world, |all| all["users"] == 0).await;
    assert_eq!(total(&all, "texted"), 1);
}

#[tokio::test]
async fn without_the_statistics_object_texts_are_still_sent() {
    let mut world = World::with_options(&[("DELAY", "0")], |_, _, options| {
        options.without_statistics = true
    })
    .await;
    let thread = world.new_thread(BEN).await;
    age(&mut world, 5).await;
    world.thread_in(&thread.conversation, BEN).await;
    world.worker.logged("record.not_reported", SOON).await;
    assert_eq!(
        world.admin(Method::GET, "/admin/statistics").await.status(),
        503
    );
    assert_eq!(world.nexmo.texts().len(), 2);
}
