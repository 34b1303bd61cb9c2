//! Layer's webhook: authentication, parsing and responses.

use reqwest::{Method, Response};
use serde_json::Value;
use standins::{Fault, What, When, layer_signature};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::{BEN, BENS_PHONE, World, assert_refused};

const MIB: usize = 1024 * 1024;

/// A Worker without delay that only the test calls.
pub async fn unregistered_world() -> World {
    let world = World::without_setup(&[("DELAY", "0")], |_, _, _| {}).await;
    // Layer does not know the messages that the tests make up; a failure makes the Worker use their webhooks.
    let silence = What::Status(503, String::new());
    world
        .layer
        .traffic()
        .add_fault(Fault::new(When::path("/messages/"), silence));
    world
}

fn message(recipients: &str) -> String {
    format!(
        r#"{{"event":{{"type":"message.sent"}},"message":{{
            "id":"layer:///messages/940de862-3c96-11e4-baad-164230d1df67",
            "conversation":{{"id":"layer:///conversations/e67b5da2-95ca-40c4-bfc5-a2a8baaeb50f"}},
            "parts":[{{"mime_type":"text/plain","body":"Gr\u00fc\u00dfe \ud83d\ude00"}}],
            "sender":{{"user_id":"alice"}},"recipient_status":{{{recipients}}}}}}}"#
    )
}

async fn post(world: &World, signature: Option<&str>, body: impl Into<reqwest::Body>) -> Response {
    let url = format!("{}/nexmo-new-message", world.worker.url());
    let request = reqwest::Client::new().post(url).body(body);
    let request = match signature {
        Some(signature) => request.header("layer-webhook-signature", signature),
        None => request,
    };
    request.send().await.unwrap()
}

fn signature(world: &World, body: &str) -> String {
    layer_signature(&world.settings["LAYER_WEBHOOK_SECRET"], body)
}

