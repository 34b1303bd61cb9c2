//! Layer and Nexmo: what they are asked, and what they answer.

use std::{cell::RefCell, collections::BTreeMap};

use serde_json::{Value, json};
use texting::http::{HttpRequest, HttpResponse, NoResponse};

pub struct Services {
    /// What Layer says of a message, by its id. `None`: nothing in time.
    pub messages: RefCell<BTreeMap<String, Option<Value>>>,
    /// The HTTP status with which Nexmo answers texts.
    pub nexmo: RefCell<u16>,
    /// The words with which Nexmo throttles texts, if it does.
    pub throttles: RefCell<Option<&'static str>>,
    /// Whether Layer fails to mark what was read.
    pub refuses_marks: RefCell<bool>,
    /// The bodies of the requests to mark what was read.
    marks: RefCell<Vec<String>>,
    /// All requests, as `GET …/m1`.
    asked: RefCell<Vec<String>>,
    texts: RefCell<Vec<BTreeMap<String, String>>>,
}

impl Services {
    pub fn new() -> Self {
        Self {
            messages: RefCell::default(),
            nexmo: RefCell::new(200),
            throttles: RefCell::default(),
            refuses_marks: RefCell::new(false),
            marks: RefCell::default(),
            asked: RefCell::default(),
            texts: RefCell::default(),
        }
    }

    /// How often Layer was asked about messages.
    pub fn rechecks(&self) -> usize {
        self.count("/messages/")
    }

    /// How many requests went to a path.
    pub fn count(&self, path: &str) -> usize {
        self.asked
            .borrow()
            .iter()
            .filter(|it| it.contains(path))
            .count()
    }

    /// The fields of the texts that Nexmo got.
    pub fn texts(&self) -> Vec<BTreeMap<String, String>> {
        self.texts.borrow().clone()
    }

    /// The bodies of the requests to mark what was read.
    pub fn marks(&self) -> Vec<String> {
        self.marks.borrow().clone()
    }

    pub fn call(&self, request: &HttpRequest) -> HttpResponse {
        self.asked.borrow_mut().push(request.url.clone());
        let last = request.url.rsplit('/').next().unwrap_or_default();
        if request.url.contains("/messages/") {
            let known = self.messages.borrow().get(last).cloned();
            return match known {
                Some(None) => HttpResponse::Missing(NoResponse::Timeout),
                Some(Some(message)) => received(200, &message),
                None => received(200, &json!({ "recipient_status": { "ben": "sent" } })),
            };
        }
        if last == "mark_all_read" {
            let body = request.body.clone().unwrap_or_default();
            self.marks.borrow_mut().push(body);
            let status = if *self.refuses_marks.borrow() {
                500
            } else {
                202
            };
            return received(status, &Value::Null);
        }
        if request.url.contains("/conversations/") {
            return received(200, &json!({ "metadata": { "title": "Lunch" } }));
        }
        let form = request.body.clone().unwrap_or_default();
        let form = form_urlencoded::parse(form.as_bytes())
            .into_owned()
            .collect();
        self.texts.borrow_mut().push(form);
        if let Some(words) = *self.throttles.borrow() {
            let throttled = json!({ "status": "1", "error-text": words });
            return received(200, &json!({ "messages": [throttled] }));
        }
        match *self.nexmo.borrow() {
            200 => received(200, &json!({ "messages": [{ "status": "0" }] })),
            status => received(status, &Value::Null),
        }
    }
}

fn received(status: u16, body: &Value) -> HttpResponse {
    HttpResponse::Received {
        status,
        body: body.to_string(),
    }
}
