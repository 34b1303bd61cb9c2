//! A homeserver that does not answer, or wants the Worker to wait.

use std::time::Duration;

use serde_json::json;

use crate::{
    gate::{Asked, Instead},
    synapse::Receipt,
    world::MatrixWorld,
};

/// How long the homeserver wants the Worker to wait: longer than it would wait by itself before its second try.
const WAIT: Duration = Duration::from_secs(5);

fn too_many_requests() -> Instead {
    let wait = u64::try_from(WAIT.as_millis()).unwrap();
    let body = json!({ "errcode": "M_LIMIT_EXCEEDED", "error": "Too Many Requests", "retry_after_ms": wait });
    Instead::Answer(429, body)
}

/// The time between the first request, which was refused, and the second.
fn waited(requests: &[Asked]) -> Duration {
    assert_eq!(requests[0].status, 429);
    requests[1].at - requests[0].at
}

#[tokio::test]
async fn a_question_is_asked_again_when_the_homeserver_wants() {
    let Some(world) = MatrixWorld::behind_gate(&[]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    world
        .gate()
        .instead("/notifications", 1, too_many_requests());
    alice.say(&room, "Hello").await;
    assert_eq!(world.texted(&ben, 1).await, ["Alice: Hello"]);
    let requests = world.gate().asked("/notifications");
    assert!(waited(&requests) >= WAIT, "{requests:?}");
}

#[tokio::test]
async fn a_reply_is_posted_again_when_the_homeserver_wants() {
    let Some(world) = MatrixWorld::behind_gate(&[]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    alice.say(&room, "Hello").await;
    let thread = world.thread(&ben, &room).await;
    world
        .gate()
        .instead("/send/m.room.message/", 1, too_many_requests());
    world.reply(&thread, "Yes").await;
    assert_eq!(world.said(&alice, &room, &ben, 1).await, ["Yes"]);
    let requests = world.gate().asked("/send/m.room.message/");
    assert!(waited(&requests) >= WAIT, "{requests:?}");
}

/// The transaction is refused, and the homeserver pushes it again.
#[tokio::test]
async fn a_message_whose_recipients_are_unknown_comes_again() {
    let Some(world) = MatrixWorld::behind_gate(&[]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    let unknown_token = json!({ "errcode": "M_UNKNOWN_TOKEN", "error": "Unknown token" });
    let members = "/joined_members";
    world
        .gate()
        .instead(members, 1, Instead::Answer(503, json!({})));
    world
        .gate()
        .instead(members, 1, Instead::Answer(401, unknown_token));
    alice.say(&room, "Hello").await;
    alice.say(&room, "Ben?").await;
    assert_eq!(world.texted(&ben, 2).await, ["Alice: Hello", "Alice: Ben?"]);
    let statuses = world.gate().asked(members);
    let statuses: Vec<u16> = statuses.iter().map(|one| one.status).collect();
    assert_eq!(statuses[..3], [503, 401, 200]);
}

/// What the Worker knows is that the message was sent. That is no licence to text.
#[tokio::test]
async fn nothing_is_texted_before_the_homeserver_has_said_that_it_is_unread() {
    let Some(world) = MatrixWorld::behind_gate(&[]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    let other = alice.room_with(&[&ben]).await;
    world.gate().fail("/notifications", 500);
    let message = alice.say(&room, "Read meanwhile").await;
    alice.say(&other, "Not read").await;
    world.waiting(&ben, 2).await;
    world.gate().asked_when("/notifications", 4).await;
    assert!(world.world.nexmo.texts().is_empty());
    ben.read(&room, &message, Receipt::Public).await;
    world.gate().open();
    assert_eq!(world.texted(&ben, 1).await, ["Alice: Not read"]);
    let reason = &world.world.dropped(1).await[&room];
    assert!(reason == "read" || reason == "read_or_muted", "{reason}");
}

/// The whole try has half a minute.
#[tokio::test]
async fn slow_a_homeserver_that_takes_two_seconds_for_each_answer_is_waited_for() {
    let digest = [("DIGEST", "on"), ("DELAY", "4 seconds")];
    let Some(world) = MatrixWorld::behind_gate(&digest).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    let late = Instead::Delay(Duration::from_secs(2));
    world.gate().instead("/_matrix/client", usize::MAX, late);
    for number in 0..10 {
        alice.say(&room, &number.to_string()).await;
    }
    let lines: Vec<String> = (0..10).map(|number| format!("Alice: {number}")).collect();
    assert_eq!(world.texted(&ben, 1).await, [lines.join("\n")]);
    world.reply(&world.thread(&ben, &room).await, "Yes").await;
    assert_eq!(world.said(&alice, &room, &ben, 1).await, ["Yes"]);
    assert!(world.world.entries("notice.postponed").is_empty());
}

#[tokio::test]
async fn a_reply_waits_until_it_is_known_that_the_room_is_not_encrypted() {
    let Some(world) = MatrixWorld::behind_gate(&[]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    alice.say(&room, "Hello").await;
    let thread = world.thread(&ben, &room).await;
    let encryption = "/state/m.room.encryption";
    world.gate().fail(encryption, 502);
    world.reply(&thread, "Yes").await;
    world.gate().asked_when(encryption, 2).await;
    assert!(world.gate().asked("/send/").is_empty());
    world.gate().open();
    assert_eq!(world.said(&alice, &room, &ben, 1).await, ["Yes"]);
}
