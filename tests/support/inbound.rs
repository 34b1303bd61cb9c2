//! Texts from phones to the numbers, as Nexmo pushes them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::Method;
use serde_json::Value;
use standins::{Answer, Inbound, Message, Reply};

use super::world::{ALICE, SOON, World};

/// A user's thread: a conversation, and where its texts come from and go to.
#[derive(Clone, Debug)]
pub struct Thread {
    pub conversation: String,
    pub number: String,
    pub phone: String,
}

impl Thread {
    /// What its user texts back.
    pub fn reply(&self, text: &str) -> Reply {
        Reply::new(&self.phone, &self.number, text)
    }
}

impl World {
    /// An installation in which an unread message is texted at once.
    pub async fn quick(differences: &[(&str, &str)]) -> Self {
        Self::with(&[&[("DELAY", "0")], differences].concat()).await
    }

    /// Alice has written to a user in a conversation of their own, and the user was texted.
    pub async fn texted(&self, user: &str) -> Thread {
        let conversation = self.conversation(&[ALICE, user]);
        self.text_again(&conversation, user).await
    }

    /// Alice has written to a user in this conversation, and the user was texted.
    pub async fn text_again(&self, conversation: &str, user: &str) -> Thread {
        let before = self.nexmo.texts().len();
        self.say(conversation, ALICE, "Are you there?");
        let idle = |record: &Value| record["notices"]["waiting"] == 0;
        self.texts(before + 1).await;
        let linked = |record: &Value| idle(record) && link(record, conversation).is_some();
        let record = self.record_when(&segment(user), linked).await;
        let link = link(&record, conversation).unwrap();
        let text = |name: &str| link[name].as_str().unwrap().to_owned();
        Thread {
            conversation: conversation.to_owned(),
            number: text("number"),
            phone: text("phone"),
        }
    }

    /// Where Nexmo delivers the texts to a number.
    pub fn inbound_url(&self, number: &str) -> String {
        let numbers = self.nexmo.numbers();
        let number = numbers.iter().find(|one| one.msisdn == number).unwrap();
        number.mo_http_url.clone().unwrap()
    }

    /// Pushes a text, or a part of one, once and answers with the status.
    pub async fn push(&self, inbound: &Inbound) -> u16 {
        let url = self.inbound_url(inbound.param("to").unwrap());
        self.push_to(inbound, &url).await.0
    }

    /// Pushes to another address; the answer's status and body.
    pub async fn push_to(&self, inbound: &Inbound, url: &str) -> (u16, String) {
        match self.nexmo.push(inbound, url).await {
            Answer::Status(status, body) => (status, body),
            other => panic!("{other:?}"),
        }
    }

    /// A text comes in, part after part, and is taken.
    pub async fn hear(&self, reply: &Reply) {
        for inbound in self.nexmo.inbound(reply) {
            assert_eq!(self.push(&inbound).await, 200, "{inbound:?}");
        }
    }

    /// The messages that came into a conversation by text, once there are so many.
    pub async fn posted(&self, conversation: &str, count: usize) -> Vec<Message> {
        self.posted_within(conversation, count, SOON).await
    }

    /// The same with another limit.
    pub async fn posted_within(
        &self,
        conversation: &str,
        count: usize,
        limit: Duration,
    ) -> Vec<Message> {
        let by_text = |all: &[Message]| all.iter().filter(|one| one.platform).count();
        match self
            .layer
            .wait_for(conversation, limit, |all| by_text(all) >= count)
            .await
        {
            Ok(all) => all.into_iter().filter(|one| one.platform).collect(),
            Err(_) => panic!(
                "no {count} replies; the Worker said:\n{}",
                self.worker.logs().join("\n")
            ),
        }
    }

    /// What those messages say.
    pub async fn posted_texts(&self, conversation: &str, count: usize) -> Vec<String> {
        self.posted(conversation, count)
            .await
            .iter()
            .map(Message::text)
            .collect()
    }

    /// The texts that reached a phone.
    pub fn texts_to(&self, phone: &str) -> Vec<String> {
        let texts = self.nexmo.texts();
        texts
            .into_iter()
            .filter(|text| text.phone == phone)
            .map(|text| text.text)
            .collect()
    }

    /// Starts the Worker again with these settings changed.
    pub async fn redeploy(&mut self, differences: &[(&str, &str)]) {
        for (name, value) in differences {
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

/// Any request; the answer's status and body.
pub async fn ask(method: Method, url: &str) -> (u16, String) {
    let answer = reqwest::Client::new()
        .request(method, url)
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// A user id as one segment of a path.
pub fn segment(user: &str) -> String {
    let mut url = reqwest::Url::parse("http://localhost").unwrap();
    url.path_segments_mut().unwrap().push(user);
    url.path().trim_start_matches('/').to_owned()
}

/// So many seconds ago, in milliseconds since 1970.
#[expect(clippy::disallowed_methods, reason = "a test does not run on wasm")]
pub fn ago(seconds: i64) -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(now.as_millis()).unwrap() - seconds * 1_000
}
