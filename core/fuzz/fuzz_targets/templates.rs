//! Templates and the values that they show. The input is a template, a line with `===`, and a message in JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use texting::{
    identity::Identity,
    template::{Context, DigestValues, Template, TemplateKind},
    words::{Attachments, Words},
};

/// No template may make more of this many values.
const LONGEST: usize = 10_000;

fuzz_target!(|input: &str| {
    let (source, data) = input.split_once("\n===\n").unwrap_or((input, "{}"));
    let message: Value = serde_json::from_str(data).unwrap_or_default();
    let somebody = Identity::from_hook(&message).unwrap_or_default();
    let words = Words::of(&message, Attachments::Describe);
    let attachments = words.attachments_json();
    let one = Context::new(
        &message,
        &somebody,
        &somebody,
        &words.text,
        &attachments,
        None,
    );
    let digest = Context::digest(&DigestValues {
        messages: &[one.clone(), one.clone()],
        count: 3,
        senders: "Ada and Ben",
        text: &words.text,
        recipient: &somebody,
        conversation: Some(&json!({})),
    });
    for kind in [TemplateKind::Text, TemplateKind::Introduction] {
        check(source, kind, &one);
    }
    check(source, TemplateKind::Digest, &digest);
});

/// A template that is accepted renders, whatever the data; one that is refused says what is supported.
fn check(source: &str, kind: TemplateKind, context: &Context) {
    match Template::compile(source, kind) {
        Ok(template) => {
            let rendered = template.render(context).unwrap();
            let is_long = source.len() + rendered.len() > LONGEST;
            assert!(is_long || template.render(context).unwrap() == rendered);
        }
        Err(error) => assert!(error.to_string().ends_with(kind.supported())),
    }
}
