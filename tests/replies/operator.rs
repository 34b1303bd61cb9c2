use std::time::Duration;

use serde_json::Value;
use standins::{Fault, What, When};

use crate::support::{BEN, World};

/// Faults that only the operator can mend, and the words for them in the log.
const FAULTS: [(u16, &str, &str); 3] = [
    (
        401,
        r#"{"code":4,"id":"authentication_required"}"#,
        "HTTP 401, code 4",
    ),
    (
        403,
        r#"{"code":2,"id":"invalid_app_id"}"#,
        "HTTP 403, code 2",
    ),
    (
        403,
        r#"{"code":5,"id":"app_suspended"}"#,
        "HTTP 403, code 5",
    ),
];

#[tokio::test]
async fn what_the_operator_must_mend_makes_a_reply_wait_a_minute_and_not_fail() {
    let mut world = World::quick(&[]).await;
    let mut threads = Vec::new();
    for (status, body, _) in FAULTS {
        let thread = world.texted(BEN).await;
        let posts = When::path(&thread.conversation).method("POST");
        world
            .layer
            .traffic()
            .add_fault(Fault::new(posts, What::Status(status, body.to_owned())));
        threads.push(thread);
    }
    for thread in &threads {
        world.hear(&thread.reply("Patience")).await;
    }
    let record = world.record_when(BEN, all_were_tried).await;
    for reply in record["replies"]["first"].as_array().unwrap() {
        let wait = reply["due_at"].as_i64().unwrap() - record["now"].as_i64().unwrap();
        assert!((45_000..=60_000).contains(&wait), "{wait} ms");
    }
    assert_eq!(record["failures"].as_array().map(Vec::len), Some(0));
    let entries = world.entries_when("reply.postponed", FAULTS.len()).await;
    for (.., words) in FAULTS {
        let says = |entry: &&Value| entry["why"].as_str().unwrap().starts_with(words);
        let entry = entries.iter().find(says).unwrap();
        assert_eq!(entry["level"], "error");
    }
    world.layer.traffic().clear_faults();
    world.let_pass(Duration::from_secs(60)).await;
    for thread in &threads {
        assert_eq!(
            world.posted_texts(&thread.conversation, 1).await,
            ["Patience"]
        );
    }
}

fn all_were_tried(record: &Value) -> bool {
    let waiting = record["replies"]["first"].as_array().unwrap();
    waiting.len() == FAULTS.len() && waiting.iter().all(|reply| reply["tries"] == 1)
}
