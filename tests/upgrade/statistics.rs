//! The statistics of the first release.

use std::time::Duration;

use reqwest::Method;
use serde_json::Value;

use crate::{
    people::phone,
    support::{SOON, path_segment},
    upgraded::{Upgraded, after},
};

/// A count over all days.
pub fn total(statistics: &Value, what: &str) -> i64 {
    let days = statistics["days"].as_array().unwrap().iter();
    days.filter_map(|day| day["counts"][what].as_i64()).sum()
}

async fn texted_when(world: &Upgraded, texted: i64) -> Value {
    let deadline = tokio::time::Instant::now() + SOON;
    loop {
        let statistics = world.statistics().await;
        if total(&statistics, "texted") == texted {
            return statistics;
        }
        assert!(
            tokio::time::Instant::now() < deadline,
            "not {texted} in {statistics:#}"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn what_was_not_reported_is_added_once() {
    let world = after(Duration::from_secs(5 * 3_600)).await;
    let users: Vec<String> = world.fixture.records.keys().cloned().collect();
    // Sam's and Gus's texts are not known to have been taken, and the answer to Nia's STOP is no message.
    let counted = world.fixture.texts.iter();
    let counted = counted.filter(|text| !["sam", "gus"].map(phone).contains(&&*text.phone));
    let counted = counted.filter(|text| text.text != "You are out.").count();
    for _ in 0..2 {
        for user in &users {
            let path = format!("/admin/users/{}/wake", path_segment(user));
            world.admin(Method::POST, &path).await;
        }
        texted_when(&world, i64::try_from(counted).unwrap()).await;
    }
}
