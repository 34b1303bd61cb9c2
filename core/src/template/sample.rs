//! The sample that templates are checked with.

use serde_json::Value;

use super::{
    TemplateKind,
    context::{Context, DigestValues},
};
use crate::{identity::Identity, json, layer::identity::identity};

/// The objects of the sample. `NAME` stands for the name of a user, which is the user's id too.
const SAMPLE: &str = include_str!("sample.json");

impl Context {
    /// A sample for checking templates: Ada, and in a digest Cem, say hello to Ben.
    pub fn sample(kind: TemplateKind) -> Self {
        match kind {
            TemplateKind::Text | TemplateKind::Introduction => said_by("Ada"),
            TemplateKind::Digest => digest(),
        }
    }
}

fn digest() -> Context {
    Context::digest(&DigestValues {
        messages: &[said_by("Ada"), said_by("Cem")],
        count: 2,
        senders: "Ada and Cem",
        text: "Ada: Hello\nCem: Hello",
        recipient: &person("Ben"),
        conversation: Some(&sample("conversation", "")),
    })
}

fn said_by(name: &str) -> Context {
    let mut context = Context::new(
        &sample("message", name),
        &person(name),
        &person("Ben"),
        "Hello",
        &[sample("attachment", "")],
        Some(&sample("conversation", "")),
    );
    context.is_sample = true;
    context
}

fn person(name: &str) -> Identity {
    identity(&sample("person", name))
}

/// One of the objects.
fn sample(object: &str, name: &str) -> Value {
    let objects = json::value(&SAMPLE.replace("NAME", name)).unwrap_or_default();
    objects.get(object).cloned().unwrap_or_default()
}
