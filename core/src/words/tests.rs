use base64ct::{Base64, Encoding as _};
use proptest::prelude::*;
use serde_json::json;

use super::*;

fn described(parts: Value) -> String {
    Words::of(&json!({ "parts": parts }), Attachments::Describe).text
}

fn ignored(parts: Value) -> String {
    Words::of(&json!({ "parts": parts }), Attachments::Ignore).text
}

/// The text of a message with one part.
fn alone(part: Value) -> String {
    described(json!([part]))
}

fn of_type(mime_type: &str) -> String {
    alone(json!({ "mime_type": mime_type, "body": "x" }))
}

fn xdk(kind: &str, content: &Value) -> Value {
    json!({
        "mime_type": format!("application/vnd.layer.{kind}+json; role=root; node-id=root"),
        "body": content.to_string(),
    })
}

#[test]
fn text_parts_are_joined_by_line_breaks() {
    let parts = json!([
        { "mime_type": "text/plain", "body": "one" },
        { "mime_type": "TEXT/Plain ; charset=utf-8", "body": "two", "encoding": null },
        xdk("text", &json!({ "text": "hé" })),
        { "mime_type": "text/plain", "body": "" },
        { "mime_type": "text/plain", "encoding": "base64", "body": "SGk=" },
        { "mime_type": "text/plain", "encoding": "BASE64", "body": "SG\nk" },
        { "mime_type": "text/plain", "encoding": "base64", "body": "SP8=" },
    ]);
    assert_eq!(described(parts.clone()), "one\ntwo\nhé\nHi\nHi\nH\u{fffd}");
    assert_eq!(ignored(parts.clone()), described(parts));
}

#[test]
fn an_attachment_stands_in_its_place_unless_it_is_to_be_ignored() {
    let parts = json!([
        { "mime_type": "text/plain", "body": "Look:" },
        { "mime_type": "image/png", "content": { "download_url": "https://x?Expires=1" } },
        { "mime_type": "text/plain", "body": "Nice?" },
    ]);
    assert_eq!(described(parts.clone()), "Look:\n[photo]\nNice?");
    assert_eq!(ignored(parts), "Look:\nNice?");
}

#[test]
fn the_type_says_what_an_attachment_is() {
    for (mime_type, text) in [
        ("image/jpeg", "[photo]"),
        ("IMAGE/GIF; role=root", "[photo]"),
        ("video/mp4", "[video]"),
        ("audio/ogg", "[audio]"),
        ("text/vcard", "[contact]"),
        ("text/x-vcard;charset=utf-8", "[contact]"),
        ("location/coordinate", "[location]"),
        ("text/html", "[attachment]"),
        ("text/calendar", "[attachment]"),
        ("application/pdf", "[attachment]"),
        ("", "[attachment]"),
    ] {
        assert_eq!(of_type(mime_type), text, "{mime_type}");
    }
}

#[test]
fn the_kit_of_layer_says_what_an_attachment_is() {
    for (kind, content, text) in [
        ("image", json!({}), "[photo]"),
        ("image", json!({ "title": "Sunset" }), "[photo: Sunset]"),
        ("file", json!({ "source_url": "https://x" }), "[file]"),
        ("file", json!({ "title": "plan.pdf" }), "[file: plan.pdf]"),
        ("location", json!({ "latitude": 1 }), "[location]"),
        (
            "location",
            json!({ "title": "Office" }),
            "[location: Office]",
        ),
        (
            "link",
            json!({ "url": " https://example.com/a ", "title": "A" }),
            "https://example.com/a",
        ),
        ("link", json!({}), "[link]"),
        (
            "link",
            json!({ "url": "", "title": "Menu" }),
            "[link: Menu]",
        ),
        ("product", json!({}), "[attachment]"),
        ("carousel", json!({ "items": [] }), "[attachment]"),
        ("choice", json!({}), "[attachment]"),
        ("receipt", json!({}), "[attachment]"),
        ("receipt", json!({ "title": "Order 7" }), "[file: Order 7]"),
        ("product", json!({ "name": "Shoes" }), "[attachment]"),
        ("file", json!({ "name": "plan.pdf" }), "[file: plan.pdf]"),
        ("buttons", json!({}), "[attachment]"),
    ] {
        assert_eq!(alone(xdk(kind, &content)), text, "{kind} {content}");
    }
}

#[test]
fn what_has_a_name_is_a_file_of_that_name() {
    for part in [
        json!({ "mime_type": "application/pdf; name=plan.pdf" }),
        json!({ "mime_type": "application/pdf; filename=\"plan.pdf\"" }),
        json!({ "mime_type": "application/pdf", "name": "plan.pdf" }),
        json!({ "mime_type": "text/csv", "filename": "plan.pdf" }),
        json!({ "mime_type": null, "name": "plan.pdf" }),
        json!({ "mime_type": "application/zip; name=x", "title": " plan.pdf " }),
        json!({ "mime_type": "application/zip", "title": "", "name": "plan.pdf" }),
    ] {
        assert_eq!(alone(part.clone()), "[file: plan.pdf]", "{part}");
    }
}

