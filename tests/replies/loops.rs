//! Phones that answer texts by themselves.

use serde_json::Value;
use standins::Text;

use crate::support::{BEN, BENS_PHONE, CARA, CARAS_PHONE, World};

const WORDS: &str = "I am driving. I will answer later.";

/// Answers each text as two phones do by themselves, until nothing is under way; returns all texts.
async fn answer_all(world: &World) -> Vec<Text> {
    let mut answered = 0;
    loop {
        let texts = world.nexmo.texts();
        if texts.len() == answered {
            return texts;
        }
        for text in &texts[answered..] {
            let reply = standins::Reply::new(&text.phone, &text.number, WORDS);
            world.deliver_reply(&reply).await;
        }
        answered = texts.len();
        nothing_is_under_way(world).await;
    }
}

/// Replies are posted before the chat tells of them, and that comes before their notices.
async fn nothing_is_under_way(world: &World) {
    for user in [BEN, CARA] {
        let is_posted = |record: &Value| record["replies"]["waiting"] == 0;
        world.record_when(user, is_posted).await;
    }
    world.webhooks_delivered().await;
    for user in [BEN, CARA] {
        world.waiting(user, 0).await;
    }
}

#[tokio::test]
async fn two_phones_that_answer_by_themselves_fall_silent_after_seven_texts() {
    let world = World::without_delay(&[]).await;
    world.say(&world.conversation(&[BEN, CARA]), BEN, "Hello");
    world.texts(1).await;
    let texts = answer_all(&world).await;
    let phones: Vec<&str> = texts.iter().map(|text| text.phone.as_str()).collect();
    let (ben, cara) = (BENS_PHONE, CARAS_PHONE);
    assert_eq!(phones, [cara, ben, cara, ben, cara, ben, cara]);
    assert_eq!(world.entries("reply.repeated").len(), 1);
}

#[tokio::test]
async fn without_a_limit_they_do_not() {
    let world = World::without_delay(&[("SAME_REPLY_LIMIT", "0")]).await;
    world.say(&world.conversation(&[BEN, CARA]), BEN, "Hello");
    for count in 1..=12 {
        let text = world.texts(count).await[count - 1].clone();
        let reply = standins::Reply::new(&text.phone, &text.number, WORDS);
        world.deliver_reply(&reply).await;
    }
}
