//! Digests: what waits unread in a conversation leaves as one text.

use std::time::Duration;

use serde_json::Value;
use standins::{Fault, NewConversation, Part, Sender, What, When};
use tokio::time::Instant;

use crate::support::{ALICE, BEN, BENS_PHONE, CARA, NUMBERS, World};

async fn digests(more: &[(&str, &str)]) -> World {
    World::with(&[&[("DIGEST", "on")], more].concat()).await
}

/// Sends these messages from Alice, and waits until Ben's record has all.
async fn say(world: &World, conversation: &str, texts: &[&str]) {
    for text in texts {
        world.say(conversation, ALICE, text);
    }
    world.webhooks_delivered().await;
}

#[tokio::test]
async fn five_unread_messages_are_one_text_in_order() {
    let world = digests(&[("INTRODUCE_CONVERSATION", "Answer here.")]).await;
    let conversation = world.conversation(&[ALICE, BEN]);
    say(&world, &conversation, &["1", "2", "3", "4", "5"]).await;
    let texts = world.texts(1).await;
    let lines = [
        "Answer here.\n",
        "Alice: 1",
        "Alice: 2",
        "Alice: 3",
        "Alice: 4",
        "Alice: 5",
    ];
    assert_eq!(texts[0].text, lines.join("\n"));
    world.waiting(BEN, 0).await;
    say(&world, &conversation, &["6"]).await;
    assert_eq!(world.texts(2).await[1].text, "Alice: 6");
}

#[tokio::test]
async fn an_operators_template_says_who_wrote_how_much_and_where() {
    let template = "<%= count %> from <%= senders %> in <%= conversation.metadata.title %>:\
        <% for it in messages %> <%= it.sender.name %> \"<%= it.text | truncate: 8 %>\"<% endfor %>";
    let world = digests(&[("DIGEST_TEMPLATE", template)]).await;
    let lunch = NewConversation {
        metadata: [("title".to_owned(), "Lunch".into())].into_iter().collect(),
        ..NewConversation::of(&[ALICE, BEN, CARA])
    };
    let conversation = world.layer.create_conversation(lunch).unwrap();
    world.say(&conversation, ALICE, "Where?");
    world.say(&conversation, CARA, "At the corner");
    let texts = world.texts(3).await;
    let to_ben = texts.iter().find(|text| text.phone == BENS_PHONE).unwrap();
    let expected = "2 from Alice and Cara in Lunch: Alice \"Where?\" Cara \"At th...\"";
    assert_eq!(to_ben.text, expected);
}

#[tokio::test]
async fn more_than_ten_messages_are_counted() {
    let world = digests(&[("DELAY", "3 seconds")]).await;
    let conversation = world.conversation(&[ALICE, BEN]);
    let texts: Vec<String> = (1..=14).map(|it| it.to_string()).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    say(&world, &conversation, &texts).await;
    let text = world.texts(1).await.remove(0).text;
    assert!(
        text.starts_with("Alice: 1\n") && text.ends_with("Alice: 10\n+4 more"),
        "{text}"
    );
    world.waiting(BEN, 0).await;
}

/// The runtime allows an object six connections. A question that waits for one does not time out meanwhile.
#[tokio::test]
async fn slow_a_chat_that_takes_two_seconds_is_asked_about_each_of_ten_messages() {
    let world = digests(&[("DELAY", "3 seconds")]).await;
    let conversation = world.conversation(&[ALICE, BEN]);
    let begun = Instant::now();
    say(
        &world,
        &conversation,
        &["1", "2", "3", "4", "5", "6", "7", "8", "9"],
    )
    .await;
    let last = world.say(&conversation, ALICE, "10").message;
    world.webhooks_delivered().await;
    world.layer.call_webhooks(false);
    world.layer.mark_read(&last.id, BEN).unwrap();
    let slow = What::Slow(Duration::from_secs(2));
    let rechecks = Fault::new(When::path("/messages/"), slow);
    world.layer.traffic().add_fault(rechecks);
    let text = world.texts(1).await.remove(0).text;
    assert!(text.ends_with("Alice: 8\nAlice: 9"), "{text}");
    // Six are asked about after the delay, then the others.
    assert!(begun.elapsed() >= Duration::from_secs(3 + 2 + 2));
}

