use std::time::Duration;

use serde_json::Value;
use standins::{Fault, What, When};

use crate::support::{BEN, World};

/// A response of Layer that only the operator can do something about.
struct OperatorFault {
    status: u16,
    body: &'static str,
    /// How its log entry begins.
    logged: &'static str,
}

const FAULTS: [OperatorFault; 3] = [
    OperatorFault {
        status: 401,
        body: r#"{"code":4,"id":"authentication_required"}"#,
        logged: "HTTP 401, code 4",
    },
    OperatorFault {
        status: 403,
        body: r#"{"code":2,"id":"invalid_app_id"}"#,
        logged: "HTTP 403, code 2",
    },
    OperatorFault {
        status: 403,
        body: r#"{"code":5,"id":"app_suspended"}"#,
        logged: "HTTP 403, code 5",
    },
];

#[tokio::test]
async fn after_an_operators_fault_a_reply_waits_a_minute_and_does_not_fail() {
    let mut world = World::without_delay(&[]).await;
    let mut threads = Vec::new();
    for fault in &FAULTS {
        let thread = world.new_thread(BEN).await;
        let posts = When::path(&thread.conversation).method("POST");
        world.layer.traffic().add_fault(Fault::new(
            posts,
            What::Status(fault.status, fault.body.to_owned()),
        ));
        threads.push(thread);
    }
    for thread in &threads {
        world.deliver_reply(&thread.reply("Patience")).await;
    }
    let record = world.record_when(BEN, all_tried_once).await;
    for reply in record["replies"]["first"].as_array().unwrap() {
        let wait = reply["due_at"].as_i64().unwrap() - record["now"].as_i64().unwrap();
        assert!((45_000..=60_000).contains(&wait), "{wait} ms");
    }
    assert_eq!(record["failures"].as_array().map(Vec::len), Some(0));
    let entries = world.entries_when("reply.postponed", FAULTS.len()).await;
    for fault in &FAULTS {
        let is_of_fault = |entry: &&Value| entry["why"].as_str().unwrap().starts_with(fault.logged);
        let entry = entries.iter().find(is_of_fault).unwrap();
        assert_eq!(entry["level"], "error");
    }
    world.layer.traffic().clear_faults();
    world.advance_clock(Duration::from_secs(60)).await;
    for thread in &threads {
        assert_eq!(
            world.posted_texts(&thread.conversation, 1).await,
            ["Patience"]
        );
    }
}

fn all_tried_once(record: &Value) -> bool {
    let waiting = record["replies"]["first"].as_array().unwrap();
    waiting.len() == FAULTS.len() && waiting.iter().all(|reply| reply["tries"] == 1)
}
