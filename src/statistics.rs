//! The Durable Object of the statistics, one for all users: a thin shell around the core's
//! [`Statistics`](texting::statistics::Statistics).
//!
//! A POST of a [`Report`] as JSON adds it, a GET answers everything as JSON. Nothing waits for it but an
//! operator: users' records report beside their events.

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, RefUnwindSafe},
};

use serde_json::Value;
use texting::{
    log::{Entry, Level},
    storage::StoreError,
    statistics::{Statistics as Core, report::Report, schema},
};
use worker::{
    DurableObject, Env, Method, Request, Response, Result, State, durable_object, web_sys,
};

use crate::{
    answer, edge,
    object::{Address, ObjectError},
    outbound::within,
    user_record::sql::ObjectSql,
};

/// The binding of the Durable Object.
const STATISTICS: &str = "STATISTICS";
/// The one object.
const ALL: Address<'static> = Address(STATISTICS, "all");
/// How long it may take to answer, in milliseconds.
const PATIENCE: u64 = 10_000;

/// Adds a user's report.
pub async fn tell(env: &Env, report: &Report) -> std::result::Result<(), ObjectError> {
    let json = serde_json::to_string(report).map_err(|error| ALL.unknown(error))?;
    call(env, Some(&json)).await.map(|_| ())
}

/// Everything that an operator may see.
pub async fn ask(env: &Env) -> std::result::Result<Value, ObjectError> {
    ALL.json(&call(env, None).await?).await
}

async fn call(
    env: &Env,
    told: Option<&str>,
) -> std::result::Result<web_sys::Response, ObjectError> {
    let answer = within(PATIENCE, ALL.call(env, told)).await;
    answer.unwrap_or(Err(ObjectError::TimeOut(STATISTICS)))
}

/// What happened over all users.
#[durable_object]
pub struct Statistics {
    object: AssertUnwindSafe<Object>,
}

impl RefUnwindSafe for Object {}

struct Object {
    sql: ObjectSql,
    /// Whether the schema is known to be there.
    migrated: Cell<bool>,
}

impl DurableObject for Statistics {
    fn new(state: State, _env: Env) -> Self {
        let sql = ObjectSql::new(state.storage());
        let object = Object {
            sql,
            migrated: Cell::new(false),
        };
        Self {
            object: AssertUnwindSafe(object),
        }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        if request.method() == Method::Get {
            return done(self.object.show());
        }
        match Report::read(&request.text().await?) {
            Some(report) => done(self.object.add(&report)),
            None => answer::text(400, "not a report that this version knows"),
        }
    }
}

impl Object {
    fn add(&self, report: &Report) -> std::result::Result<Value, StoreError> {
        self.turn(&mut |statistics| {
            statistics.add(report)?;
            Ok(Value::Null)
        })
    }

    fn show(&self) -> std::result::Result<Value, StoreError> {
        self.turn(&mut |statistics| {
            statistics.roll_up()?;
            statistics.show()
        })
    }

    /// Runs one turn as a transaction.
    fn turn(
        &self,
        decide: &mut dyn FnMut(&Core<'_>) -> std::result::Result<Value, StoreError>,
    ) -> std::result::Result<Value, StoreError> {
        let mut decided = Value::Null;
        self.sql.transaction(&mut || {
            if !self.migrated.get() {
                schema::migrate(&self.sql)?;
            }
            decided = decide(&Core::new(&self.sql, edge::now()))?;
            Ok(())
        })?;
        self.migrated.set(true);
        Ok(decided)
    }
}

fn done(done: std::result::Result<Value, StoreError>) -> Result<Response> {
    match done {
        Ok(body) => answer::json(200, &body),
        Err(error) => {
            edge::log(&Entry::new(Level::Error, "statistics.storage_failed").with("why", error));
            answer::text(500, "storage failed")
        }
    }
}
