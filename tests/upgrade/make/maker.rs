//! The first release between the stand-ins, and what it leaves.

use std::{collections::BTreeMap, fs, path::PathBuf, time::Duration};

use reqwest::Method;
use serde_json::Value;
use standins::{Inbound, Reply, Text};

use crate::{
    fixture::{self, Fixture, Said, Talk, Texted},
    people::{ALICE, everybody, settings},
    state,
    support::{Thread, World, seconds_ago},
    upgraded::first_release,
};

/// A WAL is part of a database until it is written into it.
const CHECKPOINT: &str = r#"
const { DatabaseSync } = require("node:sqlite");
const { readdirSync } = require("node:fs");
for (const file of readdirSync(process.argv[1], { recursive: true }).map(String))
  if (file.endsWith(".sqlite")) {
    const database = new DatabaseSync(`${process.argv[1]}/${file}`);
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    database.close();
  }
"#;

pub struct Maker {
    pub world: World,
    pub fixture: Fixture,
    /// The conversations by their names.
    pub ids: BTreeMap<String, String>,
    /// How many of the chat's webhooks are older than those that are kept.
    old_webhooks: usize,
}

impl Maker {
    pub async fn start(delay: &str) -> Self {
        let build =
            first_release().expect("FIRST_RELEASE: the folder of the first release's build");
        let settings = settings(delay);
        let settings: Vec<_> = settings
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let world = World::with_options(&settings, |_, _, options| {
            options.build = build;
            (options.without_paces, options.without_assets) = (true, true);
        })
        .await;
        everybody()
            .into_iter()
            .for_each(|user| world.layer.create_user(user));
        Self {
            world,
            fixture: Fixture::default(),
            ids: BTreeMap::new(),
            old_webhooks: 0,
        }
    }

    /// Creates a conversation of Alice with a user. Its name is the user's, perhaps with words after a comma.
    pub fn conversation(&mut self, name: &str) -> String {
        let user = name.split(',').next().unwrap();
        let id = self.world.conversation(&[ALICE, user]);
        self.ids.insert(name.to_owned(), id.clone());
        id
    }

    /// Alice writes to a user in a new conversation, and the user is texted.
    pub async fn thread(&mut self, name: &str) -> Thread {
        let conversation = self.conversation(name);
        let user = name.split(',').next().unwrap();
        self.world.thread_in(&conversation, user).await
    }

    /// Delivers a text from a phone.
    pub async fn deliver(&mut self, inbound: &Inbound) {
        assert_eq!(self.world.push(inbound).await, 200);
        self.fixture.inbound.push(inbound.params.clone());
    }

    /// Delivers all parts of a text from a phone.
    pub async fn reply(&mut self, reply: &Reply) {
        for inbound in self.world.nexmo.inbound(reply) {
            self.deliver(&inbound).await;
        }
    }

    /// Restarts the first release with another delay.
    pub async fn redeploy(&mut self, delay: &str) {
        self.world.webhooks_delivered().await;
        self.world.redeploy(&[("DELAY", delay)]).await;
    }

    /// Lets time pass: with the Worker stopped, moves what it stores into the past. What was delivered so far is then too
    /// old to be delivered again.
    pub async fn pass(&mut self, time: Duration) {
        self.world.webhooks_delivered().await;
        self.old_webhooks = self.world.layer.deliveries().len();
        self.fixture.inbound.clear();
        self.world.worker.kill_9();
        let now = seconds_ago(0);
        let then = now - i64::try_from(time.as_millis()).unwrap();
        state::move_in_time(self.world.worker.folder(), now, then);
        self.world.worker.restart().await;
    }

    /// Kills the first release and keeps its state, and what is known of it.
    pub async fn kill_and_keep(mut self) {
        self.fixture.statistics = self.asked("/admin/statistics").await;
        for user in everybody() {
            let record = self.asked(&format!("/admin/users/{}", user.user_id)).await;
            self.fixture.records.insert(user.user_id, record);
        }
        self.world.worker.kill_9();
        self.fixture.made_at = seconds_ago(0);
        let folder = self.world.worker.folder().to_owned();
        state::edit(&folder, CHECKPOINT, &[]);
        self.note_what_is_outside();
        let target: PathBuf = fixture::folder();
        fs::create_dir_all(&target).unwrap();
        state::pack(&folder, &target.join("state.tar.gz"));
        self.fixture.write();
    }

    async fn asked(&self, path: &str) -> Value {
        let answer = self.world.admin(Method::GET, path).await;
        answer.json().await.unwrap()
    }

    fn note_what_is_outside(&mut self) {
        let world = &self.world;
        let talks = self.ids.iter().map(|(name, id)| {
            let user = name.split(',').next().unwrap();
            let participants = [ALICE, user].map(str::to_owned).to_vec();
            let id = id.clone();
            (name.clone(), Talk { id, participants })
        });
        self.fixture.conversations = talks.collect();
        let messages = world.layer.all_messages();
        self.fixture.messages = messages.iter().map(Said::of).collect();
        let deliveries = world.layer.deliveries().into_iter();
        let bodies = deliveries.skip(self.old_webhooks).map(|one| one.body);
        self.fixture.webhooks = bodies.collect();
        self.fixture.texts = world.nexmo.texts().into_iter().map(texted).collect();
    }
}

fn texted(text: Text) -> Texted {
    Texted {
        phone: text.phone,
        number: text.number,
        text: text.text,
    }
}
