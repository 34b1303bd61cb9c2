//! Waiting for what the Worker does, and speaking to it.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use standins::Text;

use crate::{
    support::{Thread, path_segment},
    synapse::{Answer, Api, Person},
    world::{LATE, MatrixWorld},
};

/// The `DELAY` of [`LONG_DELAY`].
const LONG: Duration = Duration::from_secs(3_600);
/// A delay that ends when a test wants ([`MatrixWorld::delay_passes`]).
pub const LONG_DELAY: (&str, &str) = ("DELAY", "1 hour");

impl MatrixWorld {
    pub async fn record(&self, person: &Person) -> Value {
        self.world.record(&path_segment(&person.id)).await
    }

    /// Waits until `done` is true of a user's record.
    pub async fn record_when(&self, person: &Person, done: impl Fn(&Value) -> bool) -> Value {
        self.world
            .record_when(&path_segment(&person.id), done)
            .await
    }

    /// Waits until so many notices of a user wait, and returns the record.
    pub async fn waiting(&self, person: &Person, count: usize) -> Value {
        self.world.waiting(&path_segment(&person.id), count).await
    }

    /// Waits until so many notices of a user wait, and has their delay pass: they are due now.
    pub async fn delay_passes(&mut self, person: &Person, count: usize) {
        self.waiting(person, count).await;
        self.world.advance_clock(LONG).await;
    }

    /// Waits until Nexmo has accepted so many texts, and returns all.
    pub async fn texts(&self, count: usize) -> Vec<Text> {
        let nexmo = &self.world.nexmo;
        match nexmo.wait_for(LATE, |texts| texts.len() >= count).await {
            Ok(texts) => texts,
            Err(_) => panic!("{} of {count} texts", nexmo.texts().len()),
        }
    }

    /// The words of the texts to a user so far.
    pub fn texts_to(&self, person: &Person) -> Vec<String> {
        self.world.texts_to(&self.phone_of(person))
    }

    /// Waits until a user got so many texts and nothing more waits, and returns the words of all.
    pub async fn texted(&self, person: &Person, count: usize) -> Vec<String> {
        let phone = self.phone_of(person);
        let enough =
            |texts: &[Text]| texts.iter().filter(|one| one.phone == phone).count() >= count;
        let outcome = self.world.nexmo.wait_for(LATE, enough).await;
        assert!(
            outcome.is_ok(),
            "{} of {count} texts",
            self.texts_to(person).len()
        );
        self.waiting(person, 0).await;
        self.texts_to(person)
    }

    /// The thread of a room on a user's phone, once a text of it has arrived.
    pub async fn thread(&self, person: &Person, room: &str) -> Thread {
        let is_linked = |record: &Value| link(record, room).is_some();
        let record = self.record_when(person, is_linked).await;
        let link = link(&record, room).unwrap();
        Thread {
            conversation: room.to_owned(),
            number: link["number"].as_str().unwrap().to_owned(),
            phone: self.phone_of(person),
        }
    }

    /// A user answers by text.
    pub async fn reply(&self, thread: &Thread, text: &str) {
        self.world.deliver_reply(&thread.reply(text)).await;
    }

    /// Waits until `reader` sees so many messages of `author` in a room, and returns all of them.
    pub async fn said(
        &self,
        reader: &Person,
        room: &str,
        author: &Person,
        count: usize,
    ) -> Vec<String> {
        let deadline = tokio::time::Instant::now() + LATE;
        loop {
            let messages = reader.messages(room).await.into_iter();
            let of_author = messages.filter(|(sender, _)| *sender == author.id);
            let texts: Vec<String> = of_author.map(|(_, text)| text).collect();
            if texts.len() >= count {
                return texts;
            }
            assert!(tokio::time::Instant::now() < deadline, "only {texts:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// An event as the homeserver pushes it.
    pub async fn event(&self, reader: &Person, room: &str, event: &str) -> Value {
        self.api_as(reader)
            .get(&["rooms", room, "event", event])
            .await
    }

    /// Sends a transaction to the Worker as the homeserver does, and returns the status and body of its answer.
    pub async fn transaction(&self, id: &str, events: &[Value]) -> Answer {
        let worker = Api::new(self.world.worker.url(), &self.service.hs_token);
        let path = ["transactions", id];
        worker
            .ask(
                Method::PUT,
                "/_matrix/app/v1",
                &path,
                &json!({ "events": events }),
            )
            .await
    }
}

fn link<'a>(record: &'a Value, room: &str) -> Option<&'a Value> {
    let is_introduced =
        |link: &&Value| link["conversation_id"] == room && link["introduced"] == true;
    record["links"].as_array()?.iter().find(is_introduced)
}
