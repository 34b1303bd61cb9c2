//! Links of the first release, in all their states: a reply to a link's number reaches its conversation.

use std::time::Duration;

use standins::Reply;

use crate::{
    people::{ALICE, EVES_PHONE, XANS_PHONE, XANS_PHONE_TODAY},
    support::NUMBERS,
    upgraded::{after, at_once},
};

#[tokio::test]
async fn a_reply_to_the_number_of_each_link_is_posted_into_its_conversation() {
    let world = at_once().await;
    for (name, user) in [
        ("ben", "ben"),
        ("vic, one", "vic"),
        ("vic, two", "vic"),
        ("vic, three", "vic"),
        ("quin", "quin"),
        ("rita", "rita"),
    ] {
        let thread = world.thread(name, user);
        let words = format!("An answer to {name}");
        world.deliver_reply(&thread.reply(&words)).await;
        let posted = world.posted(&thread.conversation, 1).await;
        let posted: Vec<_> = posted
            .iter()
            .map(|one| (one.text(), one.sender.user()))
            .collect();
        assert_eq!(posted, [(words, Some(user))]);
    }
}

#[tokio::test]
async fn a_reply_to_an_expired_link_is_posted_and_renews_it() {
    let world = at_once().await;
    let thread = world.thread("dora", "dora");
    assert_eq!(world.record("dora").await["links"][0]["expired"], true);
    world.deliver_reply(&thread.reply("Late")).await;
    assert_eq!(world.posted_texts(&thread.conversation, 1).await, ["Late"]);
    let renewed = |record: &serde_json::Value| record["links"][0]["expired"] == false;
    world.record_when("dora", renewed).await;
}

#[tokio::test]
async fn a_number_that_moves_to_a_new_conversation_leads_there_once_its_text_is_accepted() {
    let world = at_once().await;
    let (former, new) = (world.thread("cara, former", "cara"), world.id("cara, new"));
    world.deliver_reply(&former.reply("To the former")).await;
    let posted = world.posted_texts(&former.conversation, 1).await;
    assert_eq!(posted, ["To the former"]);
    drop(world);
    let world = after(Duration::from_secs(60)).await;
    let texts = world.texted("cara", 1).await;
    assert_eq!(texts, ["New thread\n\nalice: Nexmo is busy"]);
    world.deliver_reply(&former.reply("To the new one")).await;
    assert_eq!(world.posted_texts(&new, 1).await, ["To the new one"]);
    assert!(world.replies_in(&former.conversation).is_empty());
}

#[tokio::test]
async fn a_phone_that_two_users_share_answers_the_one_who_was_texted_last() {
    let mut world = at_once().await;
    let [eve, finn] = ["eve", "finn"].map(|name| world.id(name));
    let answer = |words: &str| Reply::new(EVES_PHONE, NUMBERS[0], words);
    world.deliver_reply(&answer("To Finn's")).await;
    assert_eq!(world.posted_texts(&finn, 1).await, ["To Finn's"]);
    world.redeploy(&[("DELAY", "0")]).await;
    world.say(&eve, ALICE, "And now Eve");
    world.texted("eve", 1).await;
    world.deliver_reply(&answer("To Eve's")).await;
    assert_eq!(world.posted_texts(&eve, 1).await, ["To Eve's"]);
    assert_eq!(world.replies_in(&finn), ["To Finn's"]);
}

#[tokio::test]
async fn a_mexican_phone_that_was_stored_in_its_old_form_is_found_in_both() {
    let world = at_once().await;
    let conversation = world.id("xan");
    for phone in [XANS_PHONE, XANS_PHONE_TODAY] {
        let words = format!("From {phone}");
        let reply = Reply::new(phone, NUMBERS[0], &words);
        world.deliver_reply(&reply).await;
    }
    let wanted = [XANS_PHONE, XANS_PHONE_TODAY].map(|phone| format!("From {phone}"));
    assert_eq!(world.posted_texts(&conversation, 2).await, wanted);
}
