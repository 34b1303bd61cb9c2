use std::time::Duration;

use standins::{Fault, What, When};

use crate::support::{BEN, SOON, World};

#[tokio::test]
async fn waiting_replies_survive_a_crash() {
    let mut world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    let down = Fault::new(
        When::path("/messages").method("POST"),
        What::Status(503, String::new()),
    );
    world.layer.traffic().set_faults(vec![down]);
    for text in ["One", "Two", "Three"] {
        world.deliver_reply(&thread.reply(text)).await;
    }
    world.worker.kill_9();
    world.layer.traffic().clear_faults();
    world.worker.restart().await;
    // A try interrupted by the crash is repeated after its lease of 45 s.
    world.advance_clock(Duration::from_secs(45)).await;
    assert_eq!(
        world.posted_texts(&thread.conversation, 3).await,
        ["One", "Two", "Three"]
    );
}

#[tokio::test]
async fn a_post_interrupted_by_a_crash_is_not_repeated() {
    let mut world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    let slow = What::Slow(Duration::from_secs(60));
    let posts = When::path("/messages").method("POST");
    world
        .layer
        .traffic()
        .set_faults(vec![Fault::new(posts, slow).times(1)]);
    world.deliver_reply(&thread.reply("Into the dark")).await;
    world.posted(&thread.conversation, 1).await;
    world.worker.kill_9();
    world.worker.restart().await;
    world.deliver_reply(&thread.reply("Behind it")).await;
    world.advance_clock(Duration::from_secs(45)).await;
    let twice = |requests: &[standins::Recorded]| {
        requests
            .iter()
            .filter(|one| one.method == "POST" && one.path.ends_with("/messages"))
            .count()
            >= 3
    };
    world.layer.traffic().wait_for(SOON, twice).await.unwrap();
    let posted = world.posted_texts(&thread.conversation, 2).await;
    assert_eq!(posted, ["Into the dark", "Behind it"]);
}
