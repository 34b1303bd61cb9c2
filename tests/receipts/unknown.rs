//! Receipts that are about nothing that is known, and requests that are none.

use serde_json::Value;
use standins::Inbound;

use crate::{
    receiving::Next,
    support::{BEN, NUMBERS, World},
};

/// Ben's record, without what changes by itself.
async fn record(world: &World) -> Value {
    let mut record = world.record(BEN).await;
    let fields = record.as_object_mut().unwrap();
    fields.retain(|name, _| name != "now" && name != "cost_of_this_instance");
    record
}

#[tokio::test]
async fn unknown_receipts_are_accepted_and_change_nothing() {
    for kept in ["failures", "all", "off"] {
        let world = World::without_delay(&[]).await;
        let (thread, text) = world.texted(BEN).await;
        let mut world = world;
        if kept != "failures" {
            world.redeploy(&[("DELIVERY_RECEIPTS", kept)]).await;
        }
        let failed = world.nexmo.receipt(&text, 0, "failed", "9");
        let before = record(&world).await;
        let receipts = [
            failed.clone().with("msisdn", "15550109999"),
            failed.clone().with("to", NUMBERS[1]),
            failed.clone().with("client-ref", "nobody's"),
            failed.clone().with("client-ref", &"0".repeat(40)),
            failed
                .clone()
                .with("client-ref", &"0".repeat(400))
                .with("messageId", "another"),
            failed
                .clone()
                .without("client-ref")
                .with("messageId", "another"),
            failed.clone().with("status", "vanished"),
            failed.clone().with("status", "unknown"),
            failed.clone().with("status", "Σ🎉\u{0}"),
            failed
                .clone()
                .with("status", "accepted")
                .with("err-code", "-1"),
        ];
        for receipt in &receipts {
            world.receive(&text, receipt).await;
        }
        assert_eq!(record(&world).await, before, "{kept}");
        assert_eq!(world.next(&thread, BEN).await, Next::Texted);
        assert!(
            world
                .worker
                .logs()
                .iter()
                .all(|line| !line.starts_with("error"))
        );
    }
}

#[tokio::test]
async fn missing_parameters_are_named_in_a_400() {
    let world = World::without_delay(&[]).await;
    let (_, text) = world.texted(BEN).await;
    let failed = world.nexmo.receipt(&text, 0, "failed", "9");
    let cases: [(Inbound, &str); 7] = [
        (failed.clone().without("msisdn"), "msisdn"),
        (failed.clone().without("to"), "to"),
        (failed.clone().without("messageId"), "messageId"),
        (failed.clone().without("status"), "status"),
        (failed.clone().with("status", " "), "status"),
        (failed.clone().with("msisdn", "Ben"), "msisdn"),
        (failed.with("to", "x"), "to"),
    ];
    for (receipt, name) in cases {
        let response = world.push_receipt(&text, &receipt).await;
        assert_eq!(response.status, 400, "{name}");
        assert!(response.body.contains(name), "{}", response.body);
    }
    assert_eq!(world.verdict().await, (None, None));
}

#[tokio::test]
async fn a_receipt_after_an_erasure_changes_nothing() {
    let world = World::without_delay(&[]).await;
    let (_, text) = world.texted(BEN).await;
    let erased = world
        .admin(reqwest::Method::DELETE, "/admin/users/ben")
        .await;
    assert_eq!(erased.status(), 200);
    world.receive_failure(&text, 9).await;
    let record = record(&world).await;
    assert_eq!(record["links"], Value::Array(Vec::new()));
    assert_eq!(record["opted_out"], Value::Null);
}
