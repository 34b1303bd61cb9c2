//! Messages, conversations and participants that are removed before a text is due.

use crate::support::{ALICE, BEN, CARA, World};

#[tokio::test]
async fn in_1_0_deleted_messages_and_conversations_are_not_texted() {
    assert_deletions_end_notices("1.0").await;
}

#[tokio::test]
async fn in_2_0_deleted_messages_and_conversations_are_not_texted() {
    assert_deletions_end_notices("2.0").await;
}

/// The delay is so long that only the webhooks can end the notices.
async fn assert_deletions_end_notices(version: &str) {
    let world = World::with(&[("DELAY", "1 hour"), ("LAYER_API_VERSION", version)]).await;
    let ids = [(); 4].map(|()| world.conversation(&[ALICE, BEN, CARA]));
    let [deleted, over, left, stays] = &ids;
    let sent = ids.each_ref().map(|id| world.say(id, ALICE, "Hello"));
    for user in [BEN, CARA] {
        world.waiting(user, 4).await;
    }
    world.layer.delete_message(&sent[0].message.id).unwrap();
    world.layer.delete_conversation(over).unwrap();
    world.layer.leave(left, BEN).unwrap();
    let dropped = world.dropped(5).await;
    assert_eq!(dropped[deleted], "deleted");
    assert_eq!(dropped[over], "deleted");
    assert_eq!(dropped[left], "left");
    let waiting = |record: &serde_json::Value| {
        let first = record["notices"]["first"].as_array().unwrap();
        first
            .iter()
            .map(|one| one["conversation_id"].as_str().unwrap().to_owned())
            .collect()
    };
    let bens: Vec<String> = waiting(&world.record(BEN).await);
    assert!(bens.iter().eq([stays]), "{bens:?}");
    let mut caras: Vec<String> = waiting(&world.record(CARA).await);
    let mut expected = vec![left.clone(), stays.clone()];
    caras.sort();
    expected.sort();
    assert_eq!(caras, expected, "Cara did not leave");
}

#[tokio::test]
async fn in_1_0_lost_webhooks_are_detected_when_the_text_is_due() {
    assert_lost_webhooks_are_detected("1.0").await;
}

#[tokio::test]
async fn in_3_0_lost_webhooks_are_detected_when_the_text_is_due() {
    assert_lost_webhooks_are_detected("3.0").await;
}

async fn assert_lost_webhooks_are_detected(version: &str) {
    let world = World::with(&[("DELAY", "1 second"), ("LAYER_API_VERSION", version)]).await;
    let ids = [(); 5].map(|()| world.conversation(&[ALICE, BEN]));
    let [read, deleted, over, left, unread] = &ids;
    let sent = ids.each_ref().map(|id| world.say(id, ALICE, "Hello"));
    world.layer.call_webhooks(false);
    world.layer.mark_read(&sent[0].message.id, BEN).unwrap();
    world.layer.delete_message(&sent[1].message.id).unwrap();
    world.layer.delete_conversation(over).unwrap();
    world.layer.leave(left, BEN).unwrap();

    let dropped = world.dropped(4).await;
    let reasons = [read, deleted, over, left].map(|id| dropped[id].as_str());
    assert_eq!(reasons, ["read", "deleted", "deleted", "left"]);
    world.texts(1).await;
    let record = world.waiting(BEN, 0).await;
    assert_eq!(record["links"].as_array().unwrap().len(), 1);
    assert_eq!(record["links"][0]["conversation_id"], unread.as_str());
    assert_eq!(world.nexmo.texts().len(), 1);
}

#[tokio::test]
async fn a_user_who_rejoins_is_texted_about_new_messages() {
    let world = World::with(&[("DELAY", "1 second"), ("LAYER_API_VERSION", "2.0")]).await;
    let conversation = world.conversation(&[ALICE, BEN]);
    world.say(&conversation, ALICE, "Before");
    world.webhooks_delivered().await;
    world.layer.leave(&conversation, BEN).unwrap();
    assert_eq!(world.dropped(1).await[&conversation], "left");
    world.layer.join(&conversation, BEN).unwrap();
    world.say(&conversation, ALICE, "After");
    assert_eq!(world.texts(1).await[0].text, "Alice: After");
}
