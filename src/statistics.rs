//! The Durable Object of the statistics, one for all users: a thin shell around the core's
//! [`Statistics`](texting::statistics::Statistics).
//!
//! A POST of a [`Report`] as JSON adds it, a GET answers everything as JSON. Nothing waits for it but an
//! operator: users' records report beside their events.

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, RefUnwindSafe},
};

use texting::{
    log::{Entry, Level},
    record::store::StoreError,
    statistics::{Statistics as Core, report::Report, schema},
};
use worker::{
    DurableObject, Env, Method, Request, RequestInit, Response, Result, State, durable_object,
    wasm_bindgen::JsValue,
};

use crate::{
    answer, edge,
    outbound::within,
    user_record::sql::{self, ObjectSql},
};

/// The binding of the Durable Object.
pub const STATISTICS: &str = "STATISTICS";
/// The name of the one object.
const ALL: &str = "all";
/// How long it may take to answer, in milliseconds.
const PATIENCE: u64 = 10_000;

/// Why the statistics could not be told or asked.
#[derive(Debug, thiserror::Error)]
pub enum StatisticsError {
    /// There is no such binding, or the call failed.
    #[error(
        "the statistics could not be called (is {STATISTICS} bound, as in wrangler.toml?): {0}"
    )]
    Call(#[from] worker::Error),
    /// They answered something else than 200.
    #[error("the statistics answered {0}")]
    Status(u16),
    /// They did not answer in time.
    #[error("the statistics did not answer in time")]
    TimeOut,
    /// A report could not be written as JSON.
    #[error("a report could not be written: {0}")]
    Json(#[from] serde_json::Error),
}

/// Adds a user's report.
pub async fn tell(env: &Env, report: &Report) -> std::result::Result<(), StatisticsError> {
    let body = serde_json::to_string(report)?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_body(Some(JsValue::from_str(&body)));
    call(env, &init).await.map(|_| ())
}

/// Everything that an operator may see.
pub async fn ask(env: &Env) -> std::result::Result<serde_json::Value, StatisticsError> {
    Ok(call(env, &RequestInit::new()).await?.json().await?)
}

async fn call(env: &Env, init: &RequestInit) -> std::result::Result<Response, StatisticsError> {
    let request = Request::new_with_init("https://statistics/", init)?;
    let stub = env.durable_object(STATISTICS)?.get_by_name(ALL)?;
    let answer = within(PATIENCE, stub.fetch_with_request(request)).await;
    let response = answer.ok_or(StatisticsError::TimeOut)??;
    match response.status_code() {
        200 => Ok(response),
        status => Err(StatisticsError::Status(status)),
    }
}

/// What happened over all users.
#[durable_object]
pub struct Statistics {
    object: AssertUnwindSafe<Object>,
}

impl RefUnwindSafe for Object {}

struct Object {
    state: State,
    sql: ObjectSql,
    /// Whether the schema is known to be there.
    migrated: Cell<bool>,
}

impl DurableObject for Statistics {
    fn new(state: State, _env: Env) -> Self {
        let sql = ObjectSql::new(state.storage().sql());
        let object = Object {
            state,
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
        match serde_json::from_slice::<Report>(&request.bytes().await?) {
            Ok(report) => done(self.object.add(&report)),
            Err(_) => answer::text(400, "not a report that this version knows"),
        }
    }
}

impl Object {
    fn add(&self, report: &Report) -> std::result::Result<serde_json::Value, StoreError> {
        self.turn(&mut |statistics| {
            statistics.add(report)?;
            Ok(serde_json::Value::Null)
        })
    }

    fn show(&self) -> std::result::Result<serde_json::Value, StoreError> {
        self.turn(&mut |statistics| {
            statistics.roll_up()?;
            statistics.show()
        })
    }

    /// Runs one turn as a transaction.
    fn turn(
        &self,
        decide: &mut dyn FnMut(&Core<'_>) -> std::result::Result<serde_json::Value, StoreError>,
    ) -> std::result::Result<serde_json::Value, StoreError> {
        let mut decided = serde_json::Value::Null;
        sql::transaction(&self.state.storage(), &mut || {
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

fn done(done: std::result::Result<serde_json::Value, StoreError>) -> Result<Response> {
    match done {
        Ok(body) => answer::json(200, &body),
        Err(error) => {
            edge::log(&Entry::new(Level::Error, "statistics.storage_failed").with("why", error));
            answer::text(500, "storage failed")
        }
    }
}
