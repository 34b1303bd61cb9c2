//! The user records as the Worker's admin API shows them, and notices that are no longer in them.

use crate::log::Entry;
use crate::quiet;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// A page is open if it asked for the state within this time.
const PAGE_TIMEOUT: Duration = Duration::from_secs(4);

/// A number and the conversation that it stands for.
pub(crate) type Link = (String, String);

/// How a notice ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Texted,
    /// Without a text, for this reason.
    Dropped(String),
    /// Given up, for this reason.
    Failed(String),
}

impl End {
    /// The end that a log entry reports.
    fn in_entry(entry: &Entry) -> Option<Self> {
        let field = |name| entry.field(name).unwrap_or_default().to_owned();
        match entry.message.as_str() {
            "notice.sent" => Some(Self::Texted),
            "notice.dropped" => Some(Self::Dropped(field("reason"))),
            "notice.failed" | "notice.perhaps_sent" => Some(Self::Failed(field("why"))),
            _ => None,
        }
    }
}

/// The end of a notice, and when the Worker logged it.
#[derive(Clone, Debug)]
pub(crate) struct Logged {
    pub(crate) end: End,
    pub(crate) at: i64,
}

/// A notice that is no longer in the user record.
#[derive(Clone, Debug)]
pub(crate) struct Gone {
    pub(crate) user: String,
    pub(crate) message: String,
    pub(crate) conversation: String,
    /// When that was noticed.
    pub(crate) at: i64,
    /// `None` until the Worker logs it.
    pub(crate) logged: Option<Logged>,
}

#[derive(Default)]
struct State {
    /// When a page last asked for the state.
    asked: Option<Instant>,
    records: BTreeMap<String, Value>,
    /// The numbers and conversations that each user's record has ever linked.
    links: BTreeMap<String, BTreeSet<Link>>,
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

    /// Replaces a user record, and notes the notices that are no longer in it. `offset`: that of the clock.
    pub(crate) fn store(&self, user: &str, mut record: Value, offset: i64) {
        // The time would make every state differ from the previous one.
        if let Some(record) = record.as_object_mut() {
            record.remove("now");
        }
        show_times(&mut record, offset);
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
                    logged: None,
                });
            }
        }
        let known = state.links.entry(user.to_owned()).or_default();
        known.extend(links(&record));
        state.records.insert(user.to_owned(), record);
    }

    /// The links that a user's record has, and those that it had.
    pub(crate) fn links_ever(&self, user: &str) -> BTreeSet<Link> {
        self.state().links.get(user).cloned().unwrap_or_default()
    }

    /// The user's notices that ended. A log entry does not name the user: `fits` says whether it may be about this one.
    pub(crate) fn ended(
        &self,
        user: &str,
        log: &[Entry],
        fits: impl Fn(&Gone, &Logged) -> bool,
    ) -> Vec<Gone> {
        let mut state = self.state();
        let State { gone, used, .. } = &mut *state;
        let mut own: Vec<&mut Gone> = gone.iter_mut().filter(|one| one.user == user).collect();
        for one in own.iter_mut().filter(|one| one.logged.is_none()) {
            one.logged = find_end(one, used, log, &fits);
        }
        let ended = own.into_iter().filter(|one| one.logged.is_some());
        ended.map(|one| one.clone()).collect()
    }
}

/// The end of this notice by the first log entry that is not used yet: a message to several users has one entry for
/// each.
fn find_end(
    gone: &Gone,
    used: &mut BTreeSet<u64>,
    log: &[Entry],
    fits: impl Fn(&Gone, &Logged) -> bool,
) -> Option<Logged> {
    let mut entries = log.iter().filter(|entry| {
        entry.field("message_id") == Some(&gone.message) && !used.contains(&entry.number)
    });
    let (number, logged) = entries.find_map(|entry| {
        let end = End::in_entry(entry)?;
        let logged = Logged { end, at: entry.at };
        fits(gone, &logged).then_some((entry.number, logged))
    })?;
    used.insert(number);
    Some(logged)
}

