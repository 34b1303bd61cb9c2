//! The homeserver is killed and started again.
//!
//! What it has not pushed yet is only in its memory, so it is killed when everything has arrived.

use serde_json::Value;

use crate::{gate::Instead, world::MatrixWorld};

#[tokio::test]
async fn texts_and_replies_under_way_are_neither_lost_nor_doubled() {
    let Some(mut world) = MatrixWorld::with_homeserver(&[("DELAY", "4 seconds")]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    let cara = world.person("Cara").await;
    let other = cara.room_with(&[&ben]).await;
    alice.say(&room, "Before").await;
    cara.say(&other, "Before").await;
    let threads = [
        world.thread(&ben, &room).await,
        world.thread(&ben, &other).await,
    ];
    for number in 1..=3 {
        alice.say(&room, &format!("Under way {number}")).await;
        cara.say(&other, &format!("Under way {number}")).await;
    }
    world.waiting(&ben, 6).await;
    world.own_homeserver().kill();
    for thread in &threads {
        for text in ["One", "Two"] {
            world.reply(thread, text).await;
        }
    }
    let failed = |requests: &[crate::gate::Asked]| requests.iter().any(|one| one.status == 502);
    for question in ["/notifications", "/devices/TEXTS"] {
        while !failed(&world.gate().asked(question)) {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }
    assert_eq!(world.texts_to(&ben).len(), 2);
    world.own_homeserver().restart().await;
    let mut texts = world.texted(&ben, 8).await;
    assert_eq!(world.said(&alice, &room, &ben, 2).await, ["One", "Two"]);
    assert_eq!(world.said(&cara, &other, &ben, 2).await, ["One", "Two"]);
    texts.sort();
    let mut expected = Vec::new();
    for name in ["Alice", "Cara"] {
        expected.push(format!("{name}: Before"));
        expected.extend((1..=3).map(|number| format!("{name}: Under way {number}")));
    }
    assert_eq!(texts, expected);
    // Transactions are numbered from 1 again, and are no repetitions.
    alice.say(&room, "After").await;
    assert_eq!(world.texted(&ben, 9).await[8], "Alice: After");
    assert_eq!(world.said(&alice, &room, &ben, 2).await, ["One", "Two"]);
}

/// Its own memory of the post is gone. What it has stored of it belongs to the device.
#[tokio::test]
async fn a_post_whose_answer_was_lost_is_not_doubled_by_a_homeserver_that_was_killed_since() {
    let Some(mut world) = MatrixWorld::with_homeserver(&[]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    alice.say(&room, "Hello").await;
    let thread = world.thread(&ben, &room).await;
    world.texted(&ben, 1).await;
    let post = "/send/m.room.message/";
    world.gate().instead(post, 1, Instead::LoseAnswer);
    world.reply(&thread, "Once").await;
    world.gate().asked_when(post, 1).await;
    world.own_homeserver().kill();
    world.own_homeserver().restart().await;
    let replied = |record: &Value| record["replies"]["waiting"] == 0;
    world.record_when(&ben, replied).await;
    let posts = world.gate().asked(post);
    assert_eq!(
        (posts[0].status, posts.last().unwrap().status),
        (504, 200),
        "{posts:?}"
    );
    world.reply(&thread, "Then this").await;
    assert_eq!(
        world.said(&alice, &room, &ben, 2).await,
        ["Once", "Then this"]
    );
}

#[tokio::test]
async fn a_message_that_the_worker_refused_before_the_homeserver_was_killed_is_texted() {
    let Some(mut world) = MatrixWorld::with_homeserver(&[]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    alice.say(&room, "Before").await;
    world.texted(&ben, 1).await;
    // The members are remembered for a minute, so another room.
    let other = alice.room_with(&[&ben]).await;
    world.gate().fail("/joined_members", 500);
    alice.say(&other, "Refused").await;
    let line = "Scheduling retries on texts";
    world.homeserver().logged(line, crate::support::SOON).await;
    world.own_homeserver().kill();
    world.gate().open();
    world.own_homeserver().restart().await;
    // With its first event, the homeserver remembers what it had to push again.
    alice.say(&room, "After").await;
    let mut texts = world.texted(&ben, 3).await;
    texts.sort();
    assert_eq!(texts, ["Alice: After", "Alice: Before", "Alice: Refused"]);
}
