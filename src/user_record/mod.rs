//! The Durable Object of one user: a thin shell around the core's [`Record`].
//!
//! It is called by the Worker with one [`client::Received`] as the body of a POST, and answers 200
//! with the command's outcome as JSON, 400 for what it cannot read, 500 when storage failed and 503
//! while misconfigured. An event is one synchronous turn; effects run beside it as tasks.

pub mod client;
mod host;
mod report;
pub mod sql;

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, RefUnwindSafe},
    rc::Rc,
};

use texting::{
    attempt,
    log::{Entry, Level},
    record::{
        Record,
        claim::{LEASE, TextClaim},
        command::{Command, Outcome},
        notice::Dropped,
        reply::ReplyClaim,
        schema,
        store::StoreError,
        wake::{Room, SHORTEST_PAUSE},
    },
    time::{MINUTE, Millis},
};
use worker::{
    DurableObject, Env, Request, Response, Result, State,
    durable_object,
    js_sys::Date,
    wasm_bindgen::JsValue,
};

use crate::{
    answer,
    configuration::{self, Configuration, Configured},
    edge, kv,
};
use host::ObjectHost;
use sql::ObjectSql;

/// Texts under way at once. With the replies they stay within the six connections that the runtime
/// opens for one object.
const MOST_TEXTS: usize = 4;
/// Replies under way at once.
const MOST_REPLIES: usize = 2;

/// An alarm that is this late, in milliseconds, is not worth the row that moving it costs.
const ALARM_SLACK: Millis = 250;

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
    /// The hour in which this instance last looked for something to report.
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

/// Work that a turn claimed.
#[derive(Default)]
struct Claims {
    texts: Vec<TextClaim>,
    replies: Vec<ReplyClaim>,
}

