//! What becomes of a message between the claim and the request to Nexmo: pure rules over few values.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "a benchmark fails by panicking"
)]

use divan::{Bencher, black_box};
use texting::{
    ids::ConversationId,
    phone::{Number, Phone},
    record::{
        allocation::{Allocation, allocate},
        tables::links::Link,
    },
    sms::gsm,
    template::{Context, Template, TemplateKind},
    time::{SECOND, Timestamp},
};

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

fn main() {
    divan::main();
}

fn number(index: usize) -> Number {
    Number::from_digits(format!("1202555{index:04}"))
}

/// So many links, all in force but the last, and their numbers.
fn links(count: usize) -> (Vec<Link>, Vec<Number>) {
    let link = |index: usize| Link {
        number: number(index),
        conversation_id: ConversationId::new(format!("{index:08x}-0000-4000-8000-000000000000")),
        expires_at: if index + 1 == count {
            NOW - SECOND
        } else {
            NOW + SECOND
        },
        introduced: true,
        perhaps_texted: false,
        retired: false,
        phone: Some(Phone::from_digits("15550102030")),
        phone_perhaps: None,
        phone_pending: None,
        claimed_until: None,
        heard_at: None,
        shown: None,
    };
    (
        (0..count).map(link).collect(),
        (0..count).map(number).collect(),
    )
}

/// The last number is taken over: every other one has to be looked at.
#[divan::bench(args = [3, 30])]
fn allocate_a_number(bencher: Bencher, count: usize) {
    let (links, numbers) = links(count);
    let newcomer = ConversationId::new("a conversation without a link");
    bencher.bench_local(|| -> Allocation { allocate(black_box(&links), &newcomer, &numbers, NOW) });
}

#[divan::bench]
fn render_the_template(bencher: Bencher) {
    let template =
        Template::compile("<%= sender.name %>: <%= text %>", TemplateKind::Text).unwrap();
    let context = Context::sample(TemplateKind::Text);
    bencher.bench_local(|| template.render(black_box(&context)).unwrap());
}

#[divan::bench(args = ["one part", "six parts", "cut", "unicode"])]
fn count_the_parts(bencher: Bencher, kind: &str) {
    let text = match kind {
        "one part" => "Alice: are you coming tonight?".to_owned(),
        "six parts" => "Alice: are you coming {tonight}? ".repeat(24),
        "cut" => "Alice: are you coming {tonight}? ".repeat(62),
        _ => "Алиса: ты придёшь вечером? 🎂 ".repeat(10),
    };
    bencher.bench_local(|| gsm::sms(black_box(&text)));
}
