//! Rolling back: the first release's build on state that this version has written, and this version again after it.

use std::time::Duration;

use reqwest::Method;
use standins::{Inbound, Reply, User};

use crate::{
    people::{ALICE, phone},
    state,
    support::{QUIET, Thread, WorkerOptions, fetch, seconds_ago},
    upgraded::{Upgraded, at_once, first_release},
};

/// A user whom the first release does not know.
const ZOE: &str = "zoe";
const ZOES_PHONE: &str = "15550102030";
/// Longer than the pause after which the first release tries again what it could not store.
const PAUSE: Duration = Duration::from_secs(50);
const PAST_DUE: Duration = Duration::from_secs(2 * 3_600);

/// Gives a user's record an action that is due: its kind, lane and body.
const ADD_ACTION: &str = r#"
const { DatabaseSync } = require("node:sqlite");
const { readdirSync } = require("node:fs");
const [folder, user, phone, number, kind, lane, body, now] = process.argv.slice(1);
for (const file of readdirSync(folder).filter((name) => name.endsWith(".sqlite") && name !== "metadata.sqlite")) {
  const database = new DatabaseSync(`${folder}/${file}`);
  const own = database.prepare("SELECT 1 FROM profile WHERE user_id = ?").get(user);
  if (own)
    database
      .prepare(
        `INSERT INTO replies (kind, message_id, lane, phone, number, body, received_at, due_at, wake_at)
         VALUES (?, 'action', ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(kind, lane, phone, number, body, ...Array(3).fill(Number(now)));
  database.close();
}
"#;

/// This Worker on the state of the first release, if that can be started on it again. Says so if not.
async fn upgraded_with_a_way_back() -> Option<Upgraded> {
    if first_release().is_none() {
        println!("SKIPPED: needs FIRST_RELEASE, the folder that scripts/first-release.sh fills");
        return None;
    }
    Some(at_once().await)
}

impl Upgraded {
    async fn roll_back(&mut self) {
        let first = first_release().unwrap();
        self.worker.restart_build(first, true).await;
    }

    async fn roll_forward(&mut self) {
        let build = WorkerOptions::new().build;
        self.worker.restart_build(build, false).await;
    }

    /// How often the log says that a record could not be read or written.
    fn storage_failures(&self) -> usize {
        self.entries("record.storage_failed").len()
    }

    /// Waits until an alarm has rung in vain.
    async fn rings_in_vain(&mut self) {
        let before = self.storage_failures();
        self.advance_clock(PAUSE).await;
        self.entries_when("record.storage_failed", before + 1).await;
    }

    /// Alice writes to a user; returns the status of the response to the webhook, and its body.
    async fn told_of(&self, conversation: &str, words: &str) -> (u16, String) {
        self.layer.call_webhooks(false);
        let sent = self.say(conversation, ALICE, words);
        let hook = self.hook();
        let body = sent.event.body(hook.version, hook.config.as_ref());
        self.layer.call_webhooks(true);
        (self.webhook(&body).await.status().as_u16(), body)
    }

    /// Gives a user's record an action that is due; the Worker must not run.
    fn add_action(&self, thread: &Thread, user: &str, kind: &str, lane: &str) {
        let records = self.worker.folder().join("do/layer-nexmo-UserRecord");
        let (number, now) = (&*thread.number, &*seconds_ago(0).to_string());
        let action = [user, &thread.phone, number, kind, lane, now, now];
        state::edit(&records, ADD_ACTION, &action.map(str::to_owned));
    }

    /// Asserts that a message and a reply of a thread get 503; returns the body of the one and the other.
    async fn refuses(&self, thread: &Thread) -> (String, Inbound) {
        let told = self.told_of(&thread.conversation, "Sent again later");
        let (status, message) = told.await;
        assert_eq!(status, 503);
        let reply = self.nexmo.inbound(&thread.reply("An answer")).remove(0);
        assert_eq!(self.push(&reply).await, 503);
        (message, reply)
    }
}

#[tokio::test]
async fn a_record_of_the_first_release_goes_on_under_it_and_under_this_version_again() {
    let Some(mut world) = upgraded_with_a_way_back().await else {
        return;
    };
    let thread = world.thread("vic, one", "vic");
    world.say(&thread.conversation, ALICE, "Under this version");
    world.deliver_reply(&thread.reply("One")).await;
    world.posted(&thread.conversation, 1).await;
    world.webhooks_delivered().await;

    world.roll_back().await;
    world.say(&thread.conversation, ALICE, "Under the first release");
    world.deliver_reply(&thread.reply("Two")).await;
    world.posted(&thread.conversation, 2).await;
    world.webhooks_delivered().await;
    world.advance_clock(PAST_DUE).await;
    let texts = [
        "alice: Under this version",
        "alice: Under the first release",
    ];
    assert_eq!(world.texted("vic", 2).await, texts);

    world.roll_forward().await;
    world.deliver_reply(&thread.reply("Three")).await;
    let posted = world.posted_texts(&thread.conversation, 3).await;
    assert_eq!(posted, ["One", "Two", "Three"]);
    tokio::time::sleep(QUIET).await;
    assert_eq!(world.texts_to(phone("vic")), texts);
}

/// Zoe's thread, and a message to her that waits: her record is this version's.
async fn zoes_thread(world: &mut Upgraded) -> Thread {
    world.layer.create_user(User::new(ZOE, "Zoe", ZOES_PHONE));
    world.redeploy(&[("DELAY", "0")]).await;
    let thread = world.new_thread(ZOE).await;
    world.redeploy(&[("DELAY", "1 hour")]).await;
    world.say(&thread.conversation, ALICE, "Waiting");
    world.waiting(ZOE, 1).await;
    world.webhooks_delivered().await;
    thread
}

#[tokio::test]
async fn a_record_that_this_version_made_is_refused_by_the_first_release_and_loses_nothing() {
    let Some(mut world) = upgraded_with_a_way_back().await else {
        return;
    };
    let thread = zoes_thread(&mut world).await;
    let mut texts = world.nexmo.texts().into_iter();
    let text = texts.find(|text| text.phone == ZOES_PHONE).unwrap();
    let callback = text.callback.unwrap();
    world.roll_back().await;
    let (message, answer) = world.refuses(&thread).await;
    assert_eq!(
        fetch(Method::GET, &callback).await.status,
        404,
        "receipts are new"
    );
    world.advance_clock(PAST_DUE).await;
    // Its alarm goes on ringing.
    world.entries_when("record.storage_failed", 3).await;
    world.rings_in_vain().await;
    assert_eq!(world.texts_to(ZOES_PHONE).len(), 1);
    assert!(world.replies_in(&thread.conversation).is_empty());

    // Nothing but the alarm wakes it.
    world.roll_forward().await;
    world.advance_clock(PAUSE).await;
    world.waiting(ZOE, 0).await;
    assert_eq!(world.texts_to(ZOES_PHONE)[1..], ["alice: Waiting"]);
    assert_eq!(world.webhook(&message).await.status(), 200);
    assert_eq!(world.record(ZOE).await["notices"]["waiting"], 1);
    assert_eq!(world.push(&answer).await, 200);
    let posted = world.posted_texts(&thread.conversation, 1).await;
    assert_eq!(posted, ["An answer"]);
}

#[tokio::test]
async fn an_action_that_the_first_release_does_not_know_holds_up_its_user_only() {
    let Some(mut world) = upgraded_with_a_way_back().await else {
        return;
    };
    let actions = [
        ("jan", "carrier_stop", ""),
        ("ben", "note_open", "reference"),
    ];
    for (user, ..) in actions {
        world.record(user).await;
    }
    world.worker.kill_9();
    for (user, kind, lane) in actions {
        world.add_action(&world.thread(user, user), user, kind, lane);
    }
    world.roll_back().await;
    let mut refused = Vec::new();
    for (user, ..) in actions {
        let (message, _) = world.refuses(&world.thread(user, user)).await;
        refused.push(message);
    }
    let (status, _) = world.told_of(&world.id("eve"), "Another user's").await;
    assert_eq!(status, 200);
    world.advance_clock(PAST_DUE).await;
    world.rings_in_vain().await;
    world.roll_forward().await;
    world.advance_clock(PAUSE).await;
    for (user, ..) in actions {
        let acted = |record: &serde_json::Value| record["replies"]["waiting"] == 0;
        world.record_when(user, acted).await;
    }
    for message in refused {
        assert_eq!(world.webhook(&message).await.status(), 200);
    }
}

#[tokio::test]
async fn a_reply_to_a_text_whose_response_was_lost_waits_two_minutes_for_this_version() {
    let Some(mut world) = upgraded_with_a_way_back().await else {
        return;
    };
    let thread = world.thread("sam", "sam");
    world.record("sam").await;
    world.roll_back().await;
    let fresh = &world.nexmo.inbound(&thread.reply("Sent again later"))[0];
    assert_eq!(world.push(fresh).await, 503);
    let old = Reply {
        at_ms: Some(seconds_ago(130)),
        ..thread.reply("Too late")
    };
    assert_eq!(world.push(&world.nexmo.inbound(&old)[0]).await, 200);
    world.entries_when("nexmo_webhook.unknown_phone", 1).await;
    world.roll_forward().await;
    assert_eq!(world.push(fresh).await, 200);
    let posted = world.posted_texts(&thread.conversation, 1).await;
    assert_eq!(posted, ["Sent again later"]);
}
