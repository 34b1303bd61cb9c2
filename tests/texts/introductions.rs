//! Introductions before the first text of a thread.

use serde_json::{Map, Value};
use standins::{Alphabet, Fault, NewConversation, What, When};

use crate::support::{ALICE, BEN, BENS_PHONE, World};

const BY_NAME: (&str, &str) = (
    "INTRODUCE_CONVERSATION",
    "<%= sender.name %> in <%= conversation.metadata.conversationName %>",
);

/// Creates a conversation with a name in its metadata.
fn named_conversation(world: &World, name: &str) -> String {
    let mut metadata = Map::new();
    metadata.insert("conversationName".to_owned(), Value::from(name));
    let new = NewConversation {
        metadata,
        ..NewConversation::of(&[ALICE, BEN])
    };
    world.layer.create_conversation(new).unwrap()
}

#[tokio::test]
async fn only_the_first_text_of_each_thread_has_the_introduction() {
    let world = World::without_delay(&[BY_NAME]).await;
    let [trip, party] = ["Trip", "Party"].map(|name| named_conversation(&world, name));
    for (count, (conversation, text)) in (1..).zip([
        (&trip, "One"),
        (&trip, "Two"),
        (&party, "Three"),
        (&trip, "Four"),
    ]) {
        world.say(conversation, ALICE, text);
        world.texts(count).await;
        world.entries_when("notice.sent", count).await;
    }
    let expected = [
        "Alice in Trip\n\nAlice: One",
        "Alice: Two",
        "Alice in Party\n\nAlice: Three",
        "Alice: Four",
    ];
    assert_eq!(world.texts_to(BENS_PHONE), expected);
    assert_eq!(
        world.nexmo.traffic().count("/sms/json"),
        4,
        "each in one SMS"
    );
}

#[tokio::test]
async fn missing_metadata_is_empty_in_an_introduction() {
    let world = World::without_delay(&[BY_NAME]).await;
    world.say(&world.conversation(&[ALICE, BEN]), ALICE, "Hello");
    assert_eq!(world.texts(1).await[0].text, "Alice in \n\nAlice: Hello");
}

#[tokio::test]
async fn a_blank_introduction_is_left_out() {
    let blank = (
        "INTRODUCE_CONVERSATION",
        "<%= conversation.metadata.missing %>",
    );
    let world = World::without_delay(&[blank]).await;
    world.say(&world.conversation(&[ALICE, BEN]), ALICE, "Hello");
    assert_eq!(world.texts(1).await[0].text, "Alice: Hello");
}

#[tokio::test]
async fn the_introduction_is_repeated_until_nexmo_accepts_it() {
    let world = World::without_delay(&[BY_NAME]).await;
    let error = What::NexmoStatus(5, "Server Error".to_owned());
    world
        .nexmo
        .traffic()
        .add_fault(Fault::new(When::phone(BENS_PHONE), error).times(1));
    let trip = named_conversation(&world, "Trip");
    world.say(&trip, ALICE, "One");
    assert_eq!(world.texts(1).await[0].text, "Alice in Trip\n\nAlice: One");
    // The first text of the next thread is refused for good, so the introduction comes with the second.
    let invalid = What::NexmoStatus(6, "Invalid".to_owned());
    world
        .nexmo
        .traffic()
        .set_faults(vec![Fault::new(When::always(), invalid).times(1)]);
    let party = named_conversation(&world, "Party");
    world.say(&party, ALICE, "Lost");
    world.entries_when("notice.failed", 1).await;
    world.say(&party, ALICE, "Two");
    assert_eq!(world.texts(2).await[1].text, "Alice in Party\n\nAlice: Two");
}

#[tokio::test]
async fn no_text_is_sent_without_its_introduction() {
    let world = World::without_delay(&[BY_NAME]).await;
    let trip = named_conversation(&world, "Trip");
    // The requests for the message and for the conversation, twice each.
    let down = Fault::new(When::path(&trip), What::Status(500, String::new())).times(4);
    world.layer.traffic().add_fault(down);
    world.say(&trip, ALICE, "Hello");
    assert_eq!(
        world.texts(1).await[0].text,
        "Alice in Trip\n\nAlice: Hello"
    );
    let postponed = world.entries("notice.postponed");
    assert_eq!(postponed.len(), 2);
    assert!(
        postponed[0]["why"]
            .as_str()
            .unwrap()
            .contains("conversation: HTTP 500")
    );
}

#[tokio::test]
async fn a_deleted_conversation_is_not_texted() {
    let world = World::without_delay(&[BY_NAME]).await;
    let gone = [404, 410].map(|status| {
        let conversation = named_conversation(&world, "Trip");
        // The first request under that path is for the message.
        let missing = Fault::new(
            When::path(&conversation).nth(2),
            What::Status(status, String::new()),
        );
        world.layer.traffic().add_fault(missing);
        world.say(&conversation, ALICE, "Hello");
        conversation
    });
    let dropped = world.dropped(2).await;
    assert_eq!(
        gone.each_ref().map(|id| dropped[id].as_str()),
        ["deleted", "deleted"]
    );
    assert_eq!(
        world.record(BEN).await["links"].as_array().unwrap().len(),
        0
    );
    assert!(world.nexmo.texts().is_empty());
}

#[tokio::test]
async fn the_introduction_counts_for_encoding_and_length() {
    let world = World::without_delay(&[BY_NAME]).await;
    let conversation = named_conversation(&world, "Ausflug ✈");
    world.say(&conversation, ALICE, &"x".repeat(500));
    let text = &world.texts(1).await[0];
    assert_eq!((text.alphabet, text.parts), (Alphabet::Unicode, 6));
    assert!(text.text.starts_with("Alice in Ausflug ✈\n\nAlice: x"));
    assert_eq!(text.text.encode_utf16().count(), 402);
    assert!(text.text.ends_with("x…"));
}
