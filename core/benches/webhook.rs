//! A webhook of 2 KB, from its bytes to the events for the records that it concerns.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a benchmark fails by panicking"
)]

use divan::{Bencher, black_box};
use serde_json::json;
use texting::{
    chat::{event::ChatEvent, status::ReportOn},
    fan_out::{Concerns, fan_out},
    layer::{
        event::{self, Received},
        signature,
    },
};

const KEY: &[u8] = b"bench-layer-webhook-secret";
const SIZE: usize = 2_048;
const EVERYTHING: Concerns = Concerns {
    report_on: ReportOn {
        sent: true,
        delivered: true,
    },
    largest_conversation: None,
};

fn main() {
    divan::main();
}

/// A `message.sent` of API 1.0 to one recipient, filled up to its size.
fn webhook() -> Vec<u8> {
    let with = |text: &str| {
        let body = json!({
            "event": {
                "created_at": "2026-11-24T20:34:48.042Z", "type": "message.sent",
                "id": "c12f340d-3b62-4cf1-9b93-ef4d754cfe69", "actor": { "user_id": "ann" },
            },
            "message": {
                "id": "layer:///messages/940de862-3c96-11e4-baad-164230d1df67",
                "url": "https://api.layer.com/apps/5c1a9b0e-6f0d-4a57-9d0b-2f6f3c1d7e42/messages/940de862-3c96-11e4-baad-164230d1df67",
                "conversation": {
                    "id": "layer:///conversations/e67b5da2-95ca-40c4-bfc5-a2a8baaeb50f",
                    "url": "https://api.layer.com/apps/5c1a9b0e-6f0d-4a57-9d0b-2f6f3c1d7e42/conversations/e67b5da2-95ca-40c4-bfc5-a2a8baaeb50f",
                },
                "parts": [{ "mime_type": "text/plain", "body": text }],
                "sent_at": "2026-11-24T20:34:48.042Z",
                "sender": { "user_id": "ann", "name": null },
                "recipient_status": { "ann": "read", "ben": "sent" },
            },
        });
        body.to_string().into_bytes()
    };
    let rest = SIZE - with("").len();
    with(
        &"Are you coming tonight? "
            .repeat(SIZE)
            .chars()
            .take(rest)
            .collect::<String>(),
    )
}

#[divan::bench]
fn verify(bencher: Bencher) {
    let body = webhook();
    let given = signature::sign(&body, KEY);
    bencher.bench_local(|| assert!(signature::verify(black_box(&body), Some(&given), KEY)));
}

#[divan::bench]
fn parse(bencher: Bencher) {
    let body = webhook();
    bencher.bench_local(|| event::read(black_box(&body), "Nexmo Integration"));
}

#[divan::bench]
fn verify_and_parse(bencher: Bencher) {
    let body = webhook();
    let given = signature::sign(&body, KEY);
    bencher.bench_local(|| -> Received {
        assert!(signature::verify(black_box(&body), Some(&given), KEY));
        event::read(&body, "Nexmo Integration").unwrap()
    });
}

fn event_in(body: &[u8]) -> ChatEvent {
    match event::read(body, "Nexmo Integration").unwrap() {
        Received::Event(event) => event,
        Received::Ignored(why) => panic!("{why}"),
    }
}

/// The rest of the way: what goes to the recipient's object.
#[divan::bench]
fn events_as_json(bencher: Bencher) {
    let body = webhook();
    bencher
        .with_inputs(|| event_in(&body))
        .bench_local_values(|event| {
            let events = fan_out(event, EVERYTHING);
            events
                .iter()
                .map(|one| serde_json::to_string(&one.event).unwrap().len())
                .sum::<usize>()
        });
}
