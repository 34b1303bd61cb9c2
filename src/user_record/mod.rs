//! The Durable Object of one user: a thin shell around the core's [`Record`].
//!
//! It is called by the Worker with one [`Envelope`] as the body of a POST, and answers 204 when it is
//! stored, 200 with another outcome in a header or with what was asked for, 400 for what it cannot
//! read, 500 when storage failed and 503 while misconfigured. An event is one synchronous turn;
//! effects run beside it as tasks.

pub mod client;
mod erasure;
mod host;
mod report;
pub mod sql;
mod turn;
mod work;

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, RefUnwindSafe},
    rc::Rc,
};

use texting::record::{
    Record,
    claim::LEASE,
    command::{Command, Outcome},
    envelope::Envelope,
    notice::Dropped,
    store::StoreError,
};
use texting::{
    log::{Entry, Level},
    time::Millis,
};
use worker::{DurableObject, Env, Request, Response, Result, State, durable_object};

use crate::{
    answer,
    configuration::{self, Configuration, Configured},
    edge,
};
use sql::ObjectSql;
use turn::ALARM_SLACK;
use work::Claims;

/// All that is stored of one user.
#[durable_object(alarm)]
pub struct UserRecord {
    object: AssertUnwindSafe<Rc<Object>>,
}

impl RefUnwindSafe for Object {}

/// What the tasks of an object share.
struct Object {
    state: State,
    env: Env,
    sql: ObjectSql,
    configuration: Configuration,
    /// Whether the schema is known to be there.
    migrated: Cell<bool>,
    /// Whether the record is known to know whose it is.
    introduced: Cell<bool>,
    /// The hour in which this instance last looked for something to report, or in which the record
    /// began.
    looked: Cell<Option<i64>>,
    /// When this instance set the alarm to.
    alarm: Cell<Option<Millis>>,
    cost: Cost,
    texts: Cell<usize>,
    replies: Cell<usize>,
}

/// What an instance did so far that Cloudflare bills, beside rows.
#[derive(Default)]
struct Cost {
    alarms_set: Cell<usize>,
    kv_reads: Cell<usize>,
    kv_writes: Cell<usize>,
}

fn count(counter: &Cell<usize>) {
    counter.set(counter.get() + 1);
}

impl DurableObject for UserRecord {
    fn new(state: State, env: Env) -> Self {
        let object = Object {
            sql: ObjectSql::new(state.storage()),
            configuration: configuration::read(&env),
            state,
            env,
            migrated: Cell::new(false),
            introduced: Cell::new(false),
            looked: Cell::new(None),
            alarm: Cell::new(None),
            cost: Cost::default(),
            texts: Cell::new(0),
            replies: Cell::new(0),
        };
        Self {
            object: AssertUnwindSafe(Rc::new(object)),
        }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let received = match Envelope::read(&request.text().await?) {
            Ok(received) => received,
            Err(error) => return answer::text(400, &error.to_string()),
        };
        #[cfg(feature = "deliberate-panic")]
        crate::deliberate_panic::if_asked(&received.user_id, "panic-in-fetch");
        match self.object.configured() {
            Some(_) => self.object.obey(received).await,
            None => answer::text(503, "misconfigured"),
        }
    }

    /// Never fails: the runtime would drop the alarm after six failures. Unless there is nothing to do,
    /// its first act is an alarm in case it crashes, where the lease of what it is about to claim
    /// ends, so that it need not be set again then.
    async fn alarm(&self) -> Result<Response> {
        self.object.alarm.set(None);
        #[cfg(feature = "deliberate-panic")]
        crate::deliberate_panic::if_asked(
            &self.object.state.id().name().unwrap_or_default(),
            "panic-in-alarm",
        );
        match self.object.next_wake() {
            Ok(None) => return Response::empty(),
            Ok(Some(wake)) if wake > edge::now() => {
                self.object.arm(wake);
                return Response::empty();
            }
            _ => self.object.arm(edge::now() + LEASE + ALARM_SLACK),
        }
        if let Err(error) = self.object.work() {
            log_storage(&error);
        }
        Response::empty()
    }
}

