//! All that is stored of one user, and the rules over it, as a state machine: a turn takes an event
//! and the time, reads and writes the few rows that it needs, and leaves decisions behind.
//!
//! Everything in one turn is one transaction: the caller sees to that, and that no other turn of the
//! same record runs meanwhile.

pub mod arrival;
pub mod claim;
pub mod command;
pub mod envelope;
pub mod failure;
pub mod inbound;
pub mod link;
pub mod notice;
pub mod order;
pub mod policy;
pub mod profile;
pub mod reply;
pub mod report;
pub mod retry;
pub mod schema;
pub mod seen;
pub mod show;
pub mod store;
pub mod wake;

use std::cell::{Cell, RefCell};

use crate::{
    log::{Entry, Level},
    time::Millis,
};
use policy::Policy;
use store::{Row, Sql, StoreError, Value};
use wake::Room;

/// One turn of a user's record.
pub struct Record<'a> {
    sql: &'a dyn Sql,
    policy: &'a Policy,
    now: Millis,
    entries: RefCell<Vec<Entry>>,
    /// The next wake-up, until something changes.
    wake: Cell<Option<(Room, Option<Millis>)>>,
}

impl<'a> Record<'a> {
    /// Opens a turn at a moment. The schema must be there: see [`schema::migrate`].
    pub fn new(sql: &'a dyn Sql, policy: &'a Policy, now: Millis) -> Self {
        Self {
            sql,
            policy,
            now,
            entries: RefCell::default(),
            wake: Cell::default(),
        }
    }

    /// What the turn has to say in the log, once it is stored.
    pub fn into_entries(self) -> Vec<Entry> {
        self.entries.into_inner()
    }

    fn note(&self, entry: Entry) {
        self.entries.borrow_mut().push(entry);
    }

    fn info(&self, message: &'static str) -> Entry {
        Entry::new(Level::Info, message)
    }

    fn exec(&self, statement: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        if !statement.starts_with("SELECT") {
            self.wake.set(None);
        }
        self.sql.exec(statement, params)
    }

    fn first(&self, statement: &str, params: &[Value]) -> Result<Option<Row>, StoreError> {
        Ok(self.exec(statement, params)?.into_iter().next())
    }
}
