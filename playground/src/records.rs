//! The users' records as the Worker's admin API shows them, and what became of notices that went.

use crate::feed::Entry;
use crate::worker;
use crate::world::World;
use serde_json::{Map, Value, json};
use standins::Client;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How often records are read while a page looks.
const PERIOD: Duration = Duration::from_millis(350);
/// A page that asked within this time is still looking.
const LOOKING: Duration = Duration::from_secs(4);

/// A notice that is in the record no more, and was not texted as far as the stand-ins know.
#[derive(Clone, Debug)]
struct Gone {
    user: String,
    message: String,
    conversation: String,
    at: i64,
    /// `dropped` or `failed` and the reason, once the Worker's log has said it.
    why: Option<(String, String)>,
}

#[derive(Default)]
struct State {
    asked: Option<Instant>,
    records: BTreeMap<String, Value>,
    gone: Vec<Gone>,
    /// Log entries that explain one of them.
    used: BTreeSet<u64>,
}

/// The last known record of each user.
#[derive(Default)]
pub(crate) struct Records(Mutex<State>);

impl Records {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A page looks.
    pub(crate) fn wanted(&self) {
        self.state().asked = Some(Instant::now());
    }

    fn is_wanted(&self) -> bool {
        let asked = self.state().asked;
        asked.is_some_and(|at| at.elapsed() < LOOKING)
    }

    /// The record last read.
    pub(crate) fn of(&self, user: &str) -> Option<Value> {
        self.state().records.get(user).cloned()
    }

    fn store(&self, user: &str, mut record: Value) {
        // It would make every state differ from the one before.
        if let Some(record) = record.as_object_mut() {
            record.remove("now");
        }
        let mut state = self.state();
        let before = notices(state.records.get(user));
        let after = notices(Some(&record));
        for (message, conversation) in before {
            if !after.contains_key(&message) {
                state.gone.push(Gone {
                    user: user.to_owned(),
                    message,
                    conversation,
                    at: standins::now_ms(),
                    why: None,
                });
            }
        }
        state.records.insert(user.to_owned(), record);
    }

    /// The user's notices that ended without a text, and why; `texted`: the messages that were texted.
    pub(crate) fn ended(&self, user: &str, texted: &BTreeSet<String>, log: &[Entry]) -> Vec<Value> {
        let mut state = self.state();
        let State { gone, used, .. } = &mut *state;
        for one in gone.iter_mut().filter(|one| one.why.is_none()) {
            one.why = explanation(&one.message, used, log);
        }
        let his = gone
            .iter()
            .filter(|one| one.user == user && !texted.contains(&one.message));
        his.filter_map(|one| {
            let (what, reason) = one.why.as_ref()?;
            Some(json!({
                "message_id": one.message, "conversation_id": one.conversation, "at": one.at,
                "what": what, "reason": reason,
            }))
        })
        .collect()
    }
}

/// The first entry about this message's end that explains no other notice yet: a message to several
/// people has one for each.
fn explanation(message: &str, used: &mut BTreeSet<u64>, log: &[Entry]) -> Option<(String, String)> {
    let what = |entry: &Entry| match entry.message.as_str() {
        "notice.dropped" => Some(("dropped", "reason")),
        "notice.failed" => Some(("failed", "why")),
        _ => None,
    };
    let mut about = log.iter().filter(|entry| {
        entry.field("message_id") == Some(message) && !used.contains(&entry.number)
    });
    let (entry, (what, field)) = about.find_map(|entry| what(entry).map(|found| (entry, found)))?;
    let found = (
        what.to_owned(),
        entry.field(field).unwrap_or_default().to_owned(),
    );
    used.insert(entry.number);
    Some(found)
}

/// Message and conversation of each waiting notice.
fn notices(record: Option<&Value>) -> BTreeMap<String, String> {
    let waiting = record.and_then(|record| record.pointer("/notices/first"));
    let waiting = waiting.and_then(Value::as_array).into_iter().flatten();
    let text =
        |notice: &Map<String, Value>, name: &str| Some(notice.get(name)?.as_str()?.to_owned());
    waiting
        .filter_map(Value::as_object)
        .filter_map(|notice| {
            Some((
                text(notice, "message_id")?,
                text(notice, "conversation_id")?,
            ))
        })
        .collect()
}

/// Reads every user's record again and again while a page looks.
pub(crate) async fn poll(world: Arc<World>, url: String, token: String) {
    let client = Client::default();
    loop {
        if world.records.is_wanted() && world.runner.phase().answers() {
            for user in world.layer.users() {
                let id = user.user_id;
                if let Some(record) = worker::record(&client, &url, &token, &id).await {
                    world.records.store(&id, record);
                }
            }
        }
        sleep(PERIOD).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::Feed;

    fn record(messages: &[&str]) -> Value {
        let notice = |id: &&str| json!({"message_id": id, "conversation_id": "c"});
        json!({"now": 1, "notices": {"first": messages.iter().map(notice).collect::<Vec<_>>()}})
    }

    #[test]
    fn a_notice_that_went_is_explained_by_the_log_once() {
        let (records, feed) = (Records::default(), Feed::default());
        for user in ["bob", "carol"] {
            records.store(user, record(&["m"]));
            records.store(user, record(&[]));
        }
        feed.line(
            r#"{"level":"info","message":"notice.dropped","message_id":"m","reason":"read"}"#,
        );
        let ended = |user| records.ended(user, &BTreeSet::new(), &feed.all());
        assert_eq!(ended("bob")[0]["reason"], "read");
        assert_eq!(ended("carol"), Vec::<Value>::new());
        feed.line(
            r#"{"level":"info","message":"notice.dropped","message_id":"m","reason":"left"}"#,
        );
        assert_eq!(ended("carol")[0]["reason"], "left");
        assert_eq!(ended("bob").len(), 1);
    }

    #[test]
    fn a_notice_that_was_texted_was_not_dropped() {
        let records = Records::default();
        records.store("bob", record(&["m"]));
        records.store("bob", record(&[]));
        let texted = BTreeSet::from(["m".to_owned()]);
        assert!(records.ended("bob", &texted, &[]).is_empty());
    }
}
