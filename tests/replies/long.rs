use std::collections::BTreeSet;

use standins::{Fault, What, When};

use super::parts::repeat;
use crate::support::{BEN, World};

/// Layer's limit for a part of a message, in bytes.
const LIMIT: usize = 2_048;

#[tokio::test]
async fn a_reply_over_2_kb_is_split_between_characters() {
    let world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    for (text, count) in [
        ("x".repeat(2_048), 1),
        ("x".repeat(2_049), 2),
        (repeat("a🎉é", 3_000), 4),
    ] {
        let before = world.posted(&thread.conversation, 0).await.len();
        world.deliver_reply(&thread.reply(&text)).await;
        let posted = world
            .posted_texts(&thread.conversation, before + count)
            .await
            .split_off(before);
        assert_eq!(posted.concat(), text);
        assert_eq!(
            posted.len(),
            count,
            "{:?}",
            posted.iter().map(String::len).collect::<Vec<_>>()
        );
        assert!(posted.iter().all(|piece| piece.len() <= LIMIT));
    }
    let posts = world.layer.posts();
    let ids: BTreeSet<_> = posts
        .iter()
        .map(|post| post.dedupe.clone().unwrap())
        .collect();
    assert_eq!((posts.len(), ids.len()), (7, 7));
}

#[tokio::test]
async fn when_a_piece_fails_earlier_pieces_are_not_posted_again() {
    let world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    let second = When::path("/messages").method("POST").nth(2);
    world
        .layer
        .traffic()
        .set_faults(vec![Fault::new(second, What::Status(500, String::new()))]);
    let text = repeat("piece by piece ", 5_000);
    world.deliver_reply(&thread.reply(&text)).await;
    world.deliver_reply(&thread.reply("Afterwards")).await;
    let posted = world.posted_texts(&thread.conversation, 4).await;
    assert_eq!(posted[..3].concat(), text);
    assert_eq!(posted[3], "Afterwards");
    assert_eq!(world.layer.traffic().fired(), [1]);
}
