//! `NO_CONVERSATION_REPLY`: the answer to texts that reach no conversation.

use std::time::Duration;

use serde_json::Value;
use standins::{Inbound, Reply, Text};

use crate::support::{BEN, BENS_PHONE, NUMBERS, World, seconds_ago};

const ANSWER: &str = "Nobody reads this number.";
const STRANGER: &str = "15550109999";
const TWO_WEEKS: Duration = Duration::from_secs(14 * 24 * 3_600);

async fn answering() -> World {
    let settings = [
        ("NO_CONVERSATION_REPLY", ANSWER),
        ("TEXT_TTL", "1 hour"),
        ("NEXMO_NUMBERS", &NUMBERS[..2].join(",")),
    ];
    World::without_delay(&settings).await
}

/// A text that Nexmo first pushed `seconds` ago.
fn text(world: &World, phone: &str, number: &str, words: &str, seconds: i64) -> Inbound {
    let reply = Reply {
        at_ms: Some(seconds_ago(seconds)),
        ..Reply::new(phone, number, words)
    };
    world.nexmo.inbound(&reply).remove(0)
}

/// Pushes a text that is old enough to be answered.
async fn say(world: &World, phone: &str, number: &str, words: &str) {
    let inbound = text(world, phone, number, words, 150);
    assert_eq!(world.push(&inbound).await, 200, "{words:?} of {phone}");
}

/// Asserts that nobody was texted. The answer leaves before the response to the text.
fn assert_silent(world: &World) {
    assert!(world.nexmo.texts().is_empty(), "{:?}", world.nexmo.texts());
    assert!(world.layer.posts().is_empty());
}

#[tokio::test]
async fn a_text_of_an_unknown_phone_is_answered_once_a_day_for_each_number() {
    let world = answering().await;
    for words in ["Hello", "Hello?", "Anybody?"] {
        for number in [NUMBERS[0], NUMBERS[1]] {
            say(&world, STRANGER, number, words).await;
        }
    }
    say(&world, "15550109998", NUMBERS[0], "Hello").await;
    let texts = world.nexmo.texts();
    let parties = |text: &Text| (text.phone.clone(), text.number.clone());
    let parties: Vec<_> = texts.iter().map(parties).collect();
    let expected = [
        (STRANGER, NUMBERS[0]),
        (STRANGER, NUMBERS[1]),
        ("15550109998", NUMBERS[0]),
    ];
    let expected = expected.map(|(phone, number)| (phone.to_owned(), number.to_owned()));
    assert_eq!(parties, expected);
    assert!(
        texts
            .iter()
            .all(|text| text.text == ANSWER && text.callback.is_none())
    );
    let requests = world.nexmo.traffic().requests();
    let answer = requests.iter().find(|one| one.path == "/sms/json").unwrap();
    assert!(answer.body.contains("ttl=3600000"), "{}", answer.body);
    assert!(world.layer.posts().is_empty());
}

#[tokio::test]
async fn a_young_text_of_an_unknown_phone_comes_again_before_it_is_answered() {
    let world = answering().await;
    let young = text(&world, STRANGER, NUMBERS[0], "Hello", 60);
    for _ in 0..2 {
        assert_eq!(world.push(&young).await, 503);
    }
    assert_silent(&world);
    let old = young.with("message-timestamp", "2020-01-01 12:00:00");
    assert_eq!(world.push(&old).await, 200);
    assert_eq!(world.texts_to(STRANGER), [ANSWER]);
}

#[tokio::test]
async fn keywords_our_own_numbers_and_senders_that_are_no_phones_are_not_answered() {
    let world = answering().await;
    for word in ["HELP", "START", "Unstop", "info"] {
        say(&world, STRANGER, NUMBERS[0], word).await;
    }
    say(&world, NUMBERS[1], NUMBERS[0], "Hello").await;
    say(&world, NUMBERS[0], NUMBERS[0], "Hello").await;
    for sender in ["MTN", "Vonage", "12345", " ", "1555010999912345"] {
        say(&world, sender, NUMBERS[0], "Hello").await;
    }
    for nothing in ["", " \n"] {
        say(&world, STRANGER, NUMBERS[0], nothing).await;
    }
    assert_silent(&world);
    say(&world, STRANGER, NUMBERS[0], "Stop").await;
    say(&world, STRANGER, NUMBERS[0], "I said stop").await;
    assert_silent(&world);
    say(&world, STRANGER, NUMBERS[0], "START").await;
    say(&world, STRANGER, NUMBERS[0], "I am back").await;
    assert_eq!(world.texts_to(STRANGER), [ANSWER]);
}

