//! The tables of a user record. Each has a file with its definition, its statements and the type of its rows.
//! The rules call these functions and never name a column.

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

/// The tables' access to storage. Counts writes, so that values computed from rows can be cached until the
/// next write.
///
/// All functions of the tables return [`StoreError`] if storage fails or a row is not as the schema says.
pub struct Store<'a> {
    sql: &'a dyn Sql,
    writes: Cell<u32>,
}

impl<'a> Store<'a> {
    /// The store of one turn.
    pub fn new(sql: &'a dyn Sql) -> Self {
        Self {
            sql,
            writes: Cell::new(0),
        }
    }

    /// How many writing statements have run so far.
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

    /// Whether a statement returns a row.
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

/// Every table, for erasure.
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