impl Object {
    fn configured(&self) -> Option<&Rc<Configured>> {
        self.configuration.as_ref().ok()
    }

    async fn obey(self: &Rc<Self>, received: Envelope<Command>) -> Result<Response> {
        let Envelope { user_id, command } = received;
        let answered = match command {
            Command::Show => self
                .turn(|record| record.show())
                .map(|shown| self.shown(shown)),
            Command::Erase => return self.erase(&user_id).await,
            Command::Wake => {
                self.alarm.set(None);
                self.work().map(|()| done(Outcome::Stored))
            }
            Command::Retry { seq } => self.retry(seq).map(done),
            event => self.event(&user_id, &event).map(done),
        };
        answered.unwrap_or_else(|error| {
            log_storage(&error);
            answer::text(500, "storage failed")
        })
    }

    fn shown(&self, mut record: serde_json::Value) -> Result<Response> {
        let (read, written) = self.sql.rows();
        if let Some(fields) = record.as_object_mut() {
            let cost = serde_json::json!({
                "rows_read": read, "rows_written": written,
                "alarms_set": self.cost.alarms_set.get(),
                "kv_reads": self.cost.kv_reads.get(), "kv_writes": self.cost.kv_writes.get(),
            });
            fields.insert("cost_of_this_instance".to_owned(), cost);
            fields.insert(
                "alarm".to_owned(),
                serde_json::Value::from(self.alarm.get()),
            );
        }
        answer::json(200, &record)
    }

    /// Stores an event and starts what is due because of it.
    fn event(
        self: &Rc<Self>,
        user_id: &str,
        event: &Command,
    ) -> std::result::Result<Outcome, StoreError> {
        let (outcome, claims) = self.turn(|record| {
            if !self.introduced.get() {
                record.introduce(user_id)?;
            }
            let outcome = tell(record, event)?;
            let claims = match outcome {
                Outcome::Stored => self.claim(record)?,
                _ => Claims::default(),
            };
            Ok((outcome, claims))
        })?;
        self.introduced.set(true);
        self.start(claims);
        self.report();
        Ok(outcome)
    }

    /// Puts a failure back and starts what is due because of it. Who was never heard of stays unknown.
    fn retry(self: &Rc<Self>, seq: i64) -> std::result::Result<Outcome, StoreError> {
        let outcome = self.turn(|record| record.retry(seq))?;
        if outcome == Outcome::Stored {
            self.work()?;
        }
        Ok(outcome)
    }
}

/// The answer to a command that was obeyed.
fn done(outcome: Outcome) -> Result<Response> {
    let answer = Response::empty()?;
    if outcome == Outcome::Stored {
        return Ok(answer.with_status(204));
    }
    answer.headers().set(client::OUTCOME, outcome.word())?;
    Ok(answer)
}

/// Gives the record an event.
fn tell(record: &Record<'_>, event: &Command) -> std::result::Result<Outcome, StoreError> {
    match event {
        Command::Message(sent) => record.message(sent),
        Command::Receipt { message_id, status } => record.receipt(message_id, *status),
        Command::Receipts {
            conversation_id,
            from,
            to,
            status,
        } => record.receipts(conversation_id, (*from, *to), *status),
        Command::MessageDeleted { message_id } => record.message_deleted(message_id),
        Command::ConversationDeleted { conversation_id } => {
            record.conversation_over(conversation_id, Dropped::Deleted)
        }
        Command::Left { conversation_id } => {
            record.conversation_over(conversation_id, Dropped::Left)
        }
        Command::Text(text) => record.text(text),
        Command::Disown { phone, number } => record.disown(phone, number).map(|()| Outcome::Stored),
        Command::Show | Command::Wake | Command::Retry { .. } | Command::Erase => {
            Ok(Outcome::Known)
        }
    }
}

fn log_storage(error: &StoreError) {
    edge::log(&Entry::new(Level::Error, "record.storage_failed").with("why", error));
}
