//! Whose receipts count.

use reqwest::Method as HttpMethod;
use standins::{Inbound, Method, SigningKey, Text, Via};

use crate::{
    receiving::said,
    support::{BEN, World, assert_refused, fetch},
};

const SECRET: &str = "test-signature-secret";
const WAYS: [Via; 4] = [Via::Get, Via::Form, Via::Json, Via::BareJson];

/// A text to Ben, and a receipt that would make his phone unreachable.
async fn unreachable(world: &World) -> (Text, Inbound) {
    let (_, text) = world.texted(BEN).await;
    let receipt = world.nexmo.receipt(&text, 0, "failed", "3");
    (text, receipt)
}

#[tokio::test]
async fn a_receipt_without_the_right_token_is_refused() {
    let world = World::without_delay(&[]).await;
    let (text, receipt) = unreachable(&world).await;
    let url = text.callback.clone().unwrap();
    let (base, own) = url.rsplit_once('/').unwrap();
    let inbound = world.inbound_url(&text.number);
    let (inbound_base, inbound_token) = inbound.rsplit_once('/').unwrap();
    let forgeries = [
        base.to_owned(),
        format!("{base}/"),
        format!("{base}/{}", "0".repeat(20)),
        format!("{base}/{}", own.split_at(19).0),
        format!("{base}/{own}0"),
        format!("{base}/{}", own.to_uppercase()),
        format!("{base}/{inbound_token}"),
        format!("{base}?token={own}"),
        format!("{inbound_base}/{own}"),
    ];
    for forgery in &forgeries {
        for via in WAYS {
            let forged = receipt.clone().via(via);
            let status = world.push_to(&forged, forgery).await.status;
            assert_eq!(status, 403, "{via:?} {forgery}");
        }
    }
    assert_eq!(world.verdict().await, (None, None));
    world.receive(&text, &receipt).await;
    assert_eq!(
        world.verdict().await,
        said("undelivered_for_good", 3),
        "with the right token"
    );
}

#[tokio::test]
async fn a_text_with_the_token_of_receipts_is_refused() {
    let world = World::without_delay(&[]).await;
    let (thread, text) = world.texted(BEN).await;
    let callback = text.callback.unwrap();
    let (_, token) = callback.rsplit_once('/').unwrap();
    let url = format!("{}/nexmo-new-sms/{token}", world.worker.url());
    let forged = world.nexmo.inbound(&thread.reply("Not from Ben")).remove(0);
    assert_eq!(world.push_to(&forged, &url).await.status, 403);
    assert!(world.layer.posts().is_empty());
}

#[tokio::test]
async fn with_a_signature_secret_only_the_signature_counts() {
    let world = World::without_delay(&[("NEXMO_SIGNATURE_SECRET", SECRET)]).await;
    let (text, receipt) = unreachable(&world).await;
    let url = text.callback.clone().unwrap();
    let (base, _) = url.rsplit_once('/').unwrap();
    let signed = |secret: &str, receipt: Inbound| {
        receipt.sign(&SigningKey {
            method: Method::Md5Hash,
            secret: secret.to_owned(),
        })
    };
    let urls = [
        url.clone(),
        base.to_owned(),
        format!("{base}/{}", "0".repeat(20)),
    ];
    for via in WAYS {
        let receipt = receipt.clone().via(via);
        let forgeries = [
            receipt.clone(),
            receipt.clone().with("sig", ""),
            signed("another secret", receipt.clone()),
            signed(SECRET, receipt.clone()).with("err-code", "9"),
            signed(SECRET, receipt).with("added", "1"),
        ];
        for (forged, url) in forgeries
            .iter()
            .flat_map(|one| urls.iter().map(move |url| (one, url)))
        {
            assert_eq!(world.push_to(forged, url).await.status, 403, "{forged:?}");
        }
    }
    assert_eq!(world.verdict().await, (None, None));
    for (url, via) in urls.iter().zip(WAYS) {
        let receipt = signed(SECRET, receipt.clone().via(via));
        assert_eq!(world.push_to(&receipt, url).await.status, 200, "{url}");
        assert_eq!(world.verdict().await, said("undelivered_for_good", 3));
    }
}

#[tokio::test]
async fn a_probe_without_parameters_is_answered() {
    let world = World::without_delay(&[]).await;
    let (_, text) = world.texted(BEN).await;
    let url = text.callback.unwrap();
    let (base, _) = url.rsplit_once('/').unwrap();
    for url in [&url, base] {
        let probe = fetch(HttpMethod::GET, url).await;
        assert_eq!((probe.status, probe.body.as_str()), (200, ""));
        assert_eq!(fetch(HttpMethod::HEAD, url).await.status, 200);
    }
    let others = [HttpMethod::PUT, HttpMethod::DELETE];
    assert_refused(&others, &url, "GET, POST").await;
}
