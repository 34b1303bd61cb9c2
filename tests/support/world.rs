//! The Worker between its stand-ins, with some people who talk.

use std::{collections::BTreeMap, time::Duration};

use serde_json::Value;
use standins::{
    Delivery, Event, Hook, HookStatus, Layer, LayerOptions, NewConversation, Nexmo, NexmoOptions,
    Number, Outcome, Reply, Sent, Text, User, Version, layer_signature,
};

use super::worker::{WorkerOptions, WorkerProcess, valid_settings};

/// Long enough for anything that should happen at once, on a busy machine.
pub const SOON: Duration = Duration::from_secs(20);
/// Long enough to believe that nothing happens, once what might cause it is over.
pub const QUIET: Duration = Duration::from_millis(1_500);

pub const ALICE: &str = "alice";
pub const BEN: &str = "ben";
pub const CARA: &str = "cara";
pub const BENS_PHONE: &str = "15550102030";
pub const CARAS_PHONE: &str = "447700900123";
pub const NUMBERS: [&str; 3] = ["12025550101", "12025550102", "12025550103"];

/// A whole installation.
pub struct World {
    pub layer: Layer,
    pub nexmo: Nexmo,
    pub worker: WorkerProcess,
    pub settings: BTreeMap<String, String>,
}

impl World {
    /// Starts everything with settings that differ from the valid ones by these, an empty value
    /// standing for "not set", registers the webhook and the numbers, and lets people in.
    pub async fn with(differences: &[(&str, &str)]) -> Self {
        Self::built(differences, |_, _, _| {}).await
    }

    /// The same, with a say in how the stand-ins and the Worker are started.
    pub async fn built(
        differences: &[(&str, &str)],
        adapt: impl FnOnce(&mut LayerOptions, &mut NexmoOptions, &mut WorkerOptions),
    ) -> Self {
        let world = Self::unregistered(differences, adapt).await;
        let answer = world.setup().await;
        assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
        let active = |hooks: &[Hook]| hooks.iter().any(|hook| hook.status == HookStatus::Active);
        world.layer.wait_for_hooks(SOON, active).await.unwrap();
        world
    }

    /// The same, before anything was set up.
    pub async fn unregistered(
        differences: &[(&str, &str)],
        adapt: impl FnOnce(&mut LayerOptions, &mut NexmoOptions, &mut WorkerOptions),
    ) -> Self {
        let mut options = WorkerOptions::new();
        let (mut layer, mut nexmo) = stand_in_options();
        adapt(&mut layer, &mut nexmo, &mut options);
        let layer = Layer::start(layer).await.unwrap();
        let nexmo = Nexmo::start(nexmo).await.unwrap();
        let mut settings = valid_settings(&options.url(), &layer.url(), &nexmo.url());
        settings.insert("NEXMO_NUMBERS".to_owned(), NUMBERS.join(","));
        for (name, value) in differences {
            settings.insert((*name).to_owned(), (*value).to_owned());
        }
        options.settings.clone_from(&settings);
        let worker = WorkerProcess::start(options).await;
        layer.create_user(User::new(ALICE, "Alice", "+1 (555) 010-1010"));
        layer.create_user(User::new(BEN, "Ben", "+1 (555) 010-2030"));
        layer.create_user(User::new(CARA, "Cara", "00447700900123"));
        Self {
            layer,
            nexmo,
            worker,
            settings,
        }
    }

    /// `POST /admin/setup`.
    pub async fn setup(&self) -> reqwest::Response {
        self.admin(reqwest::Method::POST, "/admin/setup").await
    }

    /// Any admin route, with the bearer token.
    pub async fn admin(&self, method: reqwest::Method, path: &str) -> reqwest::Response {
        let token = self.settings.get("ADMIN_TOKEN").unwrap();
        let url = format!("{}{path}", self.worker.url());
        reqwest::Client::new()
            .request(method, url)
            .bearer_auth(token)
            .send()
            .await
            .unwrap()
    }

    /// The user's record, as the operator sees it.
    pub async fn record(&self, user: &str) -> Value {
        let answer = self
            .admin(reqwest::Method::GET, &format!("/admin/users/{user}"))
            .await;
        assert_eq!(answer.status(), 200);
        answer.json().await.unwrap()
    }

