//! What stands before the first text of a thread.

use serde_json::{Map, Value};
use standins::{Alphabet, Fault, NewConversation, What, When};

use crate::support::{ALICE, BEN, BENS_PHONE, World};

const BY_NAME: (&str, &str) = (
    "INTRODUCE_CONVERSATION",
    "<%= sender.name %> in <%= conversation.metadata.conversationName %>",
);

fn named(world: &World, name: &str) -> String {
    let mut metadata = Map::new();
    metadata.insert("conversationName".to_owned(), Value::from(name));
    let new = NewConversation {
        metadata,
        ..NewConversation::of(&[ALICE, BEN])
    };
    world.layer.create_conversation(new).unwrap()
}

#[tokio::test]
async fn the_first_text_of_each_thread_carries_the_introduction_and_no_other() {
    let world = World::quick(&[BY_NAME]).await;
    let [trip, party] = ["Trip", "Party"].map(|name| named(&world, name));
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
async fn a_conversation_without_that_metadata_is_introduced_all_the_same() {
    let world = World::quick(&[BY_NAME]).await;
    world.say(&world.conversation(&[ALICE, BEN]), ALICE, "Hello");
    assert_eq!(world.texts(1).await[0].text, "Alice in \n\nAlice: Hello");
}

#[tokio::test]
async fn an_introduction_that_says_nothing_is_left_out() {
    let blank = (
        "INTRODUCE_CONVERSATION",
        "<%= conversation.metadata.missing %>",
    );
    let world = World::quick(&[blank]).await;
    world.say(&world.conversation(&[ALICE, BEN]), ALICE, "Hello");
    assert_eq!(world.texts(1).await[0].text, "Alice: Hello");
}

#[tokio::test]
async fn a_thread_is_introduced_until_nexmo_has_accepted_such_a_text() {
    let world = World::quick(&[BY_NAME]).await;
    let error = What::NexmoStatus(5, "Server Error".to_owned());
    world
        .nexmo
        .traffic()
        .add_fault(Fault::new(When::phone(BENS_PHONE), error).times(1));
    let trip = named(&world, "Trip");
    world.say(&trip, ALICE, "One");
    assert_eq!(world.texts(1).await[0].text, "Alice in Trip\n\nAlice: One");
    // The first of the next thread is refused for good, and the second is its first.
    let invalid = What::NexmoStatus(6, "Invalid".to_owned());
    world
        .nexmo
        .traffic()
        .set_faults(vec![Fault::new(When::always(), invalid).times(1)]);
    let party = named(&world, "Party");
    world.say(&party, ALICE, "Lost");
    world.entries_when("notice.failed", 1).await;
    world.say(&party, ALICE, "Two");
    assert_eq!(world.texts(2).await[1].text, "Alice in Party\n\nAlice: Two");
}

#[tokio::test]
async fn no_text_leaves_without_its_introduction() {
    let world = World::quick(&[BY_NAME]).await;
    let trip = named(&world, "Trip");
    // Both the question for the message and that for the conversation, twice.
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
async fn a_conversation_that_turns_out_to_be_gone_is_not_texted() {
    let world = World::quick(&[BY_NAME]).await;
    let gone = [404, 410].map(|status| {
        let conversation = named(&world, "Trip");
        // The first question under that path is for the message.
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
async fn an_introduction_counts_for_the_alphabet_and_the_parts_of_its_text() {
    let world = World::quick(&[BY_NAME]).await;
    let conversation = named(&world, "Ausflug ✈");
    world.say(&conversation, ALICE, &"x".repeat(500));
    let text = &world.texts(1).await[0];
    assert_eq!((text.alphabet, text.parts), (Alphabet::Unicode, 6));
    assert!(text.text.starts_with("Alice in Ausflug ✈\n\nAlice: x"));
    assert_eq!(text.text.encode_utf16().count(), 402);
    assert!(text.text.ends_with("x…"));
}
