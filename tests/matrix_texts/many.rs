//! Many people, and many notifications.

use crate::{
    synapse::{Person, Receipt},
    world::{LONG_DELAY, MatrixWorld},
};

/// `LARGEST_CONVERSATION` for Matrix, if it is not set.
const LARGEST: usize = 50;

#[tokio::test]
async fn a_message_to_fifty_people_is_texted_to_each_and_one_to_more_to_nobody() {
    let Some(world) = MatrixWorld::with(&[]).await else {
        return;
    };
    let alice = world.person("Alice").await;
    let mut others = Vec::new();
    for number in 0..=LARGEST {
        others.push(world.person(&format!("P{number}")).await);
    }
    let (last, fifty) = others.split_last().unwrap();
    let room = alice
        .room_with(&fifty.iter().collect::<Vec<&Person>>())
        .await;
    alice.say(&room, "To fifty").await;
    world.texts(LARGEST).await;
    for person in fifty {
        assert_eq!(world.texts_to(person), ["Alice: To fifty"]);
    }
    alice.invite(&room, last).await;
    last.join(&room).await;
    alice.say(&room, "To fifty-one").await;
    let small = alice.room_with(&[last]).await;
    alice.say(&small, "To one").await;
    assert_eq!(world.texted(last, 1).await, ["Alice: To one"]);
    assert_eq!(world.world.nexmo.texts().len(), LARGEST + 1);
    world.waiting(&fifty[0], 0).await;
}

/// What the bot writes makes notifications, but no texts. A page has a hundred.
#[tokio::test]
async fn a_message_under_more_notifications_than_a_page_has_is_found() {
    let ignored = ("MATRIX_IGNORE_USERS", "@{service}_bot:chat.test");
    let Some(mut world) = MatrixWorld::behind_gate(&[ignored, LONG_DELAY]).await else {
        return;
    };
    let (alice, ben, unread) = world.pair().await;
    let read = alice.room_with(&[&ben]).await;
    let bot = world.person("Bot").await;
    let noisy = bot.room_with(&[&ben]).await;
    alice.say(&unread, "Buried").await;
    let message = alice.say(&read, "Buried, but read").await;
    ben.read(&read, &message, Receipt::Public).await;
    for number in 0..120 {
        bot.say(&noisy, &format!("Beep {number}")).await;
    }
    world.delay_passes(&ben, 2).await;
    assert_eq!(world.texted(&ben, 1).await, ["Alice: Buried"]);
    assert!(!world.gate().asked("&from=").is_empty());
    let reason = &world.world.dropped(1).await[&read];
    assert!(reason == "read" || reason == "read_or_muted", "{reason}");
}
