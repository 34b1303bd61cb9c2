use reqwest::Method;
use serde_json::Value;
use standins::{Fault, Via, What, When};

use crate::{
    secrets,
    support::{
        ALICE, BEN, BENS_PHONE, CARA, CARAS_PHONE, FIRST_RUN, NUMBERS, World, fetch, seconds_ago,
    },
};

/// Part of every text in these tests.
const CANARY: &str = "canary";

fn posts(path: &str, what: What) -> Fault {
    Fault::new(When::path(path).method("POST"), what)
}

/// Causes log entries of every kind: texts, replies, failures, STOP, forged and invalid requests.
async fn cause_log_entries(world: &World) {
    let thread = world.new_thread(BEN).await;
    let caras = world.new_thread(CARA).await;
    world
        .deliver_reply(&thread.reply(&format!("{CANARY} {}", "long ".repeat(80))))
        .await;
    world.posted(&thread.conversation, 1).await;
    let refusal =
        format!(r#"{{"code":104,"id":"missing_property","message":"{CANARY} {BENS_PHONE}"}}"#);
    world.layer.traffic().set_faults(vec![
        posts("/messages", What::Status(503, refusal.clone())).times(1),
        posts("/messages", What::Reset).times(1),
        posts("/messages", What::Status(422, refusal.clone())).times(1),
    ]);
    world.deliver_reply(&thread.reply(CANARY)).await;
    world.entries_when("reply.failed", 1).await;
    let words = format!("No route to +{BENS_PHONE} from {}", NUMBERS[0]);
    world.nexmo.traffic().set_faults(vec![
        Fault::new(When::phone(BENS_PHONE), What::NexmoStatus(5, words.clone())).times(1),
        Fault::new(When::phone(BENS_PHONE), What::NexmoStatus(7, words.clone())).times(1),
        Fault::new(When::phone(CARAS_PHONE), What::NexmoStatus(4, words)).times(1),
    ]);
    world.say(&thread.conversation, ALICE, CANARY);
    world.say(&caras.conversation, ALICE, CANARY);
    world.entries_when("notice.failed", 1).await;
    world.entries_when("notice.postponed", 2).await;
    send_unauthenticated_and_invalid_requests(world, &thread).await;
    world.deliver_reply(&thread.reply("STOP")).await;
    world
        .record_when(BEN, |record| record["opted_out"].is_object())
        .await;
    world.say(&thread.conversation, ALICE, CANARY);
    world.entries_when("notice.dropped", 1).await;
}

async fn send_unauthenticated_and_invalid_requests(world: &World, thread: &crate::support::Thread) {
    let inbound = world.nexmo.inbound(&thread.reply(CANARY)).remove(0);
    let bare = format!("{}/nexmo-new-sms", world.worker.url());
    assert_eq!(world.push_to(&inbound, &bare).await.status, 403);
    let nonsense = inbound.clone().with("messageId", "").with("text", CANARY);
    assert_eq!(world.push(&nonsense).await, 400);
    let stranger = standins::Reply::new("15550109999", NUMBERS[0], CANARY).via(Via::Json);
    world
        .deliver_reply(&standins::Reply {
            at_ms: Some(seconds_ago(600)),
            ..stranger
        })
        .await;
    let forged = format!(r#"{{"event":{{"type":"{CANARY}"}}}}"#);
    let url = format!("{}/nexmo-new-message", world.worker.url());
    let request = reqwest::Client::new().post(&url).body(forged);
    assert_eq!(request.send().await.unwrap().status(), 403);
    assert_eq!(world.webhook(&format!("{{{CANARY}")).await.status(), 400);
    assert_eq!(
        fetch(
            Method::GET,
            &format!("{}/admin/users/ben", world.worker.url())
        )
        .await
        .status,
        401
    );
}

#[tokio::test]
async fn the_log_contains_no_secret_no_text_and_no_whole_phone() {
    let world = World::without_delay(&[("TEMPLATE", "canary: <%= text %>")]).await;
    cause_log_entries(&world).await;
    world
        .layer
        .traffic()
        .set_faults(vec![posts("/webhooks", What::Reset)]);
    world.worker.fire_cron_at(FIRST_RUN).await;
    world.setup().await;
    secrets::assert_hidden(&world, "");
    let log = world.worker.logs().join("\n");
    let phones = [BENS_PHONE, CARAS_PHONE, "15550101010", "15550109999"];
    for hidden in phones
        .iter()
        .chain(&NUMBERS)
        .chain(&[CANARY, "Are you there?"])
    {
        assert!(!log.contains(hidden), "{hidden} is in the log:\n{log}");
    }
}

#[tokio::test]
async fn every_log_line_is_json_with_its_level_and_a_name() {
    let world = World::without_delay(&[]).await;
    cause_log_entries(&world).await;
    world.setup().await;
    let lines = world.worker.logs();
    assert!(lines.len() > 10);
    for line in lines {
        let (console, entry) = line.split_once(": ").unwrap();
        let entry: Value =
            serde_json::from_str(entry).unwrap_or_else(|_| panic!("not JSON: {line}"));
        let level = entry["level"].as_str().unwrap();
        assert_eq!(
            level,
            if console == "log" { "info" } else { console },
            "{line}"
        );
        let name = entry["message"].as_str().unwrap();
        assert!(
            name.split('.').count() == 2 && !name.contains(' '),
            "{line}"
        );
        assert!(
            entry.as_object().unwrap().values().all(Value::is_string),
            "{line}"
        );
    }
}
