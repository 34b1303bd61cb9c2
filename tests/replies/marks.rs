use standins::{Fault, Message, Receipt, What, When};

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
