use serde_json::Value;
use standins::{Fault, Message, Receipt, Version, What, When};

use crate::support::{ALICE, BEN, BENS_PHONE, SOON, World};

fn is_read_by_ben(message: &Message) -> bool {
    let mut statuses = message.status.iter();
    statuses.any(|(user, status)| user == BEN && *status == Receipt::Read)
}

#[tokio::test]
async fn a_posted_reply_marks_what_was_texted_as_read_and_no_more() {
    let settings = [("LAYER_API_VERSION", "3.0"), ("MARK_READ", "on")];
    let world = World::without_delay(&settings).await;
    let thread = world.new_thread(BEN).await;
    let busy = Fault::new(When::phone(BENS_PHONE), What::Status(500, String::new()));
    world.nexmo.traffic().add_fault(busy);
    world.say(&thread.conversation, ALICE, "Not texted yet");
    world.waiting(BEN, 1).await;
    world.deliver_reply(&thread.reply("On my way")).await;
    let is_marked = |messages: &[Message]| is_read_by_ben(&messages[0]);
    let messages = world
        .layer
        .wait_for(&thread.conversation, SOON, is_marked)
        .await
        .unwrap();
    let read: Vec<bool> = messages.iter().map(is_read_by_ben).collect();
    // The last one is Ben's own.
    assert_eq!(read, [true, false, true]);
}

#[tokio::test]
async fn a_mark_that_fails_neither_delays_nor_fails_the_reply() {
    let settings = [("LAYER_API_VERSION", "3.0"), ("MARK_READ", "on")];
    let world = World::without_delay(&settings).await;
    let thread = world.new_thread(BEN).await;
    let broken = Fault::new(
        When::path("/mark_all_read"),
        What::Status(500, String::new()),
    );
    world.layer.traffic().add_fault(broken);
    for reply in ["On my way", "Two minutes"] {
        world.deliver_reply(&thread.reply(reply)).await;
    }
    let posted = world.posted_texts(&thread.conversation, 2).await;
    assert_eq!(posted, ["On my way", "Two minutes"]);
    world.worker.logged("reply.not_marked_read", SOON).await;
}

/// What Layer says when the Worker itself has marked messages as read.
#[tokio::test]
async fn the_webhook_about_a_mark_of_its_own_changes_nothing() {
    let settings = [("LAYER_API_VERSION", "3.0"), ("MARK_READ", "on")];
    let mut world = World::without_delay(&settings).await;
    let thread = world.new_thread(BEN).await;
    world.redeploy(&[("DELAY", "1 hour")]).await;
    world.say(&thread.conversation, ALICE, "Not texted yet");
    world.waiting(BEN, 1).await;
    world.webhooks_delivered().await;
    let receipts = || {
        let events = world.layer.events().into_iter();
        let kinds = events.map(|event| event.kind(Version::V3_0));
        kinds.filter(|kind| *kind == "Receipt.created").count()
    };
    let before = receipts();
    world.deliver_reply(&thread.reply("On my way")).await;
    let is_marked = |messages: &[Message]| is_read_by_ben(&messages[0]);
    let marked = world.layer.wait_for(&thread.conversation, SOON, is_marked);
    marked.await.unwrap();
    let is_idle = |record: &Value| record["replies"]["waiting"] == 0;
    let notices = |record: &Value| record["notices"].clone();
    let waiting = notices(&world.record_when(BEN, is_idle).await);
    world.webhooks_delivered().await;
    assert!(receipts() > before, "Layer told of the mark");
    let record = world.record(BEN).await;
    assert_eq!(notices(&record), waiting);
    assert_eq!(record["notices"]["waiting"], 1);
    assert_eq!(world.layer.posts().len(), 1);
    assert_eq!(world.nexmo.texts().len(), 1);
    let lines = world.worker.logs().into_iter();
    let errors: Vec<_> = lines.filter(|line| line.starts_with("error")).collect();
    assert!(errors.is_empty(), "{errors:?}");
}
