use std::time::Duration;

use standins::{Inbound, Reply, Via};

use crate::support::{BEN, World};

/// A text of `length` characters that repeats `words`.
pub fn repeat(words: &str, length: usize) -> String {
    words.chars().cycle().take(length).collect()
}

#[tokio::test]
async fn a_long_text_is_joined_whatever_the_order_of_its_parts() {
    let world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    let plain = repeat("In order, with blanks at the seams.  ", 700);
    let emoji = repeat("🎉é👩‍👩‍👧 ", 400);
    let (in_order, shuffled) = (
        thread.reply(&plain),
        Reply {
            shuffle: true,
            ..thread.reply(&emoji).via(Via::Json)
        },
    );
    let order: Vec<_> = world
        .nexmo
        .inbound(&shuffled)
        .iter()
        .map(part_number)
        .collect();
    assert!(order.len() >= 5 && !order.is_sorted(), "{order:?}");
    world.deliver_reply(&in_order).await;
    world.deliver_reply(&shuffled).await;
    assert_eq!(
        world.posted_texts(&thread.conversation, 2).await,
        [plain, emoji]
    );
    assert_eq!(world.record(BEN).await["parts_waiting"], 0);
}

fn part_number(part: &Inbound) -> u8 {
    part.param("concat-part").unwrap().parse().unwrap()
}

#[tokio::test]
async fn repeated_parts_change_nothing() {
    let world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    let text = repeat("Said once. ", 400);
    let parts = world.nexmo.inbound(&thread.reply(&text));
    for part in [
        &parts[0], &parts[0], &parts[1], &parts[0], &parts[2], &parts[1], &parts[2],
    ] {
        assert_eq!(world.push(part).await, 200);
    }
    world.deliver_reply(&thread.reply("And this")).await;
    let posted = world.posted_texts(&thread.conversation, 2).await;
    assert_eq!(posted, [text.as_str(), "And this"]);
    assert_eq!(world.record(BEN).await["parts_waiting"], 0);
}

#[tokio::test]
async fn the_parts_of_two_long_texts_are_not_mixed() {
    let world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    let (one, two) = (repeat("one ", 400), repeat("two ", 400));
    let (ones, twos) = (
        world.nexmo.inbound(&thread.reply(&one)),
        world.nexmo.inbound(&thread.reply(&two)),
    );
    for part in ones.iter().zip(&twos).flat_map(|(one, two)| [one, two]) {
        assert_eq!(world.push(part).await, 200);
    }
    assert_eq!(
        world.posted_texts(&thread.conversation, 2).await,
        [one, two]
    );
}

#[tokio::test]
async fn a_missing_part_is_given_up_after_ten_minutes() {
    let mut world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    let mut parts = world
        .nexmo
        .inbound(&thread.reply(&repeat("Lost in between. ", 400)));
    parts[1] = parts[1].clone().with("messageId", "0B00000053FFB40F");
    assert_eq!(world.push(&parts[2]).await, 200);
    assert_eq!(world.push(&parts[1]).await, 200);
    world.advance_clock(Duration::from_secs(9 * 60)).await;
    assert_eq!(world.record(BEN).await["parts_waiting"], 2);
    world.deliver_reply(&thread.reply("Meanwhile")).await;
    assert_eq!(
        world.posted_texts(&thread.conversation, 1).await,
        ["Meanwhile"]
    );
    // Only the record's own alarm can wake it.
    world.advance_clock(Duration::from_secs(61)).await;
    let posted = world.posted(&thread.conversation, 2).await;
    let held = [&parts[1], &parts[2]]
        .map(|part| part.param("text").unwrap())
        .concat();
    assert_eq!(posted[1].text(), held);
    // UUIDv5 of the id of the first part that arrived by number.
    assert_eq!(
        posted[1].dedupe.as_deref(),
        Some("b17eed23-65ce-55c5-ae6e-3cd746c4c860")
    );
    assert_eq!(world.record(BEN).await["parts_waiting"], 0);
}

#[tokio::test]
async fn parts_survive_a_crash() {
    let mut world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    let text = repeat("Half of it. ", 300);
    let parts = world.nexmo.inbound(&thread.reply(&text));
    assert_eq!(world.push(&parts[1]).await, 200);
    world.worker.kill_9();
    world.worker.restart().await;
    assert_eq!(world.push(&parts[0]).await, 200);
    assert_eq!(world.posted_texts(&thread.conversation, 1).await, [text]);
}

#[tokio::test]
async fn parts_that_arrive_at_once_become_one_message() {
    let world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    let text = repeat("All at once, said the herd. ", 2_000);
    world.nexmo.reply(&Reply {
        shuffle: true,
        ..thread.reply(&text)
    });
    assert_eq!(world.posted_texts(&thread.conversation, 1).await, [text]);
    world.deliver_reply(&thread.reply("And that was it")).await;
    assert_eq!(world.posted(&thread.conversation, 2).await.len(), 2);
}

#[tokio::test]
async fn a_reused_reference_starts_another_text() {
    let world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    let (old, new) = (repeat("old ", 300), repeat("new ", 300));
    let old = world
        .nexmo
        .inbound(&thread.reply(&old))
        .remove(0)
        .with("concat-ref", "7");
    assert_eq!(world.push(&old).await, 200);
    for part in world.nexmo.inbound(&thread.reply(&new)) {
        assert_eq!(world.push(&part.with("concat-ref", "7")).await, 200);
    }
    let posted = world.posted_texts(&thread.conversation, 2).await;
    assert_eq!(posted, [old.param("text").unwrap(), &new]);
}
