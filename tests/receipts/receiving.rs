//! Pushing receipts to the Worker, and looking at what came of them.

use serde_json::Value;
use standins::{Inbound, Text};

use crate::support::{ALICE, BEN, Response, Thread, World};

/// What became of Alice's next message to a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    Texted,
    Dropped(String),
}

impl World {
    /// A user who was texted, and the text.
    pub async fn texted(&self, user: &str) -> (Thread, Text) {
        let thread = self.new_thread(user).await;
        let text = self.last_text(&thread.phone);
        (thread, text)
    }

    /// The last text to a phone.
    pub fn last_text(&self, phone: &str) -> Text {
        let mut texts = self.nexmo.texts().into_iter().rev();
        texts.find(|text| text.phone == phone).unwrap()
    }

    /// Pushes a receipt once to the URL that its text named.
    pub async fn push_receipt(&self, text: &Text, receipt: &Inbound) -> Response {
        let url = text.callback.as_deref().unwrap();
        self.push_to(receipt, url).await
    }

    /// The same, and expects a 200.
    pub async fn receive(&self, text: &Text, receipt: &Inbound) {
        let response = self.push_receipt(text, receipt).await;
        assert_eq!(response.status, 200, "{receipt:?}: {}", response.body);
    }

    /// Nexmo says that the first part of a text was not delivered.
    pub async fn receive_failure(&self, text: &Text, code: u16) {
        let receipt = self.nexmo.receipt(text, 0, "failed", &code.to_string());
        self.receive(text, &receipt).await;
    }

    /// The last verdict on a text to Ben, and why.
    pub async fn verdict(&self) -> (Option<String>, Option<i64>) {
        verdict(&self.record(BEN).await)
    }

    /// Alice writes to a user again; waits until the message is texted or dropped.
    pub async fn next(&self, thread: &Thread, user: &str) -> Next {
        let texts = self.texts_to(&thread.phone).len();
        let dropped = self.entries("notice.dropped").len();
        self.say(&thread.conversation, ALICE, "And now?");
        self.webhooks_delivered().await;
        self.waiting(user, 0).await;
        if self.texts_to(&thread.phone).len() > texts {
            return Next::Texted;
        }
        let entries = self.entries_when("notice.dropped", dropped + 1).await;
        Next::Dropped(entries[dropped]["reason"].as_str().unwrap().to_owned())
    }
}

/// The last verdict on a text of a record's only link, and why.
pub fn verdict(record: &Value) -> (Option<String>, Option<i64>) {
    let last = &record["links"][0]["last_verdict"];
    let word = last["verdict"].as_str().map(ToOwned::to_owned);
    (word, last["code"].as_i64())
}

/// A verdict as [`verdict`] returns it.
pub fn said(word: &str, code: impl Into<Option<i64>>) -> (Option<String>, Option<i64>) {
    (Some(word.to_owned()), code.into())
}
