//! What a text says about its receipts.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::Value;
use standins::{Fault, What, When};

use crate::support::{ALICE, BEN, World, fetch};

/// The parameters of all tries to send a text.
fn tries(world: &World) -> Vec<BTreeMap<String, String>> {
    let requests = world.nexmo.traffic().requests().into_iter();
    let tries = requests.filter(|one| one.path == "/sms/json");
    tries
        .map(|one| {
            form_urlencoded::parse(one.body.as_bytes())
                .into_owned()
                .collect()
        })
        .collect()
}

fn is_token(segment: &str) -> bool {
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    segment.len() == 20 && segment.bytes().all(is_hex)
}

#[tokio::test]
async fn each_try_names_the_callback_and_a_reference_of_its_own() {
    let world = World::without_delay(&[]).await;
    let busy = Fault::new(When::path("/sms/json"), What::Status(500, String::new()));
    world.nexmo.traffic().add_fault(busy.times(2));
    let sent = world.say(&world.conversation(&[ALICE, BEN]), ALICE, "Hello");
    world.texts(1).await;
    let tries = tries(&world);
    assert_eq!(tries.len(), 3);
    let base = format!("{}/nexmo-new-sms/receipt/", world.worker.url());
    for one in &tries {
        let token = one["callback"].strip_prefix(&base).unwrap();
        assert!(is_token(token), "{token}");
        assert_eq!(one["callback"], tries[0]["callback"]);
        let reference = &one["client-ref"];
        assert!((16..=40).contains(&reference.len()), "{reference}");
        assert!(!reference.contains(&sent.message.id), "{reference}");
    }
    let references: BTreeSet<_> = tries.iter().map(|one| &one["client-ref"]).collect();
    assert_eq!(references.len(), 3);
}

#[tokio::test]
async fn answers_to_keywords_name_no_callback() {
    let replies = [("STOP_REPLY", "You are out."), ("HELP_REPLY", "Example")];
    let world = World::without_delay(&[&replies[..], &[("TEXT_TTL", "1 hour")]].concat()).await;
    let thread = world.new_thread(BEN).await;
    for word in ["HELP", "STOP"] {
        world.deliver_reply(&thread.reply(word)).await;
    }
    world.texts(3).await;
    let tries = tries(&world);
    assert!(tries[0].contains_key("callback"));
    for answer in &tries[1..] {
        assert!(!answer.contains_key("callback"), "{answer:?}");
    }
    assert!(tries.iter().all(|one| one["ttl"] == "3600000"));
}

async fn health(world: &World) -> Value {
    let health = fetch(Method::GET, &format!("{}/health", world.worker.url())).await;
    assert_eq!(health.status, 200, "{}", health.body);
    serde_json::from_str(&health.body).unwrap()
}

#[tokio::test]
async fn without_receipts_no_text_names_a_callback() {
    for off in ["off", "false"] {
        let world = World::without_delay(&[("DELIVERY_RECEIPTS", off)]).await;
        world.new_thread(BEN).await;
        assert!(!tries(&world)[0].contains_key("callback"));
        assert_eq!(health(&world).await["warnings"], Value::Null);
    }
}

#[tokio::test]
async fn a_url_over_100_characters_is_not_sent_and_health_warns() {
    let probe = World::without_setup(&[], |_, _, _| {}).await;
    let around = format!("{}//receipt/", probe.worker.url()).len() + 20;
    drop(probe);
    for (length, is_sent) in [(100, true), (101, false)] {
        // The port has five digits in both worlds.
        let path = "p".repeat(length - around);
        let world = World::without_delay(&[("NEXMO_PATH", &path)]).await;
        world.new_thread(BEN).await;
        let tries = tries(&world);
        let callback = tries[0].get("callback");
        assert_eq!(callback.map(String::len), is_sent.then_some(length));
        let health = health(&world).await;
        let warnings = health["warnings"].as_array().map_or(&[][..], Vec::as_slice);
        assert_eq!(warnings.len(), usize::from(!is_sent), "{health}");
        if !is_sent {
            assert_eq!(warnings[0]["setting"], "DELIVERY_RECEIPTS");
        }
    }
}
