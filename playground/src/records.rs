//! The user records as the Worker's admin API shows them, and notices that are no longer in them.

use crate::log::Entry;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// A page is open if it asked for the state within this time.
const PAGE_TIMEOUT: Duration = Duration::from_secs(4);

/// How a notice ended without a text.
#[derive(Clone, Debug)]
struct End {
    /// `dropped` or `failed`.
    what: &'static str,
    reason: String,
}

impl End {
    /// The end that a log entry reports.
    fn in_entry(entry: &Entry) -> Option<Self> {
        let (what, field) = match entry.message.as_str() {
            "notice.dropped" => ("dropped", "reason"),
            "notice.failed" | "notice.perhaps_sent" => ("failed", "why"),
            _ => return None,
        };
        let reason = entry.field(field).unwrap_or_default().to_owned();
        Some(Self { what, reason })
    }
}

/// A notice that is no longer in the user record.
#[derive(Clone, Debug)]
struct Gone {
    user: String,
    message: String,
    conversation: String,
    at: i64,
    /// `None` until the Worker logs it.
    end: Option<End>,
}

#[derive(Default)]
struct State {
    /// When a page last asked for the state.
    asked: Option<Instant>,
    records: BTreeMap<String, Value>,
    gone: Vec<Gone>,
    /// Numbers of the log entries that are assigned to one of `gone`.
    used: BTreeSet<u64>,
}

/// The last known user records.
#[derive(Default)]
pub(crate) struct Records(Mutex<State>);

impl Records {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a page asked for the state.
    pub(crate) fn page_asked(&self) {
        self.state().asked = Some(Instant::now());
    }

    pub(crate) fn is_page_open(&self) -> bool {
        let asked = self.state().asked;
        asked.is_some_and(|at| at.elapsed() < PAGE_TIMEOUT)
    }

    /// The last known record of a user.
    pub(crate) fn of(&self, user: &str) -> Option<Value> {
        self.state().records.get(user).cloned()
    }

    /// Replaces a user record, and notes the notices that are no longer in it.
    pub(crate) fn store(&self, user: &str, mut record: Value) {
        // The time would make every state differ from the previous one.
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
                    end: None,
                });
            }
        }
        state.records.insert(user.to_owned(), record);
    }

    /// The user's notices that ended without a text; `texted`: the messages with a text.
    pub(crate) fn ended(&self, user: &str, texted: &BTreeSet<String>, log: &[Entry]) -> Vec<Value> {
        let mut state = self.state();
        let State { gone, used, .. } = &mut *state;
        for one in gone.iter_mut().filter(|one| one.end.is_none()) {
            one.end = find_end(&one.message, used, log);
        }
        let ended = gone
            .iter()
            .filter(|one| one.user == user && !texted.contains(&one.message));
        ended
            .filter_map(|one| {
                let End { what, reason } = one.end.as_ref()?;
                Some(json!({
                    "message_id": one.message, "conversation_id": one.conversation, "at": one.at,
                    "what": what, "reason": reason,
                }))
            })
            .collect()
    }
}

/// The end of this message's notice by the first log entry that is not used yet: a message to several users
/// has one entry for each.
fn find_end(message: &str, used: &mut BTreeSet<u64>, log: &[Entry]) -> Option<End> {
    let mut entries = log.iter().filter(|entry| {
        entry.field("message_id") == Some(message) && !used.contains(&entry.number)
    });
    let (number, end) = entries.find_map(|entry| Some((entry.number, End::in_entry(entry)?)))?;
    used.insert(number);
    Some(end)
}

/// The message ids of the waiting notices, with their conversation ids.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::Log;

    fn record(messages: &[&str]) -> Value {
        let notice = |id: &&str| json!({"message_id": id, "conversation_id": "c"});
        json!({"now": 1, "notices": {"first": messages.iter().map(notice).collect::<Vec<_>>()}})
    }

    #[test]
    fn a_log_entry_explains_the_end_of_one_notice() {
        let (records, log) = (Records::default(), Log::default());
        for user in ["bob", "carol"] {
            records.store(user, record(&["m"]));
            records.store(user, record(&[]));
        }
        log.line(r#"{"level":"info","message":"notice.dropped","message_id":"m","reason":"read"}"#);
        let ended = |user| records.ended(user, &BTreeSet::new(), &log.all());
        assert_eq!(ended("bob")[0]["reason"], "read");
        assert_eq!(ended("carol"), Vec::<Value>::new());
        log.line(r#"{"level":"info","message":"notice.dropped","message_id":"m","reason":"left"}"#);
        assert_eq!(ended("carol")[0]["reason"], "left");
        assert_eq!(ended("bob").len(), 1);
    }

    #[test]
    fn a_texted_notice_is_not_listed() {
        let records = Records::default();
        records.store("bob", record(&["m"]));
        records.store("bob", record(&[]));
        let texted = BTreeSet::from(["m".to_owned()]);
        assert!(records.ended("bob", &texted, &[]).is_empty());
    }
}
