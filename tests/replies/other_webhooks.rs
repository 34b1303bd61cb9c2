use reqwest::{Client, Method};
use standins::{Inbound, Via};

use crate::support::{BEN, QUIET, Response, World, assert_refused, fetch};

const METHODS: [Via; 4] = [Via::Get, Via::Form, Via::Json, Via::BareJson];

#[tokio::test]
async fn webhooks_that_are_not_texts_are_accepted_and_ignored() {
    let world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    let sent = world.nexmo.texts().remove(0);
    let url = world.inbound_url(&thread.number);
    for via in METHODS {
        let text = world
            .nexmo
            .inbound(&thread.reply("EA0601AE").via(via))
            .remove(0);
        let receipt = world.nexmo.receipt(&sent, 0, "delivered", "0").via(via);
        let failed = world.nexmo.receipt(&sent, 0, "failed", "9").via(via);
        let binary = text
            .clone()
            .with("type", "binary")
            .with("udh", "0605040B8423F0");
        for inbound in [
            receipt,
            failed,
            binary,
            text.clone().with("text", ""),
            text.with("text", " \n"),
        ] {
            let status = world.push_to(&inbound, &url).await.status;
            assert_eq!(status, 200, "{inbound:?}");
        }
    }
    world.deliver_reply(&thread.reply("A text")).await;
    assert_eq!(
        world.posted_texts(&thread.conversation, 1).await,
        ["A text"]
    );
    tokio::time::sleep(QUIET).await;
    assert_eq!(world.layer.posts().len(), 1);
}

#[tokio::test]
async fn invalid_parameters_are_refused_with_the_reason() {
    let world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    let text = world.nexmo.inbound(&thread.reply("Hello")).remove(0);
    let without = |name: &str| {
        let mut inbound = text.clone();
        inbound.params.retain(|(found, _)| found != name);
        inbound
    };
    let unrelated = Inbound {
        params: vec![("q".to_owned(), "1".to_owned())],
        via: Via::Get,
    };
    let url = world.inbound_url(&thread.number);
    for (inbound, reason) in [
        (without("messageId"), "messageId"),
        (without("msisdn"), "msisdn"),
        (without("to"), "to"),
        (text.clone().with("messageId", ""), "messageId"),
        (text.clone().with("to", "1234567890123456"), "to"),
        (text.clone().with("text", &"x".repeat(20_001)), "text"),
        (unrelated, "msisdn, to and messageId"),
    ] {
        for via in [Via::Form, inbound.via] {
            let inbound = Inbound {
                via,
                ..inbound.clone()
            };
            let Response { status, body } = world.push_to(&inbound, &url).await;
            assert_eq!(status, 400, "{reason}");
            assert!(body.contains(reason), "{body}");
        }
    }
    assert!(world.layer.posts().is_empty());
}

#[tokio::test]
async fn a_body_that_does_not_match_its_content_type_is_refused() {
    let world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    let url = world.inbound_url(&thread.number);
    for (media_type, body, status) in [
        ("application/json", "msisdn=15550102030", 400),
        ("application/json", "[]", 400),
        ("text/plain", "{\"msisdn\":", 400),
        ("application/json", &*"x".repeat(1_048_577), 413),
    ] {
        let request = Client::new().post(&url).header("content-type", media_type);
        let answer = request.body(body.to_owned()).send().await.unwrap();
        assert_eq!(
            answer.status(),
            status,
            "{media_type} of {} bytes",
            body.len()
        );
    }
}

#[tokio::test]
async fn a_webhook_of_the_messages_api_is_refused_with_advice() {
    let world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    let body = serde_json::json!({
        "to": thread.number, "from": thread.phone, "channel": "sms", "text": "Hello there",
        "message_uuid": "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab",
        "timestamp": "2020-01-01T14:00:00.000Z", "message_type": "text",
    });
    let url = world.inbound_url(&thread.number);
    let answer = Client::new().post(url).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 400);
    let advice = "choose \"SMS API\" under \"Default SMS Setting\"";
    assert!(answer.text().await.unwrap().contains(advice));
    let entry = world
        .entries_when("nexmo_webhook.unreadable", 1)
        .await
        .remove(0);
    assert!(entry["why"].as_str().unwrap().contains(advice));
}

#[tokio::test]
async fn only_get_and_post_are_allowed() {
    let world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    let url = world.inbound_url(&thread.number);
    let others = [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS];
    assert_refused(&others, &url, "GET, POST").await;
}

#[tokio::test]
async fn a_probe_without_parameters_is_answered_on_both_paths() {
    let world = World::without_delay(&[]).await;
    let with_token = world.inbound_url(crate::support::NUMBERS[0]);
    let bare = format!("{}/nexmo-new-sms", world.worker.url());
    for url in [with_token, bare] {
        let probe = fetch(Method::GET, &url).await;
        assert_eq!((probe.status, probe.body.as_str()), (200, ""));
        assert_eq!(fetch(Method::HEAD, &url).await.status, 200);
    }
}
