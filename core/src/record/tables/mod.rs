//! The tables of a user's record, one file each: the table's definition, its statements, its row and the
//! reading of it. Rules call these and name no column.

pub mod failures;
pub mod heard;
pub mod joint;
pub mod links;
pub mod lookups;
pub mod notices;
pub mod parts;
pub mod profile;
pub mod ranges;
pub mod replies;
pub mod seen;

use std::cell::Cell;

use crate::{
    params,
    storage::{FromRow, Row, Sql, StoreError, Value},
};

/// The tables' access to storage. Counts what was written, so that what was computed from rows can be
/// known to be current.
pub struct Store<'a> {
    sql: &'a dyn Sql,
    writes: Cell<u32>,
}

impl<'a> Store<'a> {
    /// Nothing was written yet.
    pub fn new(sql: &'a dyn Sql) -> Self {
        Self {
            sql,
            writes: Cell::new(0),
        }
    }

    /// How many statements have written so far.
    pub fn writes(&self) -> u32 {
        self.writes.get()
    }

    fn all<T: FromRow>(&self, statement: &str, params: &[Value]) -> Result<Vec<T>, StoreError> {
        let rows = self.sql.exec(statement, params)?;
        rows.iter().map(Row::read).collect()
    }

    fn first<T: FromRow>(
        &self,
        statement: &str,
        params: &[Value],
    ) -> Result<Option<T>, StoreError> {
        let row = self.sql.first(statement, params)?;
        row.map(|row| row.read()).transpose()
    }

    /// Whether a statement yields a row.
    fn exists(&self, statement: &str, params: &[Value]) -> Result<bool, StoreError> {
        Ok(self.sql.first(statement, params)?.is_some())
    }

    fn write(&self, statement: &str, params: &[Value]) -> Result<(), StoreError> {
        self.writes.set(self.writes.get() + 1);
        self.sql.exec(statement, params).map(|_| ())
    }

    fn count(&self, table: &str) -> Result<i64, StoreError> {
        let count = self.first(&format!("SELECT count(*) FROM {table}"), params![])?;
        Ok(count.unwrap_or_default())
    }

    /// Deletes every row of every table.
    pub fn erase(&self) -> Result<(), StoreError> {
        for table in TABLES {
            self.write(&format!("DELETE FROM {table}"), params![])?;
        }
        Ok(())
    }
}

/// Every table that holds something of a user.
const TABLES: [&str; 10] = [
    profile::TABLE,
    notices::TABLE,
    seen::TABLE,
    ranges::TABLE,
    links::TABLE,
    lookups::TABLE,
    replies::TABLE,
    heard::TABLE,
    parts::TABLE,
    failures::TABLE,
];
