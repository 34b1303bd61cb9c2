//! Replies to texts that Nexmo took although its response was lost.

use std::time::Duration;

use standins::{Fault, What, When};

use crate::support::{ALICE, BEN, BENS_PHONE, NUMBERS, SOON, World};

const TWO_WEEKS: Duration = Duration::from_secs(14 * 24 * 3_600);
const NEW_PHONE: &str = "15550102099";

/// Nexmo takes texts, but its responses get lost.
fn lose_responses(world: &World) {
    let lost = Fault::new(When::path("/sms/json"), What::AcceptThenReset);
    world.nexmo.traffic().set_faults(vec![lost]);
}

/// Alice writes, the text is taken in doubt, and Ben reads the message before the next try.
async fn perhaps_text(world: &World, conversation: &str, texts: usize) {
    let sent = world.say(conversation, ALICE, "Perhaps");
    world.texts(texts).await;
    world.layer.mark_read(&sent.message.id, BEN).unwrap();
    world.waiting(BEN, 0).await;
    world.nexmo.traffic().clear_faults();
}

async fn is_posted(world: &World, conversation: &str, phone: &str, words: &str) {
    let reply = standins::Reply::new(phone, NUMBERS[0], words);
    world.deliver_reply(&reply).await;
    assert_eq!(world.posted_texts(conversation, 1).await, [words]);
}

#[tokio::test]
async fn a_reply_to_the_first_text_of_a_conversation_is_posted() {
    let world = World::without_delay(&[]).await;
    lose_responses(&world);
    let conversation = world.conversation(&[ALICE, BEN]);
    perhaps_text(&world, &conversation, 1).await;
    is_posted(&world, &conversation, BENS_PHONE, "I got it").await;
}

#[tokio::test]
async fn a_reply_on_a_number_taken_over_is_posted_into_the_new_conversation() {
    let mut world = World::without_delay(&[("NEXMO_NUMBERS", NUMBERS[0])]).await;
    world.new_thread(BEN).await;
    world.advance_clock(TWO_WEEKS).await;
    lose_responses(&world);
    let conversation = world.conversation(&[ALICE, BEN]);
    perhaps_text(&world, &conversation, 2).await;
    is_posted(&world, &conversation, BENS_PHONE, "I got it").await;
}

#[tokio::test]
async fn the_number_is_not_given_to_a_third_conversation() {
    let world = World::without_delay(&[("NEXMO_NUMBERS", NUMBERS[0])]).await;
    lose_responses(&world);
    let conversation = world.conversation(&[ALICE, BEN]);
    perhaps_text(&world, &conversation, 1).await;
    let third = world.conversation(&[ALICE, BEN]);
    world.say(&third, ALICE, "A third");
    world.entries_when("notice.dropped", 2).await;
    assert_eq!(world.dropped(2).await[&third], "no_number");
    is_posted(&world, &conversation, BENS_PHONE, "I got it").await;
}

#[tokio::test]
async fn a_reply_from_a_new_phone_is_posted() {
    let world = World::with(&[("DELAY", "0"), ("NEXMO_NUMBERS", NUMBERS[0])]).await;
    let thread = world.new_thread(BEN).await;
    world
        .layer
        .create_user(standins::User::new(BEN, "Ben", NEW_PHONE));
    let mut world = world;
    // The identity is cached for five minutes.
    world.worker.restart().await;
    lose_responses(&world);
    perhaps_text(&world, &thread.conversation, 2).await;
    assert_eq!(world.texts_to(NEW_PHONE).len(), 1);
    is_posted(&world, &thread.conversation, NEW_PHONE, "From my new phone").await;
}

#[tokio::test]
async fn a_reply_to_a_text_that_left_before_a_kill_is_posted() {
    let mut world = World::without_delay(&[]).await;
    let slow = Fault::new(When::path("/sms/json"), What::Slow(Duration::from_secs(60)));
    world.nexmo.traffic().set_faults(vec![slow]);
    let conversation = world.conversation(&[ALICE, BEN]);
    let sent = world.say(&conversation, ALICE, "Before the kill");
    world.texts(1).await;
    world.worker.kill_9();
    world.nexmo.traffic().clear_faults();
    world.layer.mark_read(&sent.message.id, BEN).unwrap();
    world.worker.restart().await;
    world.advance_clock(Duration::from_secs(60)).await;
    world.waiting(BEN, 0).await;
    is_posted(&world, &conversation, BENS_PHONE, "I got it").await;
    let texts = |texts: &[standins::Text]| texts.len() == 1;
    world.nexmo.wait_for(SOON, texts).await.unwrap();
}
