//! A homeserver for tests, which answers at once.

use std::{
    cell::RefCell,
    future::ready,
    pin::pin,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use serde_json::{Value, json};

use super::{account::homeserver, chat::MatrixChat};
use crate::{
    chat::recheck::When,
    http::{Call, Http, HttpRequest, HttpResponse, NoResponse},
    time::{Span, Timestamp},
};

/// Now.
pub const NOON: Timestamp = Timestamp::from_millis(1_795_694_400_000);
/// Now, with half a minute for the answer.
pub const SOON: When = When {
    now: NOON,
    deadline: Timestamp::from_millis(1_795_694_430_000),
};

/// A homeserver that answers each request with what the first matching part of its URL says.
pub struct Fake {
    answers: Vec<(&'static str, HttpResponse)>,
    asked: RefCell<Vec<String>>,
}

impl Http for Fake {
    fn call(&self, request: HttpRequest, _: Timestamp) -> Call<'_> {
        self.asked.borrow_mut().push(request.url.clone());
        let mut answers = self.answers.iter();
        let answer = answers.find(|(part, _)| request.url.contains(part));
        let silence = HttpResponse::Missing(NoResponse::Timeout);
        let answer = answer.map_or(silence, |(_, answer)| answer.clone());
        Box::pin(ready(answer))
    }
}

impl Fake {
    /// With these answers, two members and an end of the notifications.
    pub fn with(answers: Vec<(&'static str, HttpResponse)>) -> Self {
        let mut all = answers;
        all.extend([
            (
                "joined_members",
                ok(&json!({"joined": {"@bob:localtest": {}, "@ada:localtest": {}}})),
            ),
            ("from=2", page(&[], None)),
        ]);
        Self {
            answers: all,
            asked: RefCell::default(),
        }
    }

    /// How often a URL with this part was asked for.
    pub fn count(&self, part: &str) -> usize {
        let asked = self.asked.borrow();
        asked.iter().filter(|url| url.contains(part)).count()
    }
}

pub fn ok(body: &Value) -> HttpResponse {
    response(200, body)
}

pub fn response(status: u16, body: &Value) -> HttpResponse {
    let body = body.to_string();
    HttpResponse::Received { status, body }
}

/// A page of notifications: message, whether it is read, and how long ago it came.
pub fn page(entries: &[(&str, bool, Span)], next: Option<&str>) -> HttpResponse {
    let entry = |(id, read, ago): &(&str, bool, Span)| json!({"event": {"event_id": id}, "read": read, "ts": (NOON - *ago).as_millis()});
    let entries: Vec<Value> = entries.iter().map(entry).collect();
    ok(&json!({ "notifications": entries, "next_token": next }))
}

pub fn says(text: &str) -> HttpResponse {
    ok(&json!({"content": {"msgtype": "m.text", "body": text}}))
}

/// The stored JSON of a message that was sent and arrived so long ago.
pub fn stored(sent: Span, arrived: Span) -> String {
    let moment = |ago: Span| {
        let moment = chrono::DateTime::from_timestamp_millis((NOON - ago).as_millis());
        moment.unwrap().to_rfc3339()
    };
    json!({"sent_at": moment(sent), "received_at": moment(arrived)}).to_string()
}

pub fn run<T>(future: impl Future<Output = T>) -> T {
    let polled = pin!(future).poll(&mut Context::from_waker(Waker::noop()));
    let Poll::Ready(result) = polled else {
        panic!("the fake answers at once")
    };
    result
}

pub fn chat() -> MatrixChat {
    MatrixChat {
        homeserver: homeserver(),
        largest: 50,
        members: Rc::default(),
    }
}
