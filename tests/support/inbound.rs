//! Inbound texts, as Nexmo delivers them, and the replies that come of them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::Method;
use serde_json::Value;
use standins::{Answer, Inbound, Message, Reply};

use super::world::{ALICE, SOON, World};

/// A user's thread: a conversation, the number its texts come from and the phone they go to.
#[derive(Clone, Debug)]
pub struct Thread {
    pub conversation: String,
    pub number: String,
    pub phone: String,
}

impl Thread {
    /// A reply by the user.
    pub fn reply(&self, text: &str) -> Reply {
        Reply::new(&self.phone, &self.number, text)
    }
}

impl World {
    /// A world in which an unread message is texted at once.
    pub async fn without_delay(overrides: &[(&str, &str)]) -> Self {
        Self::with(&[&[("DELAY", "0")], overrides].concat()).await
    }

    /// Alice writes to a user in a new conversation; waits until the user is texted.
    pub async fn new_thread(&self, user: &str) -> Thread {
        let conversation = self.conversation(&[ALICE, user]);
        self.thread_in(&conversation, user).await
    }

    /// Alice writes to a user in this conversation; waits until the user is texted.
    pub async fn thread_in(&self, conversation: &str, user: &str) -> Thread {
        let before = self.nexmo.texts().len();
        self.say(conversation, ALICE, "Are you there?");
        let idle = |record: &Value| record["notices"]["waiting"] == 0;
        self.texts(before + 1).await;
        let linked = |record: &Value| idle(record) && link(record, conversation).is_some();
        let record = self.record_when(&path_segment(user), linked).await;
        let link = link(&record, conversation).unwrap();
        let text = |name: &str| link[name].as_str().unwrap().to_owned();
        Thread {
            conversation: conversation.to_owned(),
            number: text("number"),
            phone: text("phone"),
        }
    }

    /// The URL to which Nexmo delivers the texts to a number.
    pub fn inbound_url(&self, number: &str) -> String {
        let numbers = self.nexmo.numbers();
        let number = numbers.iter().find(|one| one.msisdn == number).unwrap();
        number.mo_http_url.clone().unwrap()
    }

    /// Delivers a text, or one part of a text, once; returns the status of the response.
    pub async fn push(&self, inbound: &Inbound) -> u16 {
        let url = self.inbound_url(inbound.param("to").unwrap());
        self.push_to(inbound, &url).await.status
    }

    /// Delivers a text to another URL.
    pub async fn push_to(&self, inbound: &Inbound, url: &str) -> Response {
        match self.nexmo.push(inbound, url).await {
            Answer::Status(status, body) => Response { status, body },
            other => panic!("{other:?}"),
        }
    }

    /// Delivers all parts of a reply and expects a 200 for each.
    pub async fn deliver_reply(&self, reply: &Reply) {
        for inbound in self.nexmo.inbound(reply) {
            assert_eq!(self.push(&inbound).await, 200, "{inbound:?}");
        }
    }

    /// Waits until `count` replies are posted into a conversation, and returns them.
    pub async fn posted(&self, conversation: &str, count: usize) -> Vec<Message> {
        self.posted_within(conversation, count, SOON).await
    }

    /// Like [`World::posted`], with another time limit.
    pub async fn posted_within(
        &self,
        conversation: &str,
        count: usize,
        limit: Duration,
    ) -> Vec<Message> {
        let replies = |all: &[Message]| all.iter().filter(|one| one.platform).count();
        match self
            .layer
            .wait_for(conversation, limit, |all| replies(all) >= count)
            .await
        {
            Ok(all) => all.into_iter().filter(|one| one.platform).collect(),
            Err(_) => panic!(
                "no {count} replies; the Worker's log:\n{}",
                self.worker.logs().join("\n")
            ),
        }
    }

    /// Like [`World::posted`], but returns their texts.
    pub async fn posted_texts(&self, conversation: &str, count: usize) -> Vec<String> {
        self.posted(conversation, count)
            .await
            .iter()
            .map(Message::text)
            .collect()
    }

    /// The texts that a phone received.
    pub fn texts_to(&self, phone: &str) -> Vec<String> {
        let texts = self.nexmo.texts();
        texts
            .into_iter()
            .filter(|text| text.phone == phone)
            .map(|text| text.text)
            .collect()
    }

    /// Restarts the Worker with some settings changed.
    pub async fn redeploy(&mut self, overrides: &[(&str, &str)]) {
        for (name, value) in overrides {
            self.settings
                .insert((*name).to_owned(), (*value).to_owned());
        }
        self.worker.restart_with(self.settings.clone()).await;
    }
}

fn link<'a>(record: &'a Value, conversation: &str) -> Option<&'a Value> {
    let of_it = |link: &&Value| link["conversation_id"] == conversation;
    let links = record["links"].as_array()?;
    links
        .iter()
        .find(of_it)
        .filter(|link| link["introduced"] == true && link["phone"].is_string())
}

/// A response that was read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    pub body: String,
}

/// Sends a request without a body.
pub async fn fetch(method: Method, url: &str) -> Response {
    let answer = reqwest::Client::new()
        .request(method, url)
        .send()
        .await
        .unwrap();
    Response {
        status: answer.status().as_u16(),
        body: answer.text().await.unwrap(),
    }
}

/// Checks that each of the methods is answered with 405 and the methods that are allowed.
pub async fn assert_refused(methods: &[Method], url: &str, allowed: &str) {
    for method in methods {
        let answer = reqwest::Client::new()
            .request(method.clone(), url)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 405, "{method}");
        assert_eq!(answer.headers()["allow"], allowed);
    }
}

/// A user id, percent-encoded for use in a path.
pub fn path_segment(user: &str) -> String {
    let mut url = reqwest::Url::parse("http://localhost").unwrap();
    url.path_segments_mut().unwrap().push(user);
    url.path().trim_start_matches('/').to_owned()
}

/// The time `seconds` ago, in milliseconds since 1970.
#[expect(clippy::disallowed_methods, reason = "a test does not run on wasm")]
pub fn seconds_ago(seconds: i64) -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(now.as_millis()).unwrap() - seconds * 1_000
}
