//! What a text says of a message that is more than words, and of one that was mended.

use standins::{Fault, Part, Sender, What, When};

use crate::support::{ALICE, BEN, World};

fn photo() -> Vec<Part> {
    vec![Part::new("image/jpeg", "/9j/4AAQ")]
}

/// Sends a message in a new conversation, which it returns.
fn send(world: &World, parts: Vec<Part>) -> String {
    let sender = Sender::User(ALICE.to_owned());
    let conversation = world.conversation(&[ALICE, BEN]);
    let sent = world.layer.send_message(&conversation, sender, parts);
    assert!(sent.is_ok());
    conversation
}

#[tokio::test]
async fn a_photo_without_a_word_is_texted_as_one() {
    let world = World::without_delay(&[]).await;
    send(&world, photo());
    assert_eq!(world.texts(1).await[0].text, "Alice: [photo]");
}

#[tokio::test]
async fn attachments_stand_in_their_place_with_their_names() {
    let world = World::without_delay(&[("TEMPLATE", "<%= text %>")]).await;
    let parts = vec![
        Part::text("Here:"),
        Part::new("application/pdf; name=plan.pdf", "JVBERi0="),
        Part::new(
            "application/vnd.layer.link+json; role=root",
            r#"{"url":"https://example.com/a"}"#,
        ),
        Part::new("image/jpeg; role=preview", "/9j/4AAQ"),
        Part::new("location/coordinate", r#"{"lat":1,"lon":2}"#),
        Part::text("All right?"),
    ];
    send(&world, parts);
    let expected = "Here:\n[file: plan.pdf]\nhttps://example.com/a\n[location]\nAll right?";
    assert_eq!(world.texts(1).await[0].text, expected);
}

#[tokio::test]
async fn an_operator_can_have_attachments_ignored() {
    let world = World::without_delay(&[("ATTACHMENTS", "ignore")]).await;
    let ignored = send(&world, photo());
    assert_eq!(world.dropped(1).await[&ignored], "blank");
    send(&world, [photo(), vec![Part::text("Look!")]].concat());
    assert_eq!(world.texts(1).await[0].text, "Alice: Look!");
}

#[tokio::test]
async fn a_template_can_list_attachments_choose_and_shorten() {
    let template = "<% for it in attachments %>(<%= it.kind | upper %> <%= it.name | default: \"-\" %>)\
        <% endfor %><% if sender.metadata['first-name'] %><%= obj.sender.metadata['first-name'] %>\
        <% else %>Somebody<% endif %>: <%= text | truncate: 12 %>";
    let world = World::without_delay(&[("TEMPLATE", template), ("ATTACHMENTS", "ignore")]).await;
    let parts = [photo(), vec![Part::text("A rather long message")]].concat();
    send(&world, parts);
    assert_eq!(
        world.texts(1).await[0].text,
        "(PHOTO -)Somebody: A rather ..."
    );
}

#[tokio::test]
async fn a_text_says_what_the_message_says_when_it_leaves() {
    let world = World::with(&[]).await;
    let conversation = world.conversation(&[ALICE, BEN]);
    let sent = world.say(&conversation, ALICE, "See you at teh station");
    let mended = vec![Part::text("See you at the station")];
    world.layer.change_parts(&sent.message.id, mended).unwrap();
    assert_eq!(
        world.texts(1).await[0].text,
        "Alice: See you at the station"
    );
}

#[tokio::test]
async fn a_retry_says_what_was_heard_last_even_if_layer_does_not_answer_then() {
    let world = World::with(&[]).await;
    let conversation = world.conversation(&[ALICE, BEN]);
    let fails = Fault::new(When::path("/sms/json"), What::Status(500, String::new()));
    world.nexmo.traffic().set_faults(vec![fails]);
    let sent = world.say(&conversation, ALICE, "teh");
    let mended = vec![Part::text("the")];
    world.layer.change_parts(&sent.message.id, mended).unwrap();
    world.entries_when("notice.postponed", 1).await;
    let down = Fault::new(When::path("/messages/"), What::Status(503, String::new()));
    world.layer.traffic().set_faults(vec![down]);
    world.nexmo.traffic().set_faults(Vec::new());
    assert_eq!(world.texts(1).await[0].text, "Alice: the");
}
