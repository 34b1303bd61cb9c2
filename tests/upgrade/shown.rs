//! What an operator sees of the records and of the statistics.

use serde_json::Value;

use crate::{statistics::total, support::path_segment, upgraded::at_once};

/// Moments may differ by this, in milliseconds: the first release took so long to be killed.
const SLACK: i64 = 2_000;

/// Whether all that the first release showed is shown, with moments later by `moved`. What is new is left aside.
fn shows(found: &Value, wanted: &Value, name: &str, moved: i64) -> bool {
    match (found, wanted) {
        (Value::Object(found), Value::Object(wanted)) => wanted.iter().all(|(name, wanted)| {
            let aside = ["now", "alarm", "cost_of_this_instance"].contains(&name.as_str());
            aside || shows(&found[name], wanted, name, moved)
        }),
        (Value::Array(found), Value::Array(wanted)) => {
            let mut pairs = found.iter().zip(wanted);
            found.len() == wanted.len() && pairs.all(|(one, other)| shows(one, other, name, moved))
        }
        (Value::Number(found), Value::Number(wanted)) if name == "at" || name.ends_with("_at") => {
            let off = found.as_i64().unwrap() - wanted.as_i64().unwrap() - moved;
            off.abs() < SLACK
        }
        _ => found == wanted,
    }
}

#[tokio::test]
async fn records_and_statistics_show_what_they_held() {
    let world = at_once().await;
    for (user, wanted) in &world.fixture.records {
        let found = world.record(&path_segment(user)).await;
        let moved = world.moved;
        assert!(
            shows(&found, wanted, "", moved),
            "{user}: {found:#} instead of {wanted:#}, {moved} ms later"
        );
    }
    let (found, wanted) = (world.statistics().await, &world.fixture.statistics);
    for what in ["texted", "reply_posted"] {
        assert!(total(wanted, what) > 0);
        assert_eq!(total(&found, what), total(wanted, what), "{what}");
    }
    assert_eq!(found["users"], wanted["users"]);
    let log = world.worker.logs().join("\n");
    assert!(!log.contains("storage_failed"), "{log}");
}
