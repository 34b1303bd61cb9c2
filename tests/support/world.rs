//! The Worker between the stand-ins for Layer and Nexmo, with a few users.

use std::{collections::BTreeMap, time::Duration};

use serde_json::Value;
use standins::{
    Delivery, Event, Hook, HookStatus, Layer, LayerOptions, NewConversation, Nexmo, NexmoOptions,
    Number, Outcome, Reply, Sent, Text, User, Version, layer_signature,
};

use super::worker::{WorkerOptions, WorkerProcess, valid_settings};

/// The time limit for what should happen at once; generous for a busy machine.
pub const SOON: Duration = Duration::from_secs(20);
/// How long to wait before asserting that nothing more happens.
pub const QUIET: Duration = Duration::from_millis(1_500);

pub const ALICE: &str = "alice";
pub const BEN: &str = "ben";
pub const CARA: &str = "cara";
pub const BENS_PHONE: &str = "15550102030";
pub const CARAS_PHONE: &str = "447700900123";
pub const NUMBERS: [&str; 3] = ["12025550101", "12025550102", "12025550103"];

/// A Worker with its stand-ins.
pub struct World {
    pub layer: Layer,
    pub nexmo: Nexmo,
    pub worker: WorkerProcess,
    pub settings: BTreeMap<String, String>,
}

impl World {
    /// Starts everything, runs setup and creates the users. `overrides` replace valid settings; an empty
    /// value means "not set".
    pub async fn with(overrides: &[(&str, &str)]) -> Self {
        Self::with_options(overrides, |_, _, _| {}).await
    }

    /// Like [`World::with`]; `adapt` may change the options of the stand-ins and the Worker.
    pub async fn with_options(
        overrides: &[(&str, &str)],
        adapt: impl FnOnce(&mut LayerOptions, &mut NexmoOptions, &mut WorkerOptions),
    ) -> Self {
        let world = Self::without_setup(overrides, adapt).await;
        let answer = world.setup().await;
        assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
        let active = |hooks: &[Hook]| hooks.iter().any(|hook| hook.status == HookStatus::Active);
        world.layer.wait_for_hooks(SOON, active).await.unwrap();
        world
    }

    /// Like [`World::with_options`], but does not run setup.
    pub async fn without_setup(
        overrides: &[(&str, &str)],
        adapt: impl FnOnce(&mut LayerOptions, &mut NexmoOptions, &mut WorkerOptions),
    ) -> Self {
        let mut options = WorkerOptions::new();
        let (mut layer, mut nexmo) = stand_in_options();
        adapt(&mut layer, &mut nexmo, &mut options);
        let layer = Layer::start(layer).await.unwrap();
        let nexmo = Nexmo::start(nexmo).await.unwrap();
        let mut settings = valid_settings(&options.url(), &layer.url(), &nexmo.url());
        settings.insert("NEXMO_NUMBERS".to_owned(), NUMBERS.join(","));
        for (name, value) in overrides {
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

    /// Sends a request to an admin route, with the bearer token.
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

    /// A user's record, from `GET /admin/users/{user}`.
    pub async fn record(&self, user: &str) -> Value {
        let answer = self
            .admin(reqwest::Method::GET, &format!("/admin/users/{user}"))
            .await;
        assert_eq!(answer.status(), 200);
        answer.json().await.unwrap()
    }

    /// Waits until `done` returns true for a user's record, and returns the record.
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

    /// Waits until so many notices of a user wait, and returns the record.
    pub async fn waiting(&self, user: &str, count: usize) -> Value {
        self.record_when(user, |record| record["notices"]["waiting"] == count)
            .await
    }

    /// The log entries with this name so far, oldest first.
    pub fn entries(&self, message: &str) -> Vec<Value> {
        let entry = |line: String| {
            let (_, entry) = line.split_once(": ")?;
            serde_json::from_str::<Value>(entry)
                .ok()
                .filter(|entry| entry["message"] == message)
        };
        self.worker.logs().into_iter().filter_map(entry).collect()
    }

    /// Waits for `count` log entries with this name, and returns all of them.
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

    /// Waits until `count` notices were dropped, and returns the reasons by conversation.
    pub async fn dropped(&self, count: usize) -> BTreeMap<String, String> {
        let text = |entry: &Value, name: &str| entry[name].as_str().unwrap().to_owned();
        let entries = self.entries_when("notice.dropped", count).await;
        entries
            .iter()
            .map(|one| (text(one, "conversation_id"), text(one, "reason")))
            .collect()
    }

    /// Waits until all of Layer's webhooks so far are delivered.
    pub async fn webhooks_delivered(&self) {
        let settled = |all: &[Delivery]| all.iter().all(|one| one.outcome == Outcome::Delivered);
        if self.layer.wait_for_deliveries(SOON, settled).await.is_err() {
            panic!(
                "a webhook failed; the Worker's log:\n{}",
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

    /// Sends an event to the Worker, even if webhooks are switched off, and expects a 200.
    pub async fn deliver_event(&self, event: &Event) {
        let hook = self.hook();
        let answer = self
            .webhook(&event.body(hook.version, hook.config.as_ref()))
            .await;
        assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
    }

    /// Posts a body to Layer's webhook, with a valid signature.
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

    /// Creates a conversation between these users.
    pub fn conversation(&self, participants: &[&str]) -> String {
        self.layer
            .create_conversation(NewConversation::of(participants))
            .unwrap()
    }

    /// Writes a message as a user.
    pub fn say(&self, conversation: &str, user: &str, text: &str) -> Sent {
        self.layer.say(conversation, user, text).unwrap()
    }

    /// Waits until Nexmo has accepted `count` texts, and returns all of them.
    pub async fn texts(&self, count: usize) -> Vec<Text> {
        match self
            .nexmo
            .wait_for(SOON, |texts| texts.len() >= count)
            .await
        {
            Ok(texts) => texts,
            Err(_) => panic!(
                "{} of {count} texts; the Worker's log:\n{}",
                self.nexmo.texts().len(),
                self.worker.logs().join("\n")
            ),
        }
    }

    /// Sends a text from a phone to a number; Nexmo delivers it in the background.
    pub fn reply(&self, phone: &str, number: &str, text: &str) {
        self.nexmo.reply(&Reply::new(phone, number, text));
    }

    /// Waits until a conversation has `count` messages.
    pub async fn wait_for_messages(&self, conversation: &str, count: usize) {
        let enough = |messages: &[standins::Message]| messages.len() >= count;
        assert!(
            self.layer
                .wait_for(conversation, SOON, enough)
                .await
                .is_ok(),
            "no {count} messages; the Worker's log:\n{}",
            self.worker.logs().join("\n")
        );
    }
}

/// A version of Layer's API by its name in the settings.
pub fn version(name: &str) -> Version {
    Version::named(name).unwrap()
}

/// The options of stand-ins with the account and the application of the valid settings.
pub fn stand_in_options() -> (LayerOptions, NexmoOptions) {
    let settings = valid_settings("", "", "");
    let layer = LayerOptions {
        app_id: settings["LAYER_APP_ID"].clone(),
        token: settings["LAYER_BEARER_TOKEN"].clone(),
        ..LayerOptions::default()
    };
    let nexmo = NexmoOptions {
        key: settings["NEXMO_KEY"].clone(),
        secret: settings["NEXMO_SECRET"].clone(),
        numbers: NUMBERS
            .iter()
            .map(|number| Number::new(number, "US"))
            .collect(),
        ..NexmoOptions::default()
    };
    (layer, nexmo)
}
