//! The content and encoding of texts.

use standins::{Alphabet, Part, Sender, Text, User};

use crate::support::{ALICE, BEN, World};

/// A template with the text alone.
const BARE: (&str, &str) = ("TEMPLATE", "<%= text %>");

/// Sends these parts from Alice to Ben, and returns the text about them, which is number `count`.
async fn text_of(world: &World, conversation: &str, parts: Vec<Part>, count: usize) -> Text {
    let sender = Sender::User(ALICE.to_owned());
    world
        .layer
        .send_message(conversation, sender, parts)
        .unwrap();
    world.texts(count).await.remove(count - 1)
}

#[tokio::test]
async fn a_template_sees_the_message_and_both_identities_and_evaluates_nothing_twice() {
    let template = "<%= sender.first_name %> <%= sender.lastName %> (<%= sender.metadata.team %>\
        <%= sender.metadata.missing.deeply %>) to <%= recipient.email %>: <%= text %> \
        [<%= parts.0.mime_type %>, <%= recipient_status.ben %>]";
    let world = World::without_delay(&[("TEMPLATE", template)]).await;
    let alice = User {
        first_name: Some("Alice".to_owned()),
        last_name: Some("<%= text %>".to_owned()),
        metadata: [("team".to_owned(), "red".to_owned())].into(),
        ..User::new(ALICE, "Alice", "")
    };
    let ben = User::new(BEN, "Ben", "+1 (555) 010-2030");
    world.layer.create_user(alice);
    world.layer.create_user(User {
        email_address: Some("ben@example.com".to_owned()),
        ..ben
    });
    world.say(
        &world.conversation(&[ALICE, BEN]),
        ALICE,
        "Hi <%= recipient.phone %>",
    );
    let expected = "Alice <%= text %> (red) to ben@example.com: Hi <%= recipient.phone %> \
        [text/plain, sent]";
    assert_eq!(world.texts(1).await[0].text, expected);
}

#[tokio::test]
async fn the_text_of_a_message_joins_all_its_text_parts_in_order() {
    let world = World::without_delay(&[BARE, ("ATTACHMENTS", "ignore")]).await;
    let conversation = world.conversation(&[ALICE, BEN]);
    let base64 = |mime_type: &str, body: &str| Part {
        encoding: Some("base64".to_owned()),
        ..Part::new(mime_type, body)
    };
    let parts = vec![
        Part::new("text/plain; charset=utf-8", "One"),
        Part::new("image/png", "no"),
        base64("TEXT/PLAIN", "R3LDvMOfZQ=="),
        Part::new(
            "application/vnd.layer.text+json;role=root;node-id=x",
            r#"{"text":"Three"}"#,
        ),
        base64("application/vnd.layer.text+json", "eyJ0ZXh0IjoiRm91ciJ9"),
        Part {
            body: None,
            ..Part::new("text/plain", "")
        },
        Part::new("text/plainer", "no"),
        Part::text("  Five\n"),
    ];
    let text = text_of(&world, &conversation, parts, 1).await.text;
    assert_eq!(text, "One\nGrüße\nThree\nFour\n  Five\n");
}

#[tokio::test]
async fn blank_messages_are_not_texted_and_take_no_number() {
    let world = World::without_delay(&[("TEMPLATE", "<%= sender.metadata.greeting %>")]).await;
    let blanks = [
        vec![Part::new("image/png", "iVBORw0KGgo=")],
        vec![Part::text(" \n\t ")],
        // The template renders blank.
        vec![Part::text("Hello")],
    ];
    for parts in blanks {
        let sender = Sender::User(ALICE.to_owned());
        world
            .layer
            .send_message(&world.conversation(&[ALICE, BEN]), sender, parts)
            .unwrap();
    }
    let dropped = world.dropped(3).await;
    assert!(
        dropped.values().all(|reason| reason == "blank"),
        "{dropped:?}"
    );
    assert_eq!(
        world.record(BEN).await["links"].as_array().unwrap().len(),
        0
    );
    assert!(world.nexmo.texts().is_empty());
}

#[tokio::test]
async fn gsm_characters_are_sent_as_text_and_others_as_unicode() {
    let world = World::without_delay(&[BARE]).await;
    let conversation = world.conversation(&[ALICE, BEN]);
    let cases = [
        (
            "Grüße @£$¥ èéùìò ÇØøÅå ΔΦΓΛΩ ÆæßÉ ¡¿ÄÖÑÜ§à",
            Alphabet::Gsm,
            1,
        ),
        ("[x] {y} ~ \\ | ^ €", Alphabet::Gsm, 1),
        ("ça va", Alphabet::Unicode, 1),
        ("a `quote`", Alphabet::Unicode, 1),
        ("tab\there", Alphabet::Unicode, 1),
        ("“typographic” — …", Alphabet::Unicode, 1),
        ("日本語 😀", Alphabet::Unicode, 1),
    ];
    for (count, (said, alphabet, parts)) in (1..).zip(cases) {
        let text = text_of(&world, &conversation, vec![Part::text(said)], count).await;
        assert_eq!(
            (text.text.as_str(), text.alphabet, text.parts),
            (said, alphabet, parts)
        );
    }
}

#[tokio::test]
async fn a_text_is_cut_after_six_parts() {
    let world = World::without_delay(&[BARE]).await;
    let conversation = world.conversation(&[ALICE, BEN]);
    let cases = [
        ("a".repeat(160), "a".repeat(160), 1),
        ("a".repeat(161), "a".repeat(161), 2),
        ("a".repeat(918), "a".repeat(918), 6),
        ("a".repeat(919), format!("{}...", "a".repeat(915)), 6),
        // 914 septets, then a character of two septets that would leave no room for the dots.
        (
            format!("{}€{}", "a".repeat(914), "b".repeat(9)),
            format!("{}...", "a".repeat(914)),
            6,
        ),
        ("ж".repeat(70), "ж".repeat(70), 1),
        ("ж".repeat(71), "ж".repeat(71), 2),
        ("ж".repeat(402), "ж".repeat(402), 6),
        ("ж".repeat(403), format!("{}…", "ж".repeat(401)), 6),
        ("ж".repeat(3_000), format!("{}…", "ж".repeat(401)), 6),
    ];
    for (count, (said, expected, parts)) in (1..).zip(cases) {
        let text = text_of(&world, &conversation, vec![Part::text(&said)], count).await;
        assert_eq!((text.text, text.parts), (expected, parts));
    }
    // Surrogate pairs are never split: a part of 67 units has room for 33 pairs.
    let emoji = "😀".repeat(300);
    let text = text_of(&world, &conversation, vec![Part::text(&emoji)], 11).await;
    assert_eq!(text.parts, 6);
    let kept = text.text.strip_suffix('…').unwrap();
    assert!(kept.chars().all(|c| c == '😀'));
    assert!(
        (197..=198).contains(&kept.chars().count()),
        "{}",
        kept.chars().count()
    );
}