#[tokio::test]
async fn a_known_phone_is_answered_on_a_number_without_a_conversation() {
    let settings = [("NO_CONVERSATION_REPLY", ANSWER)];
    let world = World::without_delay(&settings).await;
    let thread = world.new_thread(BEN).await;
    let other = NUMBERS.into_iter().find(|it| *it != thread.number).unwrap();
    for _ in 0..2 {
        say(&world, BENS_PHONE, other, "Is this Alice?").await;
    }
    let texts = world.texts_to(BENS_PHONE);
    assert_eq!(texts[1..], [ANSWER]);
    assert_eq!(world.nexmo.texts()[1].number, other);
    say(&world, BENS_PHONE, &thread.number, "Hello Alice").await;
    let posted = world.posted_texts(&thread.conversation, 1).await;
    assert_eq!(posted, ["Hello Alice"]);
    assert_eq!(world.texts_to(BENS_PHONE).len(), 2);
}

#[tokio::test]
async fn a_user_is_answered_at_once_on_a_number_that_stood_for_a_conversation_long_ago() {
    let settings = [("NO_CONVERSATION_REPLY", ANSWER)];
    let mut world = World::without_delay(&settings).await;
    let thread = world.new_thread(BEN).await;
    let former = world.new_thread(BEN).await;
    world.advance_clock(TWO_WEEKS).await;
    world.thread_in(&thread.conversation, BEN).await;
    // It is young, but KV still knows the user.
    world.deliver_reply(&former.reply("Hello?")).await;
    assert_eq!(world.texts_to(BENS_PHONE)[3..], [ANSWER]);
    assert_eq!(world.nexmo.texts()[3].number, former.number);
}

#[tokio::test]
async fn a_user_who_has_opted_out_is_not_answered() {
    let settings = [("NO_CONVERSATION_REPLY", ANSWER)];
    let world = World::without_delay(&settings).await;
    let thread = world.new_thread(BEN).await;
    world.deliver_reply(&thread.reply("STOP")).await;
    let is_out =
        |record: &Value| record["opted_out"].is_object() && record["replies"]["waiting"] == 0;
    world.record_when(BEN, is_out).await;
    let other = NUMBERS.into_iter().find(|it| *it != thread.number).unwrap();
    say(&world, BENS_PHONE, other, "And this number?").await;
    assert_eq!(world.texts_to(BENS_PHONE).len(), 1);
}

#[tokio::test]
async fn if_it_is_not_set_nothing_is_texted() {
    let world = World::without_delay(&[]).await;
    say(&world, STRANGER, NUMBERS[0], "Hello").await;
    assert_silent(&world);
    let thread = world.new_thread(BEN).await;
    let other = NUMBERS.into_iter().find(|it| *it != thread.number).unwrap();
    say(&world, BENS_PHONE, other, "Hello").await;
    assert_eq!(world.nexmo.texts().len(), 1);
}

#[tokio::test]
async fn a_part_of_a_long_text_is_answered_once() {
    let world = answering().await;
    let reply = Reply {
        at_ms: Some(seconds_ago(150)),
        ..Reply::new(STRANGER, NUMBERS[0], &"Is anybody there? ".repeat(20))
    };
    world.deliver_reply(&reply).await;
    assert_eq!(world.texts_to(STRANGER), [ANSWER]);
}

#[tokio::test]
async fn an_answer_that_nexmo_refuses_is_logged_and_does_not_fail_the_text() {
    let world = answering().await;
    world.nexmo.bar(STRANGER, true);
    say(&world, STRANGER, NUMBERS[0], "Hello").await;
    let entry = world.entries_when("stray.not_answered", 1).await.remove(0);
    assert_eq!(entry["level"], "warn");
    assert!(!entry.to_string().contains(STRANGER), "{entry}");
    assert_silent(&world);
}
