//! Messages that are unread when they are due, and those that are not.

use standins::{Fault, What, When};

use crate::{
    support::NUMBERS,
    synapse::{Person, Receipt},
    waiting::LONG_DELAY,
    world::MatrixWorld,
};

/// A homeserver soon forgets what was read, and then does not say whether the user has read it or muted it.
fn is_read(reason: &str) -> bool {
    reason == "read" || reason == "read_or_muted"
}

#[tokio::test]
async fn an_unread_message_is_texted_under_the_name_of_its_sender() {
    let Some(mut world) = MatrixWorld::with(&[LONG_DELAY]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    let message = alice.say(&room, "Are you there?").await;
    let record = world.waiting(&ben, 1).await;
    assert_eq!(record["user_id"], ben.id);
    let notice = &record["notices"]["first"][0];
    assert_eq!(notice["message_id"], message);
    assert_eq!(notice["conversation_id"], room);
    world.delay_passes(&ben, 1).await;
    assert_eq!(world.texted(&ben, 1).await, ["Alice: Are you there?"]);
    assert_eq!(world.world.nexmo.texts()[0].number, NUMBERS[0]);
    assert_eq!(world.world.nexmo.texts().len(), 1);
    assert_eq!(world.thread(&ben, &room).await.number, NUMBERS[0]);
    // Nobody is told of one's own messages.
    assert!(world.record(&alice).await["user_id"].is_null());
}

#[tokio::test]
async fn a_message_that_was_read_in_time_is_not_texted() {
    let Some(mut world) = MatrixWorld::with(&[LONG_DELAY]).await else {
        return;
    };
    let (alice, ben, public) = world.pair().await;
    let (private, unread) = (
        alice.room_with(&[&ben]).await,
        alice.room_with(&[&ben]).await,
    );
    for (room, receipt) in [(&public, Receipt::Public), (&private, Receipt::Private)] {
        let message = alice.say(room, "Read in time").await;
        ben.read(room, &message, receipt).await;
    }
    alice.say(&unread, "Not read").await;
    world.delay_passes(&ben, 3).await;
    assert_eq!(world.texted(&ben, 1).await, ["Alice: Not read"]);
    let reasons = world.world.dropped(2).await;
    assert!(is_read(&reasons[&public]), "{reasons:?}");
    assert!(is_read(&reasons[&private]), "{reasons:?}");
}

#[tokio::test]
async fn a_message_in_a_room_that_the_user_has_muted_is_not_texted() {
    let Some(world) = MatrixWorld::with(&[]).await else {
        return;
    };
    let (alice, ben, muted) = world.pair().await;
    let other = alice.room_with(&[&ben]).await;
    ben.mute(&muted).await;
    alice.say(&muted, "Shh").await;
    alice.say(&other, "Hello").await;
    assert_eq!(world.texted(&ben, 1).await, ["Alice: Hello"]);
    assert_eq!(world.world.dropped(1).await[&muted], "read_or_muted");
}

/// The Worker then asks as soon as the homeserver has pushed a message.
#[tokio::test]
async fn without_a_delay_each_message_is_texted_at_once() {
    let Some(world) = MatrixWorld::with(&[("DELAY", "0")]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    let words: Vec<String> = (1..=20).map(|number| number.to_string()).collect();
    for text in &words {
        alice.say(&room, text).await;
    }
    let expected: Vec<String> = words.iter().map(|text| format!("Alice: {text}")).collect();
    assert_eq!(world.texted(&ben, words.len()).await, expected);
}

#[tokio::test]
async fn a_message_in_a_thread_is_texted_unless_it_was_read_there() {
    let Some(mut world) = MatrixWorld::with(&[LONG_DELAY]).await else {
        return;
    };
    let (alice, ben, unread) = world.pair().await;
    let read = alice.room_with(&[&ben]).await;
    for room in [&unread, &read] {
        let root = ben.say(room, "Root").await;
        let message = alice.say_in_thread(room, &root, "In a thread").await;
        if *room == read {
            ben.read(room, &message, Receipt::Threaded(&root)).await;
        }
    }
    world.delay_passes(&ben, 2).await;
    assert_eq!(world.texted(&ben, 1).await, ["Alice: In a thread"]);
    assert_eq!(world.thread(&ben, &unread).await.conversation, unread);
    assert!(is_read(&world.world.dropped(1).await[&read]));
}

/// Alice writes while Nexmo is down; waits until a try has failed.
async fn say_while_nexmo_is_down(world: &MatrixWorld, alice: &Person, room: &str) -> String {
    let down = Fault::new(When::path("/sms/json"), What::Status(500, String::new()));
    world.world.nexmo.traffic().set_faults(vec![down]);
    let message = alice.say(room, "Are you there?").await;
    world.world.entries_when("notice.postponed", 1).await;
    message
}

#[tokio::test]
async fn a_message_that_was_read_between_two_tries_is_not_texted() {
    let Some(world) = MatrixWorld::with(&[]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    let message = say_while_nexmo_is_down(&world, &alice, &room).await;
    ben.read(&room, &message, Receipt::Public).await;
    world.world.nexmo.traffic().clear_faults();
    world.waiting(&ben, 0).await;
    assert!(is_read(&world.world.dropped(1).await[&room]));
    assert!(world.world.nexmo.texts().is_empty());
}
