use super::*;
use crate::fault::{Fault, When};
use crate::http::{Answer, Client, Outgoing};
use crate::sign::layer_signature;
use serde_json::Value;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(5);

async fn layer() -> (Layer, String) {
    let options = LayerOptions {
        retry_scale: 0.001,
        ..LayerOptions::default()
    };
    let layer = Layer::start(options).await.unwrap();
    layer.create_user(User::new("12345", "Alice", "+1 (555) 010-2030"));
    layer.create_user(User::new("b/ö", "Bob", "15550102031"));
    let conversation = layer
        .create_conversation(NewConversation::of(&["12345", "b/ö"]))
        .unwrap();
    (layer, conversation)
}

async fn ask(
    layer: &Layer,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> (u16, Value) {
    let mut all = vec![
        ("authorization", "Bearer layer-token"),
        ("accept", "application/vnd.layer+json; version=1.0"),
    ];
    all.push(("content-type", "application/json"));
    all.retain(|(name, _)| !headers.iter().any(|(other, _)| other == name));
    all.extend(headers);
    let headers = all
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let url = format!(
        "{}/apps/{}/{path}",
        layer.url(),
        LayerOptions::default().app_id
    );
    let outgoing = Outgoing {
        method: method.to_owned(),
        url,
        headers,
        body: body.to_owned(),
    };
    match Client::default().send(&outgoing, SOON).await {
        Answer::Status(status, body) => (status, serde_json::from_str(&body).unwrap_or_default()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_bad_token_or_accept_is_refused() {
    let (layer, _) = layer().await;
    let path = "users/12345/identity";
    assert_eq!(
        ask(&layer, "GET", path, &[("authorization", "Bearer x")], "")
            .await
            .0,
        401
    );
    let (status, body) = ask(&layer, "GET", path, &[("accept", "application/json")], "").await;
    assert_eq!(
        (
            status,
            body["code"].as_u64(),
            body["data"]["header"].as_str()
        ),
        (406, Some(107), Some("Accept"))
    );
    let (status, body) = ask(&layer, "GET", path, &[], "").await;
    assert_eq!(
        (status, body["display_name"].as_str(), body.get("user_id")),
        (200, Some("Alice"), None)
    );
    assert_eq!(
        ask(&layer, "GET", "users/b%2F%C3%B6/identity", &[], "")
            .await
            .0,
        200
    );
    assert_eq!(
        ask(&layer, "GET", "users/nobody/identity", &[], "").await.0,
        404
    );
}

#[tokio::test]
async fn posts_are_checked() {
    let (layer, conversation) = layer().await;
    let path = format!("conversations/{conversation}/messages");
    let long = format!(
        r#"{{"sender":{{"user_id":"12345"}},"parts":[{{"mime_type":"text/plain","body":"{}"}}]}}"#,
        "a".repeat(2049)
    );
    let part = r#"[{"mime_type":"text/plain","body":"x"}]"#;
    let cases = [
        (format!(r#"{{"parts":{part}}}"#), 422, 104),
        (
            format!(r#"{{"sender":{{"user_id":"12345","name":"b"}},"parts":{part}}}"#),
            422,
            105,
        ),
        (
            format!(r#"{{"sender_id":"layer:///identities/12345","parts":{part}}}"#),
            422,
            104,
        ),
        (
            format!(r#"{{"sender":{{"user_id":"stranger"}},"parts":{part}}}"#),
            403,
            101,
        ),
        (long, 422, 105),
        ("{".to_owned(), 400, 10),
    ];
    for (body, status, code) in cases {
        let (found, json) = ask(&layer, "POST", &path, &[], &body).await;
        assert_eq!(
            (found, json["code"].as_u64()),
            (status, Some(code)),
            "{body}"
        );
    }
    assert_eq!(layer.posts().len(), 6);
    assert!(layer.messages(&conversation).is_empty());
    let other = format!(r#"{{"sender_id":"layer:///identities/b%2F%C3%B6","parts":{part}}}"#);
    let accept = [("accept", "application/vnd.layer+json; version=2.0")];
    assert_eq!(ask(&layer, "POST", &path, &accept, &other).await.0, 201);
    layer.delete_conversation(&conversation).unwrap();
    assert_eq!(ask(&layer, "POST", &path, &accept, &other).await.0, 410);
}

#[tokio::test]
async fn the_same_uuid_posts_once_and_becomes_the_id() {
    let (layer, conversation) = layer().await;
    let path = format!("conversations/{conversation}/messages");
    let body = r#"{"sender":{"user_id":"12345"},"parts":[{"mime_type":"text/plain","body":"x"}]}"#;
    let id = "e7ceef61-a8f4-4a9b-9d0a-0123456789ab";
    let quoted = format!("\"{id}\"");
    assert_eq!(
        ask(&layer, "POST", &path, &[("if-none-match", &quoted)], body)
            .await
            .0,
        400
    );
    for _ in 0..2 {
        let (status, json) = ask(&layer, "POST", &path, &[("if-none-match", id)], body).await;
        assert_eq!(
            (status, json["id"].as_str()),
            (201, Some(&*format!("layer:///messages/{id}")))
        );
    }
    layer.set_repeat(Repeat::Conflict);
    assert_eq!(
        ask(&layer, "POST", &path, &[("if-none-match", id)], body)
            .await
            .1["code"],
        111
    );
    assert_eq!(
        (
            layer.messages(&conversation).len(),
            layer.posts().iter().filter(|post| post.repeat).count()
        ),
        (1, 2)
    );
}

#[tokio::test]
async fn a_webhook_that_is_not_verified_gets_nothing() {
    let (layer, conversation) = layer().await;
    let target = Layer::start(LayerOptions::default()).await.unwrap();
    let body = format!(
        r#"{{"version":"1.0","target_url":"{}/hook","events":["message.sent"],"secret":"s"}}"#,
        target.url()
    );
    let accept = [("accept", "application/vnd.layer.webhooks+json; version=1.0")];
    assert_eq!(
        ask(&layer, "POST", "webhooks", &accept, "{}").await.1["message"],
        "The version property cannot be omitted."
    );
    let (status, hook) = ask(&layer, "POST", "webhooks", &accept, &body).await;
    assert_eq!(
        (status, hook["status"].as_str(), hook.get("secret")),
        (201, Some("unverified"), None)
    );
    let hooks = layer
        .wait_for_hooks(SOON, |hooks| hooks[0].status == HookStatus::Inactive)
        .await
        .unwrap();
    let reason = "Verification failed due to unexpected response status: 404 Not Found";
    assert_eq!(hooks[0].status_reason.as_deref(), Some(reason));
    layer.say(&conversation, "12345", "hi").unwrap();
    assert!(layer.deliveries().is_empty());
}

#[tokio::test]
async fn a_call_is_signed_and_repeated_until_the_webhook_becomes_inactive() {
    let (layer, conversation) = layer().await;
    let target = Layer::start(LayerOptions::default()).await.unwrap();
    let url = format!("{}/hook", target.url());
    layer.add_hook(Hook::active(Version::V1_0, &url, &["message.sent"], "s"));
    target
        .traffic()
        .add_fault(Fault::new(When::path("hook"), What::Status(200, String::new())).times(1));
    layer.say(&conversation, "12345", "héllo/").unwrap();
    layer
        .wait_for_deliveries(SOON, |all| {
            all.iter().all(|one| one.outcome == Outcome::Delivered)
        })
        .await
        .unwrap();
    let request = target.traffic().requests().remove(0);
    assert_eq!(
        request.header("layer-webhook-signature"),
        Some(&*layer_signature("s", &request.body))
    );
    assert!(
        request.body.starts_with(r#"{"event":{"created_at":""#) && request.body.contains("héllo/")
    );
    assert!(
        request
            .body
            .ends_with(r#""recipient_status":{"12345":"read","b/ö":"sent"}}}"#)
    );
    layer.say(&conversation, "12345", "lost").unwrap();
    let gone = |all: &[Delivery]| {
        all.last()
            .is_some_and(|one| one.outcome == Outcome::GivenUp)
    };
    let all = layer.wait_for_deliveries(SOON, gone).await.unwrap();
    assert_eq!(all[1].attempts.len(), 6);
    assert_eq!(layer.hooks()[0].status, HookStatus::Inactive);
}

#[tokio::test]
async fn a_photo_is_rich_content_beside_the_words() {
    let (layer, conversation) = layer().await;
    let parts = vec![Part::text("look"), Part::content("image/jpeg")];
    let sender = Sender::User("12345".to_owned());
    let sent = layer.send_message(&conversation, sender, parts).unwrap();
    let path = format!("conversations/{conversation}/messages/{}", sent.message.id);
    let (_, message) = ask(&layer, "GET", &path, &[], "").await;
    let event: Value = serde_json::from_str(&sent.event.body(Version::V1_0, None)).unwrap();
    for message in [&message, &event["message"]] {
        let [words, photo] = [&message["parts"][0], &message["parts"][1]];
        assert_eq!(
            (&words["body"], &words["content"]),
            (&"look".into(), &Value::Null)
        );
        assert_eq!(
            (&photo["mime_type"], &photo["body"]),
            (&"image/jpeg".into(), &Value::Null)
        );
        let content = photo["content"].as_object().unwrap();
        let names: Vec<&str> = content.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            ["download_url", "expiration", "id", "refresh_url", "size"]
        );
        assert!(
            content["id"]
                .as_str()
                .unwrap()
                .starts_with("layer:///content/")
        );
        assert!(content["size"].is_u64());
    }
}

#[tokio::test]
async fn receipts_only_move_forward() {
    let (layer, conversation) = layer().await;
    let sent = layer.say(&conversation, "12345", "hi").unwrap();
    let id = sent.message.id;
    assert_eq!(
        layer.mark_read(&id, "12345").unwrap_err(),
        Refused::NoEffect
    );
    let read = layer.mark_read(&id, "b/ö").unwrap();
    assert_eq!(
        layer.mark_delivered(&id, "b/ö").unwrap_err(),
        Refused::NoEffect
    );
    let body: Value = serde_json::from_str(&read.body(Version::V2_0, None)).unwrap();
    assert_eq!(body["receipt"]["type"], "Read");
    assert_eq!(body["actor"]["id"], "layer:///identities/b%2F%C3%B6");
}

#[tokio::test]
async fn a_reset_closes_the_connection_before_or_after_the_effect() {
    let (layer, conversation) = layer().await;
    layer.traffic().set_faults(vec![
        Fault::new(When::path("messages").nth(1), What::Reset),
        Fault::new(When::path("messages").nth(1), What::AcceptThenReset),
    ]);
    let body = r#"{"sender":{"user_id":"12345"},"parts":[{"mime_type":"text/plain","body":"x"}]}"#;
    for expected in [0, 1] {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let outgoing = Outgoing {
            method: "POST".to_owned(),
            url: format!(
                "{}/apps/{}/conversations/{conversation}/messages",
                layer.url(),
                LayerOptions::default().app_id
            ),
            headers: vec![
                header("authorization", "Bearer layer-token"),
                header("accept", "application/vnd.layer+json; version=1.0"),
                header("content-type", "application/json"),
            ],
            body: body.to_owned(),
        };
        let answer = Client::default().send(&outgoing, SOON).await;
        assert!(matches!(answer, Answer::Failed(_)), "{answer:?}");
        assert_eq!(layer.messages(&conversation).len(), expected);
    }
    assert_eq!(
        (layer.traffic().fired(), layer.traffic().faults()),
        (vec![1, 1], 2)
    );
}
