use tokio::task::JoinSet;

use crate::support::{BEN, World};

#[tokio::test]
async fn a_text_delivered_twenty_times_at_once_is_posted_once() {
    let world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    let inbound = world.nexmo.inbound(&thread.reply("Only once")).remove(0);
    let url = world.inbound_url(&thread.number);
    let mut pushes = JoinSet::new();
    for _ in 0..20 {
        let (nexmo, inbound, url) = (world.nexmo.clone(), inbound.clone(), url.clone());
        pushes.spawn(async move { nexmo.push(&inbound, &url).await.status() });
    }
    assert!(
        pushes
            .join_all()
            .await
            .iter()
            .all(|status| *status == Some(200))
    );
    world.deliver_reply(&thread.reply("And then this")).await;
    let posted = world.posted_texts(&thread.conversation, 2).await;
    assert_eq!(posted, ["Only once", "And then this"]);
    assert_eq!(world.layer.posts().len(), 2);
}

#[tokio::test]
async fn a_posted_text_is_recognised_by_its_id_after_a_restart() {
    let mut world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    let inbound = world.nexmo.inbound(&thread.reply("Only once")).remove(0);
    assert_eq!(world.push(&inbound).await, 200);
    world.posted(&thread.conversation, 1).await;
    world
        .record_when(BEN, |record| record["replies"]["waiting"] == 0)
        .await;
    world.worker.kill_9();
    world.worker.restart().await;
    assert_eq!(world.push(&inbound).await, 200);
    // A retry by Nexmo has another timestamp.
    assert_eq!(
        world
            .push(&inbound.with("message-timestamp", "2020-01-01 12:00:00"))
            .await,
        200
    );
    // The same text with another id is another reply.
    world.deliver_reply(&thread.reply("Only once")).await;
    let posted = world.posted_texts(&thread.conversation, 2).await;
    assert_eq!(posted, ["Only once", "Only once"]);
    world.deliver_reply(&thread.reply("The end")).await;
    assert_eq!(world.posted(&thread.conversation, 3).await.len(), 3);
}
