//! What a text says.

use serde_json::json;
use texting::time::MINUTE;

use crate::user::{User, plain};

fn mended(text: &str) -> serde_json::Value {
    json!({ "recipient_status": { "ben": "sent" }, "parts": plain(text) })
}

#[test]
fn a_text_has_the_words_that_layer_has_now() {
    let user = User::told(&[], &["teh"]);
    let layer = &user.services.messages;
    layer
        .borrow_mut()
        .insert("m1".to_owned(), Some(mended("the")));
    assert_eq!(user.texts(), ["Ada: the"]);
}

#[test]
fn without_words_of_layer_it_has_those_of_the_webhook() {
    for answer in [
        None,
        Some(json!({ "recipient_status": { "ben": "sent" }, "parts": [] })),
    ] {
        let user = User::told(&[], &["teh"]);
        user.services
            .messages
            .borrow_mut()
            .insert("m1".to_owned(), answer);
        assert_eq!(user.texts(), ["Ada: teh"]);
    }
}

#[test]
fn a_retry_has_the_newest_words_even_if_layer_does_not_answer_any_more() {
    let user = User::told(&[], &["teh"]);
    let layer = &user.services.messages;
    layer
        .borrow_mut()
        .insert("m1".to_owned(), Some(mended("the")));
    *user.services.nexmo.borrow_mut() = 503;
    user.attempt();
    layer.borrow_mut().insert("m1".to_owned(), None);
    *user.services.nexmo.borrow_mut() = 200;
    user.later(MINUTE);
    assert_eq!(user.texts(), ["Ada: the", "Ada: the"]);
}

#[test]
fn a_photo_is_described_or_ignored() {
    let photo = json!([{ "mime_type": "image/png", "content": {} }]);
    for (attachments, texts) in [("describe", vec!["Ada: [photo]"]), ("ignore", Vec::new())] {
        let user = User::told(&[("ATTACHMENTS", attachments)], &[]);
        user.sent(1, "ada", &photo);
        user.later(MINUTE * 10);
        assert_eq!(user.texts(), texts);
    }
}

#[test]
fn a_sender_without_an_identity_has_the_name_of_the_webhook() {
    let user = User::with(&[(
        "TEMPLATE",
        "<%= sender.name | default: \"Somebody\" %>: <%= text %>",
    )]);
    user.sent(1, "dan", &plain("Hi"));
    user.later(MINUTE * 10);
    assert_eq!(user.texts(), ["Somebody: Hi"]);
}

#[test]
fn a_text_says_how_long_nexmo_may_try_to_deliver_it() {
    let user = User::told(&[("TEXT_TTL", "90 seconds")], &["Hi"]);
    user.attempt();
    assert_eq!(user.services.texts()[0]["ttl"], "90000");
    let user = User::told(&[], &["Hi"]);
    user.attempt();
    assert!(!user.services.texts()[0].contains_key("ttl"));
}
