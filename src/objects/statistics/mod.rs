//! The Durable Object of the statistics, one for all users: a thin shell around the core's
//! [`Statistics`](texting::statistics::Statistics).
//!
//! POST of a [`Report`] as JSON adds it; GET returns everything as JSON. User records report in tasks of
//! their own, so no webhook waits for this object.

pub mod client;

use std::{cell::Cell, panic::AssertUnwindSafe};

use serde_json::Value;
use texting::{
    log::{Entry, Level},
    statistics::{self, report::Report, schema},
    storage::StoreError,
};
use worker::{DurableObject, Env, Method, Request, Response, Result, State, durable_object};

use crate::{
    http::response,
    platform::{clock::now, log::log, storage::ObjectStorage},
};

/// The counts over all users.
#[durable_object(fetch)]
pub struct Statistics {
    instance: AssertUnwindSafe<Instance>,
}

struct Instance {
    storage: ObjectStorage,
    /// Whether this instance has migrated the schema.
    migrated: Cell<bool>,
}

impl DurableObject for Statistics {
    fn new(state: State, _env: Env) -> Self {
        let instance = Instance {
            storage: ObjectStorage::new(state.storage()),
            migrated: Cell::new(false),
        };
        Self {
            instance: AssertUnwindSafe(instance),
        }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        if request.method() == Method::Get {
            return respond(self.instance.show());
        }
        match Report::read(&request.text().await?) {
            Some(report) => respond(self.instance.add(&report)),
            None => response::text(400, "not a report that this version knows"),
        }
    }
}

impl Instance {
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
        decide: &mut dyn FnMut(
            &statistics::Statistics<'_>,
        ) -> std::result::Result<Value, StoreError>,
    ) -> std::result::Result<Value, StoreError> {
        let mut decided = Value::Null;
        self.storage.transaction(&mut || {
            if !self.migrated.get() {
                schema::migrate(&self.storage)?;
            }
            decided = decide(&statistics::Statistics::new(&self.storage, now()))?;
            Ok(())
        })?;
        self.migrated.set(true);
        Ok(decided)
    }
}

fn respond(decided: std::result::Result<Value, StoreError>) -> Result<Response> {
    match decided {
        Ok(body) => response::json(200, &body),
        Err(error) => {
            log(&Entry::new(Level::Error, "statistics.storage_failed").with("why", error));
            response::text(500, "storage failed")
        }
    }
}
