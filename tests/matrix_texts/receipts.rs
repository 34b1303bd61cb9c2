//! Receipts, where an operator has them pushed.

use crate::{
    synapse::{Receipt, Service},
    world::MatrixWorld,
};

async fn with_receipts() -> Option<MatrixWorld> {
    let pushed = |service: &Service| service.receive_ephemeral;
    MatrixWorld::where_service(pushed, &[("DELAY", "1 hour")]).await
}

#[tokio::test]
async fn a_receipt_ends_what_waits_up_to_its_message_at_once() {
    let Some(world) = with_receipts().await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    alice.say(&room, "One").await;
    let second = alice.say(&room, "Two").await;
    let third = alice.say(&room, "Three").await;
    world.waiting(&ben, 3).await;
    ben.read(&room, &second, Receipt::Public).await;
    world.waiting(&ben, 1).await;
    let record = world.record(&ben).await;
    assert_eq!(record["notices"]["first"][0]["message_id"], third);
    assert_eq!(world.world.dropped(2).await[&room], "read");
}

#[tokio::test]
async fn a_private_receipt_and_one_in_a_thread_end_a_notice_too() {
    let Some(world) = with_receipts().await else {
        return;
    };
    let (alice, ben, private) = world.pair().await;
    let threaded = alice.room_with(&[&ben]).await;
    let message = alice.say(&private, "Hello").await;
    let root = alice.say(&threaded, "Root").await;
    let answer = alice.say_in_thread(&threaded, &root, "Ben?").await;
    world.waiting(&ben, 3).await;
    ben.read(&private, &message, Receipt::Private).await;
    ben.read(&threaded, &answer, Receipt::Threaded(&root)).await;
    let reasons = world.world.dropped(2).await;
    assert_eq!(reasons[&private], "read");
    assert_eq!(reasons[&threaded], "read");
}