#[test]
fn a_name_is_one_line_of_forty_characters() {
    let named = |name: &str| alone(json!({ "mime_type": "image/png", "title": name }));
    assert_eq!(named("a\r\nb"), "[photo: a b]");
    assert_eq!(
        named(&"a".repeat(40)),
        format!("[photo: {}]", "a".repeat(40))
    );
    assert_eq!(
        named(&"a".repeat(41)),
        format!("[photo: {}...]", "a".repeat(37))
    );
    assert_eq!(named("\u{200b}"), "[photo]");
}

#[test]
fn parts_that_serve_another_are_left_out() {
    let of_atlas = json!([
        { "mime_type": "image/jpeg", "content": {} },
        { "mime_type": "image/jpeg+preview", "body": "…" },
        { "mime_type": "application/json+imageSize", "body": "{}" },
    ]);
    assert_eq!(described(of_atlas), "[photo]");
    let of_the_xdk = json!([
        xdk("image", &json!({ "title": "Sunset" })),
        { "mime_type": "image/png; role=preview; parent-node-id=root", "body": "…" },
        { "mime_type": "image/png; role=\"SOURCE\"; parent-node-id=root", "content": {} },
    ]);
    assert_eq!(described(of_the_xdk), "[photo: Sunset]");
}

#[test]
fn html_counts_only_without_plain_text() {
    let html = json!({ "mime_type": "text/html", "body": "<b>Hi</b>" });
    let plain = |text: &str| json!({ "mime_type": "text/plain", "body": text });
    assert_eq!(described(json!([html, plain("Hi")])), "Hi");
    assert_eq!(described(json!([html, plain(" ")])), "[attachment]\n ");
    assert_eq!(
        described(json!([html, { "mime_type": "image/png" }])),
        "[attachment]\n[photo]"
    );
}

#[test]
fn data_without_a_name_counts_only_alone() {
    let data = json!({ "mime_type": "application/x-state", "body": "{}" });
    let text = json!({ "mime_type": "text/plain", "body": "Hi" });
    let photo = json!({ "mime_type": "image/png" });
    assert_eq!(described(json!([data, text])), "Hi");
    assert_eq!(described(json!([data, photo])), "[photo]");
    assert_eq!(described(json!([xdk("buttons", &json!({})), text])), "Hi");
    assert_eq!(
        described(json!([xdk("choice", &json!({})), text])),
        "[attachment]\nHi"
    );
    assert_eq!(described(json!([data])), "[attachment]");
}

#[test]
fn text_that_cannot_be_read_is_an_attachment() {
    for part in [
        json!({ "mime_type": "text/plain", "content": { "id": "x" }, "body": null }),
        json!({ "mime_type": "text/plain", "encoding": "base64", "body": "!!" }),
        json!({ "mime_type": "application/vnd.layer.text+json; role=root", "body": "{" }),
    ] {
        assert_eq!(alone(part.clone()), "[attachment]", "{part}");
        assert_eq!(ignored(json!([part])), "");
    }
}

#[test]
fn nothing_is_made_of_nothing() {
    for message in [
        json!({}),
        json!(7),
        json!({ "parts": null }),
        json!({ "parts": {} }),
        json!({ "parts": ["no", 7, null] }),
        json!({ "parts": [{ "mime_type": "text/plain" }] }),
        json!({ "parts": [xdk("text", &json!({ "title": "no" }))] }),
        json!({ "parts": [xdk("text", &json!({ "text": 7 }))] }),
    ] {
        assert_eq!(Words::of(&message, Attachments::Describe), Words::default());
    }
}

#[test]
fn templates_get_the_list_of_attachments_even_if_texts_do_not_name_them() {
    let parts = json!([
        { "mime_type": "text/plain", "body": "Hi" },
        { "mime_type": "image/png" },
        xdk("link", &json!({ "url": "https://example.com", "title": "Menu" })),
    ]);
    let words = Words::of(&json!({ "parts": parts }), Attachments::Ignore);
    assert_eq!(
        words.attachments_json(),
        [
            json!({ "kind": "photo", "name": "" }),
            json!({ "kind": "link", "name": "Menu" })
        ]
    );
}

#[test]
fn newer_parts_replace_those_of_the_webhook() {
    let message = json!({ "id": "m", "parts": [{ "body": "old" }] });
    let newer = with_parts(message.clone(), Some(vec![json!({ "body": "new" })]));
    assert_eq!(newer, json!({ "id": "m", "parts": [{ "body": "new" }] }));
    assert_eq!(with_parts(message.clone(), None), message);
}

proptest! {
    #[test]
    fn plain_text_is_not_changed(body in ".*") {
        let plain = json!({ "mime_type": "text/plain", "body": &body });
        prop_assert_eq!(alone(plain), body.as_str());
        let encoded = Base64::encode_string(body.as_bytes());
        let encoded = json!({ "mime_type": "text/plain", "encoding": "base64", "body": encoded });
        prop_assert_eq!(alone(encoded), body);
    }

    #[test]
    fn no_content_elsewhere_gives_its_address_away(mime_type in "(image|video|audio|application|text)/[a-z+]{1,9}") {
        let content = json!({ "download_url": "https://secret", "refresh_url": "https://secret", "id": "secret" });
        let part = json!({ "mime_type": mime_type, "content": content });
        prop_assert!(!alone(part).contains("secret"));
    }
}
