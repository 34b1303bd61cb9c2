//! What the Worker answers a homeserver.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    support::path_segment,
    synapse::{Answer, Api, Person},
    waiting::LONG_DELAY,
    world::MatrixWorld,
};

/// The path of an application service's API.
const SERVICE: &str = "/_matrix/app/v1";

async fn ask(world: &MatrixWorld, token: &str, method: Method, path: &[&str]) -> Answer {
    let body = match method {
        Method::GET => Value::Null,
        _ => json!({ "events": [] }),
    };
    let worker = Api::new(world.world.worker.url(), token);
    worker.ask(method, SERVICE, path, &body).await
}

/// The Worker forgets what it has seen for a user.
async fn erase(world: &MatrixWorld, person: &Person) {
    let path = format!("/admin/users/{}", path_segment(&person.id));
    let erased = world.world.admin(Method::DELETE, &path).await;
    assert!(erased.status().is_success());
}

#[tokio::test]
async fn nobody_but_the_homeserver_is_heard() {
    let Some(world) = MatrixWorld::with(&[]).await else {
        return;
    };
    let routes: [(Method, &[&str]); 4] = [
        (Method::PUT, &["transactions", "1"]),
        (Method::POST, &["ping"]),
        (Method::GET, &["users", "@ben:chat.test"]),
        (Method::GET, &["rooms", "#lobby:chat.test"]),
    ];
    let almost = world.service.hs_token.replace("hs", "HS");
    for token in ["", "wrong", &almost, &world.service.as_token] {
        for (method, path) in &routes {
            let answer = ask(&world, token, method.clone(), path).await;
            assert_eq!(answer.status, 403, "{path:?} with {token:?}");
            assert_eq!(answer.body["errcode"], "M_FORBIDDEN");
        }
    }
    let expected = [200, 200, 404, 404];
    for ((method, path), status) in routes.into_iter().zip(expected) {
        let answer = ask(&world, &world.service.hs_token, method, path).await;
        assert_eq!(answer.status, status, "{path:?}");
        match status {
            200 => assert_eq!(answer.body, json!({})),
            _ => assert_eq!(answer.body["errcode"], "M_NOT_FOUND"),
        }
    }
}

#[tokio::test]
async fn an_event_that_comes_again_is_texted_once_even_after_its_text() {
    let Some(world) = MatrixWorld::with(&[("DELAY", "3 seconds")]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    let message = alice.say(&room, "Hello").await;
    let event = world.event(&ben, &room, &message).await;
    let again = [event.clone(), event];
    assert_eq!(world.transaction("one", &again).await.status, 200);
    world.waiting(&ben, 1).await;
    assert_eq!(world.transaction("another", &again).await.status, 200);
    world.waiting(&ben, 1).await;
    assert_eq!(world.texted(&ben, 1).await, ["Alice: Hello"]);
    assert_eq!(world.transaction("later", &again).await.status, 200);
    alice.say(&room, "Goodbye").await;
    assert_eq!(
        world.texted(&ben, 2).await,
        ["Alice: Hello", "Alice: Goodbye"]
    );
}

#[tokio::test]
async fn an_event_that_cannot_be_read_does_not_spoil_those_beside_it() {
    let Some(mut world) = MatrixWorld::with(&[]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    let message = alice.say(&room, "Hello").await;
    world.texted(&ben, 1).await;
    // The same event, for a Worker that has not seen it.
    let event = world.event(&ben, &room, &message).await;
    erase(&world, &ben).await;
    world.world.redeploy(&[]).await;
    let unreadable = [
        json!(null),
        json!("text"),
        json!({ "type": "m.room.message", "content": { "body": "No room" } }),
        json!({ "type": "m.room.message", "room_id": 5, "event_id": "$x", "sender": ben.id, "content": { "body": "?" } }),
        json!({ "type": "m.room.redaction", "room_id": room, "content": [] }),
        json!({ "type": 7 }),
    ];
    let events = [&unreadable[..], &[event]].concat();
    let answer = world.transaction("odd", &events).await;
    assert_eq!((answer.status, answer.body), (200, json!({})));
    assert_eq!(
        world.texted(&ben, 2).await,
        ["Alice: Hello", "Alice: Hello"]
    );
}

#[tokio::test]
async fn a_hundred_events_at_once_are_stored_and_decided_together() {
    let Some(mut world) = MatrixWorld::with(&[("DIGEST", "on"), LONG_DELAY]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    let mut events = Vec::new();
    for number in 1..=100 {
        let message = alice.say(&room, &number.to_string()).await;
        events.push(world.event(&ben, &room, &message).await);
    }
    world.waiting(&ben, 100).await;
    erase(&world, &ben).await;
    world.waiting(&ben, 0).await;
    assert_eq!(world.transaction("hundred", &events).await.status, 200);
    world.delay_passes(&ben, 100).await;
    let text = world.texted(&ben, 1).await.remove(0);
    assert!(text.starts_with("Alice: 1\nAlice: 2\n"), "{text}");
    assert!(text.ends_with("\nAlice: 10\n+90 more"), "{text}");
}