    /// Waits until a user's record is as it should be, and returns it.
    pub async fn record_when(&self, user: &str, done: impl Fn(&Value) -> bool) -> Value {
        let deadline = tokio::time::Instant::now() + SOON;
        loop {
            let record = self.record(user).await;
            if done(&record) {
                return record;
            }
            assert!(
                tokio::time::Instant::now() < deadline,
                "{user}'s record stayed {record:#}"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What the Worker has logged so far under a name, oldest first.
    pub fn entries(&self, message: &str) -> Vec<Value> {
        let entry = |line: String| {
            let (_, entry) = line.split_once(": ")?;
            serde_json::from_str::<Value>(entry)
                .ok()
                .filter(|entry| entry["message"] == message)
        };
        self.worker.logs().into_iter().filter_map(entry).collect()
    }

    /// Waits until the Worker has logged so much under a name, and returns all of it.
    pub async fn entries_when(&self, message: &str, count: usize) -> Vec<Value> {
        let deadline = tokio::time::Instant::now() + SOON;
        loop {
            let entries = self.entries(message);
            if entries.len() >= count {
                return entries;
            }
            let logs = || self.worker.logs().join("\n");
            assert!(
                tokio::time::Instant::now() < deadline,
                "no {count} {message}:\n{}",
                logs()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until so many notices were dropped, and returns each conversation with the reason.
    pub async fn dropped(&self, count: usize) -> BTreeMap<String, String> {
        let text = |entry: &Value, name: &str| entry[name].as_str().unwrap().to_owned();
        let entries = self.entries_when("notice.dropped", count).await;
        entries
            .iter()
            .map(|one| (text(one, "conversation_id"), text(one, "reason")))
            .collect()
    }

    /// Waits until the Worker has answered every webhook call so far with success.
    pub async fn heard(&self) {
        let settled = |all: &[Delivery]| all.iter().all(|one| one.outcome == Outcome::Delivered);
        if self.layer.wait_for_deliveries(SOON, settled).await.is_err() {
            panic!(
                "a webhook call failed; the Worker said:\n{}",
                self.worker.logs().join("\n")
            );
        }
    }

    /// The webhook that the Worker has registered.
    pub fn hook(&self) -> Hook {
        self.layer
            .hooks()
            .into_iter()
            .find(|hook| hook.status == HookStatus::Active)
            .unwrap()
    }

    /// Sends one event to the Worker, whether webhooks are called or not, and sees it stored.
    pub async fn deliver(&self, event: &Event) {
        let hook = self.hook();
        let answer = self
            .webhook(&event.body(hook.version, hook.config.as_ref()))
            .await;
        assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
    }

    /// Posts a body as Layer signs it.
    pub async fn webhook(&self, body: &str) -> reqwest::Response {
        let signature = layer_signature(&self.settings["LAYER_WEBHOOK_SECRET"], body);
        let url = format!("{}/nexmo-new-message", self.worker.url());
        let request = reqwest::Client::new().post(url).body(body.to_owned());
        request
            .header("layer-webhook-signature", signature)
            .send()
            .await
            .unwrap()
    }

    /// A conversation between these users.
    pub fn conversation(&self, participants: &[&str]) -> String {
        self.layer
            .create_conversation(NewConversation::of(participants))
            .unwrap()
    }

    /// Somebody writes.
    pub fn say(&self, conversation: &str, user: &str, text: &str) -> Sent {
        self.layer.say(conversation, user, text).unwrap()
    }

    /// Waits until so many texts were accepted, and returns all of them.
    pub async fn texts(&self, count: usize) -> Vec<Text> {
        match self
            .nexmo
            .wait_for(SOON, |texts| texts.len() >= count)
            .await
        {
            Ok(texts) => texts,
            Err(_) => panic!(
                "{} of {count} texts; the Worker said:\n{}",
                self.nexmo.texts().len(),
                self.worker.logs().join("\n")
            ),
        }
    }

    /// Somebody texts back from a phone to a number, as Nexmo delivers it.
    pub fn reply(&self, phone: &str, number: &str, text: &str) {
        self.nexmo.reply(&Reply::new(phone, number, text));
    }

    /// Waits until a conversation holds so many messages, and returns their senders and texts.
    pub async fn messages(&self, conversation: &str, count: usize) -> Vec<(String, String)> {
        let enough = |messages: &[standins::Message]| messages.len() >= count;
        match self.layer.wait_for(conversation, SOON, enough).await {
            Ok(messages) => messages
                .iter()
                .map(|one| (one.sender.user().unwrap_or_default().to_owned(), one.text()))
                .collect(),
            Err(_) => panic!(
                "no {count} messages; the Worker said:\n{}",
                self.worker.logs().join("\n")
            ),
        }
    }
}

/// The version of Layer's API that a test's settings name.
pub fn version(name: &str) -> Version {
    Version::named(name).unwrap()
}

fn stand_in_options() -> (LayerOptions, NexmoOptions) {
    let some = valid_settings("", "", "");
    let layer = LayerOptions {
        app_id: some["LAYER_APP_ID"].clone(),
        token: some["LAYER_BEARER_TOKEN"].clone(),
        ..LayerOptions::default()
    };
    let nexmo = NexmoOptions {
        key: some["NEXMO_KEY"].clone(),
        secret: some["NEXMO_SECRET"].clone(),
        numbers: NUMBERS
            .iter()
            .map(|number| Number::new(number, "US"))
            .collect(),
        ..NexmoOptions::default()
    };
    (layer, nexmo)
}
