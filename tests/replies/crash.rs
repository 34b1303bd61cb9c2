use std::time::Duration;

use standins::{Fault, What, When};

use crate::support::{BEN, SOON, World};

#[tokio::test]
async fn replies_that_wait_survive_a_crash() {
    let mut world = World::quick(&[]).await;
    let thread = world.texted(BEN).await;
    let down = Fault::new(
        When::path("/messages").method("POST"),
        What::Status(503, String::new()),
    );
    world.layer.traffic().set_faults(vec![down]);
    for text in ["One", "Two", "Three"] {
        world.hear(&thread.reply(text)).await;
    }
    world.worker.kill_9();
    world.layer.traffic().clear_faults();
    world.worker.restart().await;
    // A try that the crash cut short is repeated when its lease of 45 s has ended.
    world.let_pass(Duration::from_secs(45)).await;
    assert_eq!(
        world.posted_texts(&thread.conversation, 3).await,
        ["One", "Two", "Three"]
    );
}

#[tokio::test]
async fn a_post_that_a_crash_cuts_short_is_not_doubled() {
    let mut world = World::quick(&[]).await;
    let thread = world.texted(BEN).await;
    let slow = What::Slow(Duration::from_secs(60));
    let posts = When::path("/messages").method("POST");
    world
        .layer
        .traffic()
        .set_faults(vec![Fault::new(posts, slow).times(1)]);
    world.hear(&thread.reply("Into the dark")).await;
    world.posted(&thread.conversation, 1).await;
    world.worker.kill_9();
    world.worker.restart().await;
    world.hear(&thread.reply("Behind it")).await;
    world.let_pass(Duration::from_secs(45)).await;
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