#[tokio::test]
async fn what_was_read_deleted_or_is_blank_is_left_out() {
    let world = digests(&[]).await;
    let conversation = world.conversation(&[ALICE, BEN]);
    world.say(&conversation, ALICE, "first");
    // Layer says that it was read, but its webhook is lost.
    let read = world.say(&conversation, ALICE, "read").message;
    let deleted = world.say(&conversation, ALICE, "deleted").message;
    let sender = Sender::User(ALICE.to_owned());
    let blank = vec![Part::text("  ")];
    world
        .layer
        .send_message(&conversation, sender, blank)
        .unwrap();
    world.say(&conversation, ALICE, "last");
    world.webhooks_delivered().await;
    world.layer.call_webhooks(false);
    world.layer.mark_read(&read.id, BEN).unwrap();
    world.layer.delete_message(&deleted.id).unwrap();
    assert_eq!(world.texts(1).await[0].text, "Alice: first\nAlice: last");
    world.waiting(BEN, 0).await;
}

#[tokio::test]
async fn a_retry_gathers_anew() {
    let world = digests(&[]).await;
    let conversation = world.conversation(&[ALICE, BEN]);
    let fails = Fault::new(When::path("/sms/json"), What::Status(500, String::new()));
    world.nexmo.traffic().set_faults(vec![fails]);
    let read = world.say(&conversation, ALICE, "one").message;
    world.say(&conversation, ALICE, "two");
    world.entries_when("notice.postponed", 2).await;
    world.layer.mark_read(&read.id, BEN).unwrap();
    world.say(&conversation, ALICE, "three");
    world.webhooks_delivered().await;
    world.nexmo.traffic().set_faults(Vec::new());
    assert_eq!(world.texts(1).await[0].text, "Alice: two\nAlice: three");
}

#[tokio::test]
async fn a_digest_whose_sending_was_cut_short_by_a_crash_is_sent_again_as_a_whole() {
    let mut world = digests(&[]).await;
    let conversation = world.conversation(&[ALICE, BEN]);
    let hangs = Fault::new(When::path("/sms/json"), What::Hang(Duration::from_secs(60)));
    world.nexmo.traffic().set_faults(vec![hangs]);
    say(&world, &conversation, &["one", "two", "three"]).await;
    let is_sending = |record: &Value| record["notices"]["first"][0]["sending"] == true;
    world.record_when(BEN, is_sending).await;
    world.worker.kill_9();
    world.nexmo.traffic().set_faults(Vec::new());
    world.worker.restart().await;
    world.advance_clock(Duration::from_secs(50)).await;
    assert_eq!(
        world.texts(1).await[0].text,
        "Alice: one\nAlice: two\nAlice: three"
    );
    world.waiting(BEN, 0).await;
}

#[tokio::test]
async fn the_next_text_waits_for_the_interval_unless_the_user_answers() {
    let world = digests(&[("TEXT_INTERVAL", "1 hour")]).await;
    let conversation = world.conversation(&[ALICE, BEN]);
    say(&world, &conversation, &["one"]).await;
    world.texts(1).await;
    say(&world, &conversation, &["two", "three"]).await;
    let waits = |record: &Value| {
        let first = &record["notices"]["first"][0];
        first["waits_for"] == "the interval since the conversation's last text"
            && first["due_at"].as_i64() > record["now"].as_i64().map(|now| now + 3_500_000)
    };
    let record = world.record_when(BEN, waits).await;
    assert_eq!(record["notices"]["first"][1]["joins_another"], true);
    world.reply(BENS_PHONE, NUMBERS[0], "Four");
    assert_eq!(world.texts(2).await[1].text, "Alice: two\nAlice: three");
}
