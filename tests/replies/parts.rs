use std::time::Duration;

use standins::{Inbound, Reply, Via};

use crate::support::{BEN, World};

/// A text of so many characters, told apart by its words.
pub fn long(words: &str, length: usize) -> String {
    words.chars().cycle().take(length).collect()
}

#[tokio::test]
async fn a_long_text_is_put_together_in_whatever_order_its_parts_come() {
    let world = World::quick(&[]).await;
    let thread = world.texted(BEN).await;
    let plain = long("In order, with blanks at the seams.  ", 700);
    let emoji = long("🎉é👩‍👩‍👧 ", 400);
    let (in_order, shuffled) = (
        thread.reply(&plain),
        Reply {
            shuffle: true,
            ..thread.reply(&emoji).via(Via::Json)
        },
    );
    let order: Vec<_> = world.nexmo.inbound(&shuffled).iter().map(place).collect();
    assert!(order.len() >= 5 && !order.is_sorted(), "{order:?}");
    world.hear(&in_order).await;
    world.hear(&shuffled).await;
    assert_eq!(
        world.posted_texts(&thread.conversation, 2).await,
        [plain, emoji]
    );
    assert_eq!(world.record(BEN).await["parts_waiting"], 0);
}

fn place(part: &Inbound) -> u8 {
    part.param("concat-part").unwrap().parse().unwrap()
}

#[tokio::test]
async fn parts_that_come_again_before_and_after_the_last_one_change_nothing() {
    let world = World::quick(&[]).await;
    let thread = world.texted(BEN).await;
    let text = long("Said once. ", 400);
    let parts = world.nexmo.inbound(&thread.reply(&text));
    for part in [
        &parts[0], &parts[0], &parts[1], &parts[0], &parts[2], &parts[1], &parts[2],
    ] {
        assert_eq!(world.push(part).await, 200);
    }
    world.hear(&thread.reply("And this")).await;
    let posted = world.posted_texts(&thread.conversation, 2).await;
    assert_eq!(posted, [text.as_str(), "And this"]);
    assert_eq!(world.record(BEN).await["parts_waiting"], 0);
}

#[tokio::test]
async fn two_long_texts_that_come_mixed_stay_apart() {
    let world = World::quick(&[]).await;
    let thread = world.texted(BEN).await;
    let (one, two) = (long("one ", 400), long("two ", 400));
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
    let mut world = World::quick(&[]).await;
    let thread = world.texted(BEN).await;
    let mut parts = world
        .nexmo
        .inbound(&thread.reply(&long("Lost in between. ", 400)));
    parts[1] = parts[1].clone().with("messageId", "0B00000053FFB40F");
    assert_eq!(world.push(&parts[2]).await, 200);
    assert_eq!(world.push(&parts[1]).await, 200);
    world.let_pass(Duration::from_secs(9 * 60)).await;
    assert_eq!(world.record(BEN).await["parts_waiting"], 2);
    world.hear(&thread.reply("Meanwhile")).await;
    assert_eq!(
        world.posted_texts(&thread.conversation, 1).await,
        ["Meanwhile"]
    );
    // Nobody wakes the record but its own alarm.
    world.let_pass(Duration::from_secs(61)).await;
    let posted = world.posted(&thread.conversation, 2).await;
    let held = [&parts[1], &parts[2]]
        .map(|part| part.param("text").unwrap())
        .concat();
    assert_eq!(posted[1].text(), held);
    // The UUIDv5 of the id of the lowest part that was there.
    assert_eq!(
        posted[1].dedupe.as_deref(),
        Some("b17eed23-65ce-55c5-ae6e-3cd746c4c860")
    );
    assert_eq!(world.record(BEN).await["parts_waiting"], 0);
}

#[tokio::test]
async fn parts_survive_a_crash() {
    let mut world = World::quick(&[]).await;
    let thread = world.texted(BEN).await;
    let text = long("Half of it. ", 300);
    let parts = world.nexmo.inbound(&thread.reply(&text));
    assert_eq!(world.push(&parts[1]).await, 200);
    world.worker.kill_9();
    world.worker.restart().await;
    assert_eq!(world.push(&parts[0]).await, 200);
    assert_eq!(world.posted_texts(&thread.conversation, 1).await, [text]);
}

#[tokio::test]
async fn parts_that_come_all_at_once_are_one_message() {
    let world = World::quick(&[]).await;
    let thread = world.texted(BEN).await;
    let text = long("All at once, said the herd. ", 2_000);
    world.nexmo.reply(&Reply {
        shuffle: true,
        ..thread.reply(&text)
    });
    assert_eq!(world.posted_texts(&thread.conversation, 1).await, [text]);
    world.hear(&thread.reply("And that was it")).await;
    assert_eq!(world.posted(&thread.conversation, 2).await.len(), 2);
}

#[tokio::test]
async fn a_reference_that_is_used_again_begins_another_text() {
    let world = World::quick(&[]).await;
    let thread = world.texted(BEN).await;
    let (old, new) = (long("old ", 300), long("new ", 300));
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
