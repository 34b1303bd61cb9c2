//! When a text waits or is not sent: quiet hours, the cap, large conversations, preferences. How numbers are spread.

use std::{collections::BTreeSet, time::Duration};

use serde_json::Value;
use standins::User;

use crate::support::{ALICE, BEN, BENS_PHONE, CARA, QUIET, World, quiet_now};

async fn quiet() -> World {
    World::without_delay(&[("QUIET_HOURS", &quiet_now()), ("TIME_ZONE", "UTC")]).await
}

fn is_quiet(record: &Value) -> bool {
    let waits_for = record["notices"]["first"][0]["waits_for"].as_str();
    waits_for.is_some_and(|it| it.starts_with("quiet until ") && it.ends_with(" UTC"))
}

#[tokio::test]
async fn a_text_waits_for_the_end_of_the_quiet_hours() {
    let mut world = quiet().await;
    world.say(&world.conversation(&[ALICE, BEN]), ALICE, "Hello");
    let record = world.record_when(BEN, is_quiet).await;
    let due_in =
        record["notices"]["first"][0]["due_at"].as_i64().unwrap() - record["now"].as_i64().unwrap();
    assert!((7_100_000..7_560_000).contains(&due_in), "{due_in}");
    assert!(world.nexmo.texts().is_empty());
    // The zone's clock cannot be moved: without quiet hours, the text leaves when the wait is over.
    world.redeploy(&[("QUIET_HOURS", "")]).await;
    world.advance_clock(Duration::from_secs(7_600)).await;
    assert_eq!(world.texts(1).await[0].text, "Alice: Hello");
}

#[tokio::test]
async fn a_message_that_is_read_in_the_quiet_hours_is_not_texted() {
    let world = quiet().await;
    let conversation = world.conversation(&[ALICE, BEN]);
    let sent = world.say(&conversation, ALICE, "Hello");
    world.record_when(BEN, is_quiet).await;
    world.layer.mark_read(&sent.message.id, BEN).unwrap();
    assert_eq!(world.dropped(1).await[&conversation], "read");
}

#[tokio::test]
async fn the_recipients_own_zone_counts_and_what_is_no_zone_is_logged() {
    let world = quiet().await;
    let ben = |zone: &str| User {
        metadata: [("time_zone".to_owned(), zone.to_owned())].into(),
        ..User::new(BEN, "Ben", BENS_PHONE)
    };
    // Twelve hours away, it is not quiet.
    world.layer.create_user(ben("etc/gmt+12"));
    world.say(&world.conversation(&[ALICE, BEN]), ALICE, "Hello");
    assert_eq!(world.texts(1).await.len(), 1);
    world.layer.create_user(User {
        metadata: [("timezone".to_owned(), "-05:00".to_owned())].into(),
        ..User::new(CARA, "Cara", "447700900123")
    });
    world.say(&world.conversation(&[ALICE, CARA]), ALICE, "Hello");
    world.record_when(CARA, is_quiet).await;
    let warnings = world.entries_when("identity.no_time_zone", 1).await;
    assert_eq!(warnings[0]["field"], "metadata.timezone");
}

#[tokio::test]
async fn an_operator_can_have_a_held_text_looked_at_again() {
    let mut world = quiet().await;
    world.say(&world.conversation(&[ALICE, BEN]), ALICE, "Hello");
    world.record_when(BEN, is_quiet).await;
    world.redeploy(&[("QUIET_HOURS", "")]).await;
    let path = format!("/admin/users/{BEN}/wake");
    let response = world.admin(reqwest::Method::POST, &path).await;
    assert!(response.status().is_success());
    assert_eq!(world.texts(1).await.len(), 1);
}

#[tokio::test]
async fn a_text_beyond_the_cap_is_dropped_and_with_digests_waits() {
    let mut world = World::without_delay(&[("MAX_TEXTS_PER_DAY", "2")]).await;
    let conversation = world.conversation(&[ALICE, BEN]);
    for text in ["one", "two"] {
        world.say(&conversation, ALICE, text);
    }
    world.texts(2).await;
    world.say(&conversation, ALICE, "three");
    assert_eq!(world.dropped(1).await[&conversation], "capped");
    // The log may say so before the record holds it.
    world.waiting(BEN, 0).await;
    world.redeploy(&[("DIGEST", "on")]).await;
    world.say(&conversation, ALICE, "four");
    world.say(&conversation, ALICE, "five");
    world.webhooks_delivered().await;
    let waits = |record: &Value| {
        record["notices"]["first"][0]["waits_for"] == "MAX_TEXTS_PER_DAY: 2 in 24 hours"
    };
    world.record_when(BEN, waits).await;
    world.advance_clock(Duration::from_secs(86_400)).await;
    assert_eq!(world.texts(3).await[2].text, "Alice: four\nAlice: five");
}

#[tokio::test]
async fn a_message_to_too_many_people_causes_nothing_at_all() {
    let world = World::without_delay(&[("LARGEST_CONVERSATION", "1")]).await;
    let large = world.conversation(&[ALICE, BEN, CARA]);
    let sent = world.say(&large, ALICE, "Hello all").message;
    world.layer.mark_read(&sent.id, BEN).unwrap();
    world.webhooks_delivered().await;
    assert_eq!(world.record(BEN).await["user_id"], Value::Null);
    world.say(&world.conversation(&[ALICE, BEN]), ALICE, "Hello you");
    assert_eq!(world.texts(1).await[0].text, "Alice: Hello you");
}

#[tokio::test]
async fn a_user_whose_identity_says_no_gets_no_text() {
    let world = World::without_delay(&[("PREFERENCE_FIELD", "metadata.sms_notifications")]).await;
    world.layer.create_user(User {
        metadata: [("sms_notifications".to_owned(), "False".to_owned())].into(),
        ..User::new(BEN, "Ben", BENS_PHONE)
    });
    let conversation = world.conversation(&[ALICE, BEN, CARA]);
    world.say(&conversation, ALICE, "Hello");
    assert_eq!(world.dropped(1).await[&conversation], "unwanted");
    tokio::time::sleep(QUIET).await;
    let texts = world.nexmo.texts();
    assert!(
        texts.iter().all(|text| text.phone != BENS_PHONE),
        "{texts:?}"
    );
}

#[tokio::test]
async fn spread_users_begin_at_different_numbers_and_texts_say_how_long_they_are_of_use() {
    let world =
        World::without_delay(&[("NUMBER_ORDER", "spread"), ("TEXT_TTL", "90 seconds")]).await;
    for user in 0..12 {
        let id = format!("user{user}");
        let phone = format!("1555010{:04}", 4_000 + user);
        world.layer.create_user(User::new(&id, &id, &phone));
        world.say(&world.conversation(&[ALICE, &id]), ALICE, "Hello");
    }
    let texts = world.texts(12).await;
    let numbers: BTreeSet<&str> = texts.iter().map(|text| text.number.as_str()).collect();
    assert_eq!(numbers.len(), 3, "{numbers:?}");
    let requests = world.nexmo.traffic().requests();
    let sent = requests.iter().filter(|it| it.path == "/sms/json");
    assert!(sent.clone().count() >= 12);
    assert!(sent.into_iter().all(|it| it.body.contains("ttl=90000")));
}