/// Replaces times that the Worker names by those that the page's clock will show.
fn show_times(record: &mut Value, offset: i64) {
    let waiting = record.pointer_mut("/notices/first");
    let waiting = waiting.and_then(Value::as_array_mut).into_iter().flatten();
    for waits_for in waiting.filter_map(|notice| notice.get_mut("waits_for")) {
        if let Some(words) = waits_for.as_str() {
            *waits_for = quiet::shown(words, offset).into();
        }
    }
}

fn links(record: &Value) -> impl Iterator<Item = Link> {
    let links = record.get("links").and_then(Value::as_array);
    links.into_iter().flatten().filter_map(|link| {
        let field = |name| Some(link.get(name)?.as_str()?.to_owned());
        Some((field("number")?, field("conversation_id")?))
    })
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
    use serde_json::json;

    fn record(messages: &[&str]) -> Value {
        let notice = |id: &&str| json!({"message_id": id, "conversation_id": "c"});
        json!({"now": 1, "notices": {"first": messages.iter().map(notice).collect::<Vec<_>>()}})
    }

    /// Records from which the message `m` has gone for these users.
    fn gone_for(users: &[&str]) -> Records {
        let records = Records::default();
        for user in users {
            records.store(user, record(&["m"]), 0);
            records.store(user, record(&[]), 0);
        }
        records
    }

    fn ends(records: &Records, user: &str, log: &Log) -> Vec<End> {
        let ended = records.ended(user, &log.all(), |_, _| true);
        let logged = ended.into_iter().filter_map(|one| one.logged);
        logged.map(|logged| logged.end).collect()
    }

    #[test]
    fn a_log_entry_explains_the_end_of_one_notice() {
        let (records, log) = (gone_for(&["bob", "carol"]), Log::default());
        log.line(r#"{"level":"info","message":"notice.dropped","message_id":"m","reason":"read"}"#);
        assert_eq!(
            ends(&records, "bob", &log),
            [End::Dropped("read".to_owned())]
        );
        assert_eq!(ends(&records, "carol", &log), []);
        log.line(r#"{"level":"info","message":"notice.sent","message_id":"m"}"#);
        assert_eq!(ends(&records, "carol", &log), [End::Texted]);
        assert_eq!(ends(&records, "bob", &log).len(), 1);
    }

    #[test]
    fn an_entry_that_does_not_fit_the_user_is_left_to_others() {
        let (records, log) = (gone_for(&["bob", "carol"]), Log::default());
        log.line(r#"{"level":"info","message":"notice.dropped","message_id":"m","reason":"read"}"#);
        log.line(r#"{"level":"info","message":"notice.sent","message_id":"m"}"#);
        let texted = |_: &Gone, logged: &Logged| logged.end == End::Texted;
        assert_eq!(records.ended("bob", &log.all(), texted).len(), 1);
        assert_eq!(
            ends(&records, "carol", &log),
            [End::Dropped("read".to_owned())]
        );
    }

    #[test]
    fn links_that_a_record_no_longer_has_are_remembered() {
        let records = Records::default();
        let link = |number: &str| json!({"links": [{"number": number, "conversation_id": "c"}]});
        records.store("bob", link("1"), 0);
        records.store("bob", link("2"), 0);
        let both = ["1", "2"].map(|number| (number.to_owned(), "c".to_owned()));
        assert_eq!(records.links_ever("bob"), both.into());
    }

    #[test]
    fn the_times_in_a_record_are_those_of_the_pages_clock() {
        let records = Records::default();
        let notice = json!({"message_id": "m", "conversation_id": "c", "waits_for": "quiet until 06:00 UTC"});
        records.store("bob", json!({"notices": {"first": [notice]}}), 120);
        let stored = records.of("bob").unwrap();
        assert_eq!(
            stored["notices"]["first"][0]["waits_for"],
            "quiet until 08:00"
        );
    }
}
