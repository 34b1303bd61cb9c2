//! This Worker on the state of the first release, between stand-ins that hold what those of the first release held.

use std::{
    collections::BTreeMap,
    env,
    ops::{Deref, DerefMut},
    path::PathBuf,
    time::Duration,
};

use reqwest::Method;
use serde_json::Value;
use standins::{Layer, Nexmo};
use tempfile::TempDir;

use super::{
    fixture::{self, Fixture, inbound},
    people::{everybody, phone, settings},
    state,
};
use crate::support::{
    Thread, WorkerOptions, WorkerProcess, World, path_segment, seconds_ago, stand_in_options,
    valid_settings,
};

/// The folder of the first release's build, if there is one.
pub fn first_release() -> Option<PathBuf> {
    env::var_os("FIRST_RELEASE").map(PathBuf::from)
}

/// What keeps a Worker and its stand-ins in a test.
pub struct Upgraded {
    pub world: World,
    pub fixture: Fixture,
    /// How much later everything is than in the fixture, in milliseconds.
    pub moved: i64,
    /// Kept until the test ends, when it is deleted.
    _folder: TempDir,
}

impl Deref for Upgraded {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

impl DerefMut for Upgraded {
    fn deref_mut(&mut self) -> &mut World {
        &mut self.world
    }
}

/// How a Worker begins on a state.
pub struct Beginning {
    pub layer: Layer,
    pub nexmo: Nexmo,
    pub options: WorkerOptions,
}

impl Beginning {
    /// Stand-ins that hold what the fixture says, and the options of a Worker between them, whose state is in a folder.
    pub async fn between_stand_ins(fixture: &Fixture, folder: PathBuf) -> Self {
        let (layer, nexmo) = stand_in_options();
        let layer = Layer::start(layer).await.unwrap();
        let nexmo = Nexmo::start(nexmo).await.unwrap();
        everybody()
            .into_iter()
            .for_each(|user| layer.create_user(user));
        layer.hold(fixture.conversations(), fixture.messages());
        let mut options = WorkerOptions::new();
        options.persist = Some(folder);
        options.settings = valid_settings(&options.url(), &layer.url(), &nexmo.url());
        for (name, value) in settings("1 hour") {
            options.settings.insert(name.to_owned(), value);
        }
        Self {
            layer,
            nexmo,
            options,
        }
    }

    /// Starts the Worker and runs setup.
    pub async fn start(self) -> World {
        let settings = self.options.settings.clone();
        let world = World {
            layer: self.layer,
            nexmo: self.nexmo,
            worker: WorkerProcess::start(self.options).await,
            settings,
        };
        assert_eq!(world.setup().await.status(), 200);
        world
    }
}

/// This Worker, started as soon as the first release was killed.
pub async fn at_once() -> Upgraded {
    after(Duration::ZERO).await
}

/// This Worker, started so long after the first release was killed.
pub async fn after(time: Duration) -> Upgraded {
    prepared(time, |_| {}).await
}

/// The same; `prepare` may change what the chat, Nexmo and the settings are before the Worker starts.
pub async fn prepared(time: Duration, prepare: impl FnOnce(&mut Beginning)) -> Upgraded {
    let fixture = Fixture::read();
    let folder = tempfile::tempdir().unwrap();
    let mut beginning = Beginning::between_stand_ins(&fixture, folder.path().to_owned()).await;
    prepare(&mut beginning);
    state::unpack(&fixture::folder().join("state.tar.gz"), folder.path());
    let killed_at = seconds_ago(0) - i64::try_from(time.as_millis()).unwrap();
    state::move_in_time(folder.path(), fixture.made_at, killed_at);
    Upgraded {
        world: beginning.start().await,
        moved: killed_at - fixture.made_at,
        fixture,
        _folder: folder,
    }
}

impl Upgraded {
    /// The id of a conversation of the fixture.
    pub fn id(&self, name: &str) -> String {
        self.fixture.conversations[name].id.clone()
    }

    /// The thread that a user had with the first release in a conversation, by the record that it showed.
    pub fn thread(&self, name: &str, user: &str) -> Thread {
        let conversation = self.id(name);
        let links = self.fixture.records[user]["links"].as_array().unwrap();
        let link = links
            .iter()
            .find(|link| link["conversation_id"] == conversation);
        Thread {
            conversation,
            number: link.unwrap()["number"].as_str().unwrap().to_owned(),
            phone: phone(user).to_owned(),
        }
    }

    /// How many texts Nexmo has accepted to a user's phone, from both releases: words and how often.
    pub fn all_texts_to(&self, user: &str) -> BTreeMap<String, usize> {
        let earlier = self.fixture.texts.iter();
        let earlier = earlier
            .filter(|text| text.phone == phone(user))
            .map(|text| text.text.clone());
        let mut counts = BTreeMap::new();
        for text in earlier.chain(self.texts_to(phone(user))) {
            *counts.entry(text).or_default() += 1;
        }
        counts
    }

    /// The messages that a user has posted into a conversation by texts, in order.
    pub fn replies_in(&self, conversation: &str) -> Vec<String> {
        let messages = self.layer.messages(conversation).into_iter();
        messages
            .filter(|message| message.platform)
            .map(|message| message.text())
            .collect()
    }

    /// Waits until Nexmo has accepted so many texts to a user's phone since the upgrade, and until none is waiting.
    pub async fn texted(&self, user: &str, count: usize) -> Vec<String> {
        let enough = |texts: &[standins::Text]| {
            let to_them = texts.iter().filter(|text| text.phone == phone(user));
            to_them.count() >= count
        };
        let found = self.nexmo.wait_for(crate::support::SOON, enough).await;
        let logs = || self.worker.logs().join("\n");
        assert!(found.is_ok(), "no {count} texts to {user}:\n{}", logs());
        self.waiting(&path_segment(user), 0).await;
        self.texts_to(phone(user))
    }

    /// Delivers again what the first release got from the chat and from Nexmo, and expects a 200 for each.
    pub async fn deliver_everything_again(&self) {
        for body in &self.fixture.webhooks {
            assert_eq!(self.webhook(body).await.status(), 200, "{body}");
        }
        for text in &self.fixture.inbound {
            assert_eq!(self.push(&inbound(text)).await, 200, "{text:?}");
        }
    }

    /// What `GET /admin/statistics` answers.
    pub async fn statistics(&self) -> Value {
        let answer = self.admin(Method::GET, "/admin/statistics").await;
        answer.json().await.unwrap()
    }
}
