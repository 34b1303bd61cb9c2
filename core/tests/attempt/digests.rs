//! Digests: what the chat is asked, and what the text says.

use serde_json::json;
use texting::time::MINUTE;

use crate::user::{User, plain};

const DIGEST: (&str, &str) = ("DIGEST", "on");

fn numbered(count: usize) -> Vec<String> {
    (1..=count).map(|it| it.to_string()).collect()
}

fn digest_of(settings: &[(&str, &str)], texts: &[&str]) -> User {
    User::told(&[&[DIGEST], settings].concat(), texts)
}

#[test]
fn what_waits_is_one_text() {
    let user = digest_of(&[], &["one", "two", "three"]);
    assert_eq!(user.texts(), ["Ada: one\nAda: two\nAda: three"]);
    assert_eq!(user.ended(3), "texted");
}

#[test]
fn the_chat_is_asked_about_ten_messages_and_the_others_are_counted() {
    let texts = numbered(25);
    let user = digest_of(&[], &texts.iter().map(String::as_str).collect::<Vec<_>>());
    let text = user.texts().concat();
    assert!(text.ends_with("Ada: 10\n+15 more"), "{text}");
    assert_eq!(user.services.rechecks(), 10);
    assert_eq!(user.ended(25), "texted");
}

#[test]
fn a_message_about_which_the_chat_does_not_respond_goes_by_the_webhooks() {
    let user = digest_of(&[], &["one", "two", "three"]);
    let layer = &user.services.messages;
    layer.borrow_mut().insert("m2".to_owned(), None);
    assert_eq!(user.texts(), ["Ada: one\nAda: two\nAda: three"]);
    assert_eq!(user.services.rechecks(), 3);
}

#[test]
fn a_digest_of_which_one_message_is_left_is_a_text_by_the_template_of_texts() {
    let template = (
        "TEMPLATE",
        "<% if attachments %>File: <%= text %><% endif %>",
    );
    let user = digest_of(
        &[template, ("DIGEST_TEMPLATE", "<%= count %> new")],
        &["one", " "],
    );
    assert_eq!(user.texts(), [""; 0]);
    assert_eq!(
        (user.ended(1), user.ended(2)),
        ("blank".to_owned(), "blank".to_owned())
    );
}

#[test]
fn a_template_that_renders_blank_takes_no_number() {
    let template =
        "<% if recipient.vip %><%= text %><% else if recipient.metadata.x %>x<% endif %>";
    let user = digest_of(&[("DIGEST_TEMPLATE", template)], &["one", "two"]);
    user.attempt();
    assert_eq!(user.record().show().unwrap()["links"], json!([]));
}

#[test]
fn what_was_read_is_left_out() {
    let user = digest_of(&[], &["one", "two", "three"]);
    let read = json!({ "recipient_status": { "ben": "read" } });
    user.services
        .messages
        .borrow_mut()
        .insert("m1".to_owned(), Some(read));
    assert_eq!(user.texts(), ["Ada: two\nAda: three"]);
    assert_eq!(user.ended(1), "read");
}

#[test]
fn a_blank_message_ends_alone_be_it_the_first_or_another() {
    for texts in [["", "two", "three"], ["one", " ", "three"]] {
        let user = digest_of(&[], &texts);
        let blank = 1 + texts.iter().position(|it| it.trim().is_empty()).unwrap();
        assert_eq!(user.texts().concat().lines().count(), 2);
        assert_eq!(user.ended(u32::try_from(blank).unwrap()), "blank");
    }
    let user = digest_of(&[], &["", " "]);
    assert_eq!(user.texts(), [""; 0]);
}

#[test]
fn one_message_is_a_text_by_the_template_of_texts() {
    let user = digest_of(&[("DIGEST_TEMPLATE", "<%= count %> new")], &["one"]);
    assert_eq!(user.texts(), ["Ada: one"]);
}

#[test]
fn more_are_a_text_by_the_template_of_digests() {
    let template =
        "<%= count %> from <%= senders %>:<% for m in messages %> <%= m.text %><% endfor %>";
    let user = digest_of(&[("DIGEST_TEMPLATE", template)], &["one"]);
    user.sent(2, "cem", &plain("two"));
    assert_eq!(user.texts(), ["2 from Ada and Cem: one two"]);
}

#[test]
fn the_conversation_is_fetched_only_if_the_template_shows_it() {
    for (template, text, fetched) in [
        ("<%= count %> new", "2 new", 0),
        (
            "<%= count %> in <%= conversation.metadata.title %>",
            "2 in Lunch",
            1,
        ),
    ] {
        let user = digest_of(&[("DIGEST_TEMPLATE", template)], &["one", "two"]);
        assert_eq!(user.texts(), [text]);
        let conversation = user.services.count("/conversations/c") - user.services.rechecks();
        assert_eq!(conversation, fetched);
    }
}

#[test]
fn the_introduction_stands_before_a_digest_and_is_made_for_its_first_message() {
    let introduction = (
        "INTRODUCE_CONVERSATION",
        "<%= sender.name %> in <%= conversation.metadata.title %>:",
    );
    let user = digest_of(&[introduction], &["one", "two"]);
    assert_eq!(user.texts(), ["Ada in Lunch:\n\nAda: one\nAda: two"]);
    user.sent(3, "ada", &plain("three"));
    user.later(MINUTE * 10);
    assert_eq!(user.texts()[1], "Ada: three");
}

#[test]
fn a_template_that_renders_blank_drops_all_that_the_text_covered() {
    let template =
        "<% if recipient.vip %><%= text %><% else if recipient.metadata.x %>x<% endif %>";
    let user = digest_of(&[("DIGEST_TEMPLATE", template)], &["one", "two"]);
    assert_eq!(user.texts(), [""; 0]);
    assert_eq!(
        (user.ended(1), user.ended(2)),
        ("blank".to_owned(), "blank".to_owned())
    );
}