#[tokio::test]
async fn only_webhooks_signed_by_layer_are_accepted() {
    let world = unregistered_world().await;
    let body = message(r#""ben":"sent""#);
    let good = signature(&world, &body);
    let other = layer_signature("another secret", &body);
    let empty = layer_signature("", &body);
    let refused = [
        None,
        Some(""),
        Some("nonsense"),
        Some(&good[1..]),
        Some(&other),
        Some(&empty),
    ];
    for signature in refused {
        assert_eq!(
            post(&world, signature, body.clone()).await.status(),
            403,
            "{signature:?}"
        );
    }
    let tampered = body.replace("\"ben\"", "\"eve\"");
    assert_eq!(post(&world, Some(&good), tampered).await.status(), 403);
    assert_eq!(
        post(&world, Some(&good), format!("{body} ")).await.status(),
        403
    );
    // The body is not parsed before its signature is checked.
    assert_eq!(post(&world, None, "not JSON").await.status(), 403);
    for user in [BEN, "eve"] {
        assert_eq!(world.record(user).await["user_id"], Value::Null);
    }
    assert_eq!(post(&world, Some(&good), body).await.status(), 200);
    world.texts(1).await;
}

#[tokio::test]
async fn other_requests_are_refused_with_the_reason() {
    let world = unregistered_world().await;
    let foreign = r#"{"event":{"type":"message.sent"},"config":{"name":"Another one"}}"#;
    let cases = [
        ("", "not JSON"),
        ("not JSON", "not JSON"),
        (r#"{"event":{"type":"message.sent"}"#, "not JSON"),
        ("[]", "event.type"),
        ("null", "event.type"),
        ("{}", "event.type"),
        (r#"{"event":null}"#, "event.type"),
        (r#"{"event":{"type":7}}"#, "event.type"),
        (foreign, r#"config.name is "Another one""#),
    ];
    for (body, reason) in cases {
        let answer = world.webhook(body).await;
        assert_eq!(answer.status(), 400, "{body}");
        let words = answer.text().await.unwrap();
        assert!(words.contains(reason), "{body}: {words}");
    }
    let ours = r#"{"event":{"type":"conversation.created"},"config":{"name":"Nexmo Integration"}}"#;
    assert_eq!(world.webhook(ours).await.status(), 200);
}

#[tokio::test]
async fn an_event_of_unknown_shape_is_accepted_and_logged() {
    let world = unregistered_world().await;
    let uuid = "940de862-3c96-11e4-baad-164230d1df67";
    let conversation = format!(r#""conversation":{{"id":"{uuid}"}}"#);
    let cases = [
        (
            r#"{"event":{"type":"message.sent"}}"#.to_owned(),
            "message is missing",
        ),
        (
            r#"{"event":{"type":"message.sent"},"message":"secret words"}"#.to_owned(),
            "message is text",
        ),
        (
            format!(
                r#"{{"event":{{"type":"message.read"}},"message":{{"id":"../x",{conversation}}}}}"#
            ),
            "message.id does not hold a UUID",
        ),
        (
            format!(
                r#"{{"event":{{"type":"Receipt.created"}},"receipt":{{"type":"Read"}},{conversation}}}"#
            ),
            "receipt.positions is missing",
        ),
        (
            format!(r#"{{"event":{{"type":"Participation.deleted"}},{conversation}}}"#),
            "changes is missing",
        ),
    ];
    for (count, (body, reason)) in (1..).zip(cases) {
        assert_eq!(world.webhook(&body).await.status(), 200, "{body}");
        let logged = world.entries_when("layer_webhook.unreadable", count).await;
        let entry = logged.last().unwrap();
        assert_eq!(entry["level"], "error");
        assert!(entry["why"].as_str().unwrap().contains(reason), "{entry}");
    }
    assert!(!world.worker.logs().join("\n").contains("secret words"));
}

#[tokio::test]
async fn other_events_are_accepted_without_errors() {
    let world = unregistered_world().await;
    for kind in [
        "conversation.created",
        "Message.updated",
        "Something.else",
        "",
    ] {
        let body = format!(r#"{{"event":{{"type":"{kind}"}},"message":7}}"#);
        assert_eq!(world.webhook(&body).await.status(), 200, "{kind}");
    }
    let logs = world.worker.logs();
    assert!(!logs.iter().any(|line| line.contains("error")), "{logs:?}");
}

#[tokio::test]
async fn bodies_are_limited_to_one_mebibyte() {
    let world = unregistered_world().await;
    let mut body = message(r#""ben":"sent""#);
    body.push_str(&" ".repeat(MIB - body.len()));
    assert_eq!(world.webhook(&body).await.status(), 200);
    world.texts(1).await;
    body.push(' ');
    let answer = post(&world, Some(&signature(&world, &body)), body.clone()).await;
    assert_eq!(answer.status(), 413);
    assert!(
        post_chunked(&world, &body)
            .await
            .starts_with("HTTP/1.1 413 ")
    );
    assert!(
        post_chunked(&world, &body[..MIB])
            .await
            .starts_with("HTTP/1.1 200 ")
    );
}

/// Posts a body in chunks, without a content length; returns the head of the response.
async fn post_chunked(world: &World, body: &str) -> String {
    let address = world.worker.url().trim_start_matches("http://").to_owned();
    let stream = TcpStream::connect(&address).await.unwrap();
    let (mut read, mut write) = stream.into_split();
    let head = format!(
        "POST /nexmo-new-message HTTP/1.1\r\nhost: {address}\r\nlayer-webhook-signature: {}\r\n\
         transfer-encoding: chunked\r\nconnection: close\r\n\r\n",
        signature(world, body)
    );
    let body = body.to_owned();
    // The response may arrive before the whole body is sent.
    tokio::spawn(async move {
        write.write_all(head.as_bytes()).await?;
        for chunk in body.as_bytes().chunks(64 * 1024) {
            write
                .write_all(format!("{:x}\r\n", chunk.len()).as_bytes())
                .await?;
            write.write_all(chunk).await?;
            write.write_all(b"\r\n").await?;
        }
        write.write_all(b"0\r\n\r\n").await
    });
    let mut answer = vec![0; 1024];
    let length = read.read(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer[..length]).into_owned()
}

#[tokio::test]
async fn the_signature_covers_the_raw_bytes_and_escapes_are_decoded() {
    let world = unregistered_world().await;
    // Parsed and written again by JavaScript, the body would differ: numeric keys first, no escapes.
    let body = message(r#""ben":"sent","10":"sent","9":"read","1":"delivered""#);
    assert_eq!(world.webhook(&body).await.status(), 200);
    assert_eq!(world.texts(1).await[0].text, "Alice: Grüße 😀");
    assert_eq!(world.nexmo.texts()[0].phone, BENS_PHONE);
    for (user, known) in [("1", "1"), ("9", "9"), ("10", "10")] {
        assert_eq!(world.record(user).await["user_id"], known);
    }
}

#[tokio::test]
async fn other_methods_are_not_allowed() {
    let world = unregistered_world().await;
    let url = format!("{}/nexmo-new-message", world.worker.url());
    let others = [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS];
    assert_refused(&others, &url, "GET, POST").await;
}

#[tokio::test]
async fn a_challenge_is_echoed_as_plain_text() {
    let mut world = unregistered_world().await;
    let url = format!("{}/nexmo-new-message", world.worker.url());
    let get = async |query: &str| reqwest::get(format!("{url}{query}")).await.unwrap();
    let answer = get("?x=1&verification_challenge=%3Cscript%3E%26%20%2B%C3%A9").await;
    assert_eq!(answer.status(), 200);
    assert!(
        answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/plain")
    );
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    assert_eq!(answer.text().await.unwrap(), "<script>& +é");
    for query in ["", "?verification_challenge=", "?other=1"] {
        let answer = get(query).await;
        assert_eq!(
            (
                answer.status().as_u16(),
                answer.text().await.unwrap().as_str()
            ),
            (200, "")
        );
    }
    let long = get(&format!("?verification_challenge={}", "x".repeat(5_000))).await;
    assert!(long.status().is_client_error());
    assert!(long.text().await.unwrap().len() < 1_000);

    // The path may be set with or without a leading slash.
    for path in ["/hooks/layer", "hooks/layer2"] {
        world.redeploy(&[("LAYER_PATH", path)]).await;
        let at = format!("{}/{}", world.worker.url(), path.trim_start_matches('/'));
        let answer = reqwest::get(format!("{at}?verification_challenge=x"))
            .await
            .unwrap();
        assert_eq!(answer.text().await.unwrap(), "x");
        assert_eq!(reqwest::get(&url).await.unwrap().status(), 404);
        assert_eq!(world.setup().await.status(), 200);
        assert!(world.layer.hooks().iter().any(|hook| hook.target_url == at));
    }
}
