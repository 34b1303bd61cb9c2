//! A text and a reply in each version of Layer's API.

use serde_json::{Value, json};
use standins::{Fault, What, When};

use crate::support::{ALICE, BEN, BENS_PHONE, World};

const OF_1: [&str; 6] = [
    "message.sent",
    "message.delivered",
    "message.read",
    "message.deleted",
    "conversation.deleted",
    "conversation.updated.participants",
];
const FROM_2: [&str; 5] = [
    "Message.created",
    "Message.deleted",
    "Receipt.created",
    "Conversation.deleted",
    "Participation.deleted",
];

#[tokio::test]
async fn version_1_0() {
    assert_text_and_reply_work("1.0", "1.0", &OF_1, json!({ "sender": { "user_id": BEN } })).await;
}

#[tokio::test]
async fn version_1_1() {
    assert_text_and_reply_work("1.1", "1.0", &OF_1, json!({ "sender": { "user_id": BEN } })).await;
}

#[tokio::test]
async fn version_2_0() {
    assert_text_and_reply_work(
        "2.0",
        "2.0",
        &FROM_2,
        json!({ "sender_id": "layer:///identities/ben" }),
    )
    .await;
}

#[tokio::test]
async fn version_3_0() {
    assert_text_and_reply_work(
        "3.0",
        "3.0",
        &FROM_2,
        json!({ "sender_id": "layer:///identities/ben" }),
    )
    .await;
}

#[tokio::test]
async fn waiting_notices_survive_a_change_of_version() {
    let mut world = World::with(&[("DELAY", "4 seconds")]).await;
    let [read, unread] = [(); 2].map(|()| world.conversation(&[ALICE, BEN]));
    let sent = world.say(&read, ALICE, "Read");
    world.say(&unread, ALICE, "Unread");
    world.webhooks_delivered().await;
    assert_eq!(world.record(BEN).await["notices"]["waiting"], 2);
    world.layer.call_webhooks(false);
    world.layer.mark_read(&sent.message.id, BEN).unwrap();
    world.redeploy(&[("LAYER_API_VERSION", "3.0")]).await;
    assert_eq!(world.texts(1).await[0].text, "Alice: Unread");
    assert_eq!(world.dropped(1).await[&read], "read");
}

/// Sends a text and a reply. `sender` is how the post of the reply names its user.
async fn assert_text_and_reply_work(api: &str, webhook: &str, events: &[&str], sender: Value) {
    let world = World::with(&[("DELAY", "500 ms"), ("LAYER_API_VERSION", api)]).await;
    assert_registered(&world, webhook, events);
    assert_read_receipts_end_notices(&world).await;
    let thread = world.new_thread(BEN).await;
    assert_eq!(world.texts_to(BENS_PHONE)[1..], ["Alice: Are you there?"]);
    world.deliver_reply(&thread.reply("Yes")).await;
    let posted = &world.posted(&thread.conversation, 1).await[0];
    assert_eq!(
        (posted.sender.user(), posted.text()),
        (Some(BEN), "Yes".to_owned())
    );
    let post = &world.layer.posts()[0];
    let mut expected = sender;
    expected["parts"] = json!([{ "body": "Yes", "mime_type": "text/plain" }]);
    assert_eq!(serde_json::from_str::<Value>(&post.body).unwrap(), expected);
    assert_eq!(post.dedupe.as_deref(), Some(posted.id.as_str()));
    // Alice is texted about the reply, which she has not read. Ben is not texted about his own.
    let texts = world.texts(3).await;
    assert_eq!(
        (texts[2].text.as_str(), texts[2].phone.as_str()),
        ("Ben: Yes", "15550101010")
    );
    assert_requests_name_version(&world, api, webhook);
}

fn assert_registered(world: &World, webhook: &str, events: &[&str]) {
    let hook = world.hook();
    assert_eq!(hook.version.name(), webhook);
    assert_eq!(
        hook.target_url,
        format!("{}/nexmo-new-message", world.worker.url())
    );
    assert_eq!(hook.config.unwrap()["name"], "Nexmo Integration");
    assert_eq!(hook.events, events);
    assert_eq!(hook.secret, world.settings["LAYER_WEBHOOK_SECRET"]);
}

/// Asserts that read receipts end notices: one receipt for many messages from 2.0, one per message in 1.x.
async fn assert_read_receipts_end_notices(world: &World) {
    let conversation = world.conversation(&[ALICE, BEN]);
    let messages = format!("{conversation}/messages");
    let silence = What::Status(503, String::new());
    world
        .layer
        .traffic()
        .add_fault(Fault::new(When::path(&messages), silence));
    for text in ["One", "Two", "Three"] {
        world.say(&conversation, ALICE, text);
    }
    world.layer.mark_all_read(&conversation, BEN).unwrap();
    world.say(&conversation, ALICE, "Unread");
    assert_eq!(world.texts(1).await[0].text, "Alice: Unread");
    world.waiting(BEN, 0).await;
}

/// Asserts that every request to Layer names its version.
fn assert_requests_name_version(world: &World, api: &str, webhook: &str) {
    let requests = world.layer.traffic().requests();
    assert!(!requests.is_empty());
    for request in requests {
        let expected = match request.path.contains("/webhooks") {
            true => format!("application/vnd.layer.webhooks+json; version={webhook}"),
            false => format!("application/vnd.layer+json; version={api}"),
        };
        assert_eq!(
            request.header("accept"),
            Some(expected.as_str()),
            "{}",
            request.path
        );
        let token = format!("Bearer {}", world.settings["LAYER_BEARER_TOKEN"]);
        assert_eq!(request.header("authorization"), Some(token.as_str()));
    }
}
