use standins::{Fault, What, When};

use crate::support::{BEN, World};

#[tokio::test]
async fn a_reply_waits_for_earlier_ones_of_its_conversation_only() {
    let world = World::without_delay(&[]).await;
    let (stuck, other) = (world.new_thread(BEN).await, world.new_thread(BEN).await);
    let posts = When::path(&stuck.conversation).method("POST");
    world
        .layer
        .traffic()
        .set_faults(vec![Fault::new(posts, What::Status(500, String::new()))]);
    for text in ["First", "Second", "Third"] {
        world.deliver_reply(&stuck.reply(text)).await;
    }
    world.deliver_reply(&other.reply("Elsewhere")).await;
    assert_eq!(
        world.posted_texts(&other.conversation, 1).await,
        ["Elsewhere"]
    );
    let failed =
        |record: &serde_json::Value| record["replies"]["first"][0]["tries"].as_i64() >= Some(2);
    let record = world.record_when(BEN, failed).await;
    let tries: Vec<_> = (0..3)
        .map(|n| record["replies"]["first"][n]["tries"].as_i64())
        .collect();
    assert_eq!(tries[1..], [Some(0), Some(0)]);
    world.layer.traffic().clear_faults();
    assert_eq!(
        world.posted_texts(&stuck.conversation, 3).await,
        ["First", "Second", "Third"]
    );
}

#[tokio::test]
async fn many_replies_keep_their_order() {
    let world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    let some = When::path(&thread.conversation).method("POST").nth(7);
    world
        .layer
        .traffic()
        .set_faults(vec![Fault::new(some, What::AcceptThenReset)]);
    let texts: Vec<_> = (1..=15).map(|n| format!("Line {n}")).collect();
    for text in &texts {
        world.deliver_reply(&thread.reply(text)).await;
    }
    assert_eq!(
        world.posted_texts(&thread.conversation, texts.len()).await,
        texts
    );
}
