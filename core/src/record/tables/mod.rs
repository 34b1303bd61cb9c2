//! The tables of a user record. Each has a file with its definition, its statements and the type of its rows.
//! The rules call these functions and never name a column.

pub mod failures;
pub mod heard;
pub mod joint;
pub mod links;
pub mod lookups;
pub mod made;
pub mod notices;
pub mod parts;
pub mod profile;
pub mod ranges;
pub mod replies;
pub mod seen;
pub mod shown;
pub mod texts;

use std::cell::Cell;

use strum::VariantArray;

use super::schema;
use crate::{
    params,
    storage::{FromRow, Row, Sql, StoreError, Value, migrations::Statements},
    time::Timestamp,
};
use made::{Made, Table};

/// The tables that nearly every user needs: a message is what most users begin with.
const EVERYBODYS: [Table; 2] = [Table::Profile, Table::Notices];

/// The statements that make a table.
fn definition(table: Table) -> Statements {
    match table {
        Table::Profile => &profile::CREATE,
        Table::Notices => &notices::CREATE,
        Table::Seen => &seen::CREATE,
        Table::Ranges => &ranges::CREATE,
        Table::Links => &links::CREATE,
        Table::Lookups => &lookups::CREATE,
        Table::Replies => &replies::CREATE,
        Table::Heard => &heard::CREATE,
        Table::Parts => &parts::CREATE,
        Table::Failures => &failures::CREATE,
        Table::Texts => &texts::CREATE,
    }
}

/// The tables' access to storage. Counts writes, so that values computed from rows can be cached until the
/// next write.
///
/// All functions of the tables return [`StoreError`] if storage fails or a row is not as the schema says.
pub struct Store<'a> {
    sql: &'a dyn Sql,
    made: Cell<Made>,
    written: Cell<Made>,
    new_wake: Cell<Option<Timestamp>>,
    writes: Cell<u32>,
}

impl<'a> Store<'a> {
    /// The store of one turn, given the tables that the record has.
    pub fn new(sql: &'a dyn Sql, made: Made) -> Self {
        Self {
            sql,
            made: Cell::new(made),
            written: Cell::default(),
            new_wake: Cell::default(),
            writes: Cell::new(0),
        }
    }

    /// The tables that the record has by now.
    pub fn made(&self) -> Made {
        self.made.get()
    }

    /// The tables that were written to so far, except for rows whose wake-ups are [known](Self::new_wake).
    fn written(&self) -> Made {
        self.written.get()
    }

    /// The earliest wake-up of the rows that were inserted with one.
    pub fn new_wake(&self) -> Option<Timestamp> {
        self.new_wake.get()
    }

    /// How many writing statements have run so far.
    pub fn writes(&self) -> u32 {
        self.writes.get()
    }

    /// Makes a table, if it is not there. A new record gets those that nearly every user needs at once, and what says
    /// the schema's version.
    pub fn make(&self, table: Table) -> Result<(), StoreError> {
        let made = self.made();
        if made.has(table) {
            return Ok(());
        }
        let (mut script, mut tables) = (String::new(), vec![table]);
        if made.is_empty() {
            script = schema::new();
            tables.extend(EVERYBODYS.iter().filter(|it| **it != table));
        }
        let statements = tables.iter().flat_map(|table| definition(*table));
        let statements: Vec<&str> = statements.copied().collect();
        self.sql
            .run(&format!("{script}{}", statements.join("; ")))?;
        self.made.set(tables.into_iter().fold(made, Made::with));
        Ok(())
    }

    /// Deletes every row of every table.
    pub fn erase(&self) -> Result<(), StoreError> {
        for table in Table::VARIANTS {
            Rows::of(self, *table).write(&format!("DELETE FROM {}", table.name()), params![])?;
        }
        Ok(())
    }

    fn first<T: FromRow>(
        &self,
        statement: &str,
        params: &[Value],
    ) -> Result<Option<T>, StoreError> {
        let row = self.sql.first(statement, params)?;
        row.map(|row| row.read()).transpose()
    }
}

/// The rows of one table. There are none if the table is not there.
struct Rows<'a> {
    store: &'a Store<'a>,
    table: Table,
}

impl<'a> Rows<'a> {
    fn of(store: &'a Store<'a>, table: Table) -> Self {
        Self { store, table }
    }

    fn is_made(&self) -> bool {
        self.store.made().has(self.table)
    }

    fn all<T: FromRow>(&self, statement: &str, params: &[Value]) -> Result<Vec<T>, StoreError> {
        if !self.is_made() {
            return Ok(Vec::new());
        }
        let rows = self.store.sql.exec(statement, params)?;
        rows.iter().map(Row::read).collect()
    }

    fn first<T: FromRow>(
        &self,
        statement: &str,
        params: &[Value],
    ) -> Result<Option<T>, StoreError> {
        match self.is_made() {
            true => self.store.first(statement, params),
            false => Ok(None),
        }
    }

    /// Whether a statement returns a row.
    fn exists(&self, statement: &str, params: &[Value]) -> Result<bool, StoreError> {
        Ok(self.is_made() && self.store.sql.first(statement, params)?.is_some())
    }

    /// Inserts a row. Makes the table if it is not there.
    fn insert(&self, statement: &str, params: &[Value]) -> Result<(), StoreError> {
        self.store.make(self.table)?;
        self.write(statement, params)
    }

    /// Inserts a row, for which the record must be woken at `wake`.
    fn insert_waking(
        &self,
        wake: Option<Timestamp>,
        statement: &str,
        params: &[Value],
    ) -> Result<(), StoreError> {
        self.store.make(self.table)?;
        let wakes = [wake, self.store.new_wake()].into_iter().flatten();
        self.store.new_wake.set(wakes.min());
        self.exec(statement, params)
    }

    /// Changes or deletes rows.
    fn write(&self, statement: &str, params: &[Value]) -> Result<(), StoreError> {
        if !self.is_made() {
            return Ok(());
        }
        let written = self.store.written().with(self.table);
        self.store.written.set(written);
        self.exec(statement, params)
    }

    fn exec(&self, statement: &str, params: &[Value]) -> Result<(), StoreError> {
        self.store.writes.set(self.store.writes() + 1);
        self.store.sql.exec(statement, params).map(|_| ())
    }

    fn count(&self) -> Result<i64, StoreError> {
        let statement = format!("SELECT count(*) FROM {}", self.table.name());
        Ok(self.first(&statement, params![])?.unwrap_or_default())
    }
}