impl DurableObject for UserRecord {
    fn new(state: State, env: Env) -> Self {
        let object = Object {
            sql: ObjectSql::new(state.storage().sql()),
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
        Self { object: AssertUnwindSafe(Rc::new(object)) }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let Ok(received) = serde_json::from_slice::<client::Received>(&request.bytes().await?)
        else {
            return answer::text(400, "not a command that this version knows");
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

    async fn obey(self: &Rc<Self>, received: client::Received) -> Result<Response> {
        let client::Received { user_id, command } = received;
        let done = match command {
            Command::Show => self.turn(|record| record.show()).map(|shown| self.shown(shown)),
            Command::Erase => return self.erase(&user_id).await,
            Command::Wake => {
                self.alarm.set(None);
                self.work().map(|()| answer::json(200, &Outcome::Stored))
            }
            Command::Retry { seq } => {
                self.retry(seq).map(|outcome| answer::json(200, &outcome))
            }
            event => self.event(&user_id, &event).map(|outcome| answer::json(200, &outcome)),
        };
        done.unwrap_or_else(|error| {
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
            fields.insert("alarm".to_owned(), serde_json::Value::from(self.alarm.get()));
        }
        answer::json(200, &record)
    }

    /// Stores an event and starts what is due because of it.
    fn event(self: &Rc<Self>, user_id: &str, event: &Command) -> std::result::Result<Outcome, StoreError> {
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

    /// When the record wants to be woken.
    fn next_wake(&self) -> std::result::Result<Option<Millis>, StoreError> {
        let Some(configured) = self.configured() else { return Err(misconfigured()) };
        schema::migrate(&self.sql)?;
        Record::new(&self.sql, &configured.policy, edge::now()).next_wake(self.room())
    }

    /// Starts everything that is due.
    fn work(self: &Rc<Self>) -> std::result::Result<(), StoreError> {
        let claims = self.turn(|record| {
            record.give_up_parts()?;
            self.claim(record)
        })?;
        self.start(claims);
        self.report();
        Ok(())
    }

    fn claim(&self, record: &Record<'_>) -> std::result::Result<Claims, StoreError> {
        let mut claims = Claims::default();
        if record.next_wake(self.room())?.is_none_or(|wake| wake > edge::now()) {
            return Ok(claims);
        }
        while self.texts.get() + claims.texts.len() < MOST_TEXTS {
            let Some(claim) = record.claim_text()? else { break };
            claims.texts.push(claim);
        }
        while self.replies.get() + claims.replies.len() < MOST_REPLIES {
            let Some(claim) = record.claim_reply()? else { break };
            claims.replies.push(claim);
        }
        Ok(claims)
    }

    fn start(self: &Rc<Self>, claims: Claims) {
        for claim in claims.texts {
            let slot = Slot::taken(self, |object| &object.texts);
            self.spawn(slot, async move |host| attempt::text::run(&host, &claim).await);
        }
        for claim in claims.replies {
            let slot = Slot::taken(self, |object| &object.replies);
            self.spawn(slot, async move |host| attempt::reply::run(&host, &claim).await);
        }
    }

    fn spawn(
        self: &Rc<Self>,
        slot: Slot,
        attempt: impl AsyncFnOnce(ObjectHost) -> std::result::Result<(), StoreError> + 'static,
    ) {
        let Some(configured) = self.configured().cloned() else { return };
        let object = self.clone();
        self.state.wait_until(async move {
            if let Err(error) = attempt(ObjectHost::new(object.clone(), configured)).await {
                log_storage(&error);
            }
            drop(slot);
            if let Err(error) = object.work() {
                log_storage(&error);
            }
        });
    }

    /// Runs one turn of the record as a transaction, then sets the alarm, with no await between.
    fn turn<T>(
        &self,
        decide: impl FnOnce(&Record<'_>) -> std::result::Result<T, StoreError>,
    ) -> std::result::Result<T, StoreError> {
        let mut decide = Some(decide);
        let mut decided = None;
        self.run_turn(&mut |record| {
            if let Some(decide) = decide.take() {
                decided = Some(decide(record)?);
            }
            Ok(())
        })?;
        decided.ok_or_else(|| StoreError::Refused("the turn did not run".to_owned()))
    }

    fn run_turn(
        &self,
        decide: &mut dyn FnMut(&Record<'_>) -> std::result::Result<(), StoreError>,
    ) -> std::result::Result<(), StoreError> {
        let Some(configured) = self.configured() else { return Err(misconfigured()) };
        let mut wake = None;
        let mut entries = Vec::new();
        sql::transaction(&self.state.storage(), &mut || {
            if !self.migrated.get() {
                schema::migrate(&self.sql)?;
            }
            let record = Record::new(&self.sql, &configured.policy, edge::now());
            decide(&record)?;
            wake = record.next_wake(self.room())?;
            entries = record.into_entries();
            Ok(())
        })?;
        self.migrated.set(true);
        // An alarm that is not needed any more is left to ring: that is one request, deleting it would
        // be one row written, which costs seven times as much.
        if let Some(wake) = wake {
            self.arm(wake);
        }
        entries.iter().for_each(edge::log);
        Ok(())
    }

    fn room(&self) -> Room {
        Room {
            texts: self.texts.get() < MOST_TEXTS,
            replies: self.replies.get() < MOST_REPLIES,
        }
    }

    /// Sets the alarm, unless it stands there already, or hardly later. For what is overdue, an alarm
    /// that is about to ring stays: each look at the record would put it off once more.
    fn arm(&self, at: Millis) {
        let now = edge::now();
        let (earliest, at) =
            if at <= now { (now - MINUTE, now + SHORTEST_PAUSE) } else { (at, at) };
        if self.alarm.get().is_some_and(|alarm| (earliest..=at + ALARM_SLACK).contains(&alarm)) {
            return;
        }
        let date = Date::new(&JsValue::from_f64(at as f64));
        match self.state.storage().as_raw().set_alarm(date, JsValue::NULL.into()) {
            Ok(promise) => {
                self.alarm.set(Some(at));
                self.watch(promise);
            }
            Err(error) => log_alarm(&error),
        }
    }

    /// The write itself is done; the output gate holds every answer until it is durable.
    fn watch(&self, promise: worker::js_sys::Promise) {
        count(&self.cost.alarms_set);
        self.state.wait_until(async move {
            if let Err(error) = wasm_bindgen_futures::JsFuture::from(promise).await {
                log_alarm(&error);
            }
        });
    }

    async fn erase(self: &Rc<Self>, user_id: &str) -> Result<Response> {
        let lookups = match self.turn(|record| record.lookups()) {
            Ok(lookups) => lookups,
            Err(error) => {
                log_storage(&error);
                return answer::text(500, "storage failed");
            }
        };
        for (phone, number) in &lookups {
            if let Err(error) = kv::forget(&self.env, (phone, number), user_id).await {
                edge::log(&Entry::new(Level::Error, "record.not_erased").with("why", &error));
                return answer::text(502, "KV did not forget the user's phone: try again");
            }
        }
        let erased = self.turn(|record| {
            let last = record.last_report()?;
            record.erase()?;
            Ok(last)
        });
        match erased {
            Ok(last) => {
                self.introduced.set(false);
                let object = self.clone();
                self.state.wait_until(async move {
                    object.tell_statistics(&last).await;
                });
                answer::json(200, &Outcome::Stored)
            }
            Err(error) => {
                log_storage(&error);
                answer::text(500, "storage failed")
            }
        }
    }
}

/// Gives the record an event.
fn tell(
    record: &Record<'_>,
    event: &Command,
) -> std::result::Result<Outcome, StoreError> {
    match event {
        Command::Message(sent) => record.message(sent),
        Command::Receipt { message_id, status } => record.receipt(message_id, *status),
        Command::Receipts { conversation_id, from, to, status } => {
            record.receipts(conversation_id, (*from, *to), *status)
        }
        Command::MessageDeleted { message_id } => record.message_deleted(message_id),
        Command::ConversationDeleted { conversation_id } => {
            record.conversation_over(conversation_id, Dropped::Deleted)
        }
        Command::Left { conversation_id } => {
            record.conversation_over(conversation_id, Dropped::Left)
        }
        Command::Text(text) => record.text(text),
        Command::Disown { phone, number } => {
            record.disown(phone, number).map(|()| Outcome::Stored)
        }
        Command::Show | Command::Wake | Command::Retry { .. } | Command::Erase => Ok(Outcome::Known),
    }
}

/// One of an object's places for work under way, given back however the work ends.
struct Slot {
    object: Rc<Object>,
    counter: fn(&Object) -> &Cell<usize>,
}

impl Slot {
    fn taken(object: &Rc<Object>, counter: fn(&Object) -> &Cell<usize>) -> Self {
        counter(object).set(counter(object).get() + 1);
        Self { object: object.clone(), counter }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let counter = (self.counter)(&self.object);
        counter.set(counter.get().saturating_sub(1));
    }
}

fn misconfigured() -> StoreError {
    StoreError::Refused("misconfigured: see /health".to_owned())
}

fn log_storage(error: &StoreError) {
    edge::log(&Entry::new(Level::Error, "record.storage_failed").with("why", error));
}

fn log_alarm(error: &JsValue) {
    edge::log(&Entry::new(Level::Error, "record.alarm_not_set").with("why", format!("{error:?}")));
}
