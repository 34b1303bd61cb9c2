//! The stored schema of the statistics, as forward steps. A released step is never changed: a new one
//! is added at the end.

use crate::record::store::{Sql, StoreError};

/// Step n brings the store from schema n to n + 1.
const STEPS: [&[&str]; 1] = [&[
    "CREATE TABLE hours (
        hour INTEGER, what TEXT, count INTEGER NOT NULL,
        PRIMARY KEY (hour, what)) WITHOUT ROWID",
    "CREATE TABLE days (
        day INTEGER, what TEXT, count INTEGER NOT NULL,
        PRIMARY KEY (day, what)) WITHOUT ROWID",
    "CREATE TABLE users (
        histogram TEXT, numbers INTEGER, users INTEGER NOT NULL,
        PRIMARY KEY (histogram, numbers)) WITHOUT ROWID",
]];

/// The schema that this version reads and writes.
pub const VERSION: i64 = 1;

/// Brings the store to [`VERSION`].
pub fn migrate(sql: &dyn Sql) -> Result<(), StoreError> {
    crate::record::schema::run_steps(sql, &STEPS, VERSION).map(|_| ())
}
