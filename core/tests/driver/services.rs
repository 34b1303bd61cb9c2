//! The chat and Nexmo as one attempt sees them. Every message is unread; texts and posts are answered as a
//! test says.

use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    task::Poll,
};

use serde_json::Value;
use texting::http::{HttpRequest, HttpResponse, Method};

/// What becomes of texts and posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Accepted,
    Refused,
    /// Nexmo takes no more texts for now.
    Throttled,
    /// There is none.
    Silence,
}

pub struct Services {
    pub answer: Cell<Answer>,
    /// The message of each text that arrived at Nexmo.
    texts: RefCell<Vec<String>>,
    /// What each post that arrived at the chat says.
    posts: RefCell<Vec<String>>,
}

impl Services {
    pub fn new() -> Self {
        Self {
            answer: Cell::new(Answer::Silence),
            texts: RefCell::default(),
            posts: RefCell::default(),
        }
    }

    pub fn texts(&self) -> Vec<String> {
        self.texts.borrow().clone()
    }

    pub fn posts(&self) -> Vec<String> {
        self.posts.borrow().clone()
    }

    pub async fn call(&self, request: HttpRequest) -> HttpResponse {
        if request.method == Method::Get {
            return received(200, r#"{"recipient_status":{"ben":"sent"}}"#);
        }
        let body = request.body.unwrap_or_default();
        if request.url.ends_with("/sms/json") {
            self.texts.borrow_mut().push(message_of(&body));
            return match self.answer().await {
                Answer::Refused => received(200, r#"{"messages":[{"status":"7"}]}"#),
                Answer::Throttled => received(200, r#"{"messages":[{"status":"1"}]}"#),
                _ => received(200, r#"{"messages":[{"status":"0"}]}"#),
            };
        }
        self.posts.borrow_mut().push(text_of(&body));
        match self.answer().await {
            Answer::Refused => received(422, "{}"),
            _ => received(201, "{}"),
        }
    }

    /// Waits until there is an answer.
    async fn answer(&self) -> Answer {
        poll_fn(|_| match self.answer.get() {
            Answer::Silence => Poll::Pending,
            answer => Poll::Ready(answer),
        })
        .await
    }
}

fn received(status: u16, body: &str) -> HttpResponse {
    HttpResponse::Received {
        status,
        body: body.to_owned(),
    }
}

/// A message says its own id, and a text ends with what its message says.
fn message_of(form: &str) -> String {
    let mut fields = form_urlencoded::parse(form.as_bytes());
    let (_, text) = fields.find(|(name, _)| name == "text").unwrap();
    text.rsplit(' ').next().unwrap().to_owned()
}

fn text_of(post: &str) -> String {
    let post: Value = serde_json::from_str(post).unwrap();
    post["parts"][0]["body"].as_str().unwrap().to_owned()
}
