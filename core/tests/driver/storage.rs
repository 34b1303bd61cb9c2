//! Storage that journals its statements and refuses those that a test names.

use std::{cell::Cell, rc::Rc};

use rusqlite::Connection;
use texting::storage::{Row, Sql, StoreError, Value};

use crate::{journal::Journal, sqlite::Sqlite};

pub struct Storage {
    sqlite: Sqlite,
    journal: Rc<Journal>,
    refused: Cell<Option<&'static str>>,
    /// Whether transactions fail at their very end.
    pub commits_fail: Cell<bool>,
}

impl Storage {
    pub fn new(journal: Rc<Journal>) -> Self {
        Self {
            sqlite: Sqlite(Connection::open_in_memory().unwrap()),
            journal,
            refused: Cell::new(None),
            commits_fail: Cell::new(false),
        }
    }

    /// Refuses the statements that contain these words, if any, from now on.
    pub fn refuse(&self, words: impl Into<Option<&'static str>>) {
        self.refused.set(words.into());
    }

    /// How many rows a table has; none if it is not there.
    pub fn rows(&self, table: &str) -> i64 {
        let count = format!("SELECT count(*) FROM {table}");
        let counted = self.sqlite.first(&count, &[]);
        counted.map_or(0, |row| row.unwrap().read().unwrap())
    }

    pub fn transaction(
        &self,
        work: &mut dyn FnMut() -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        // Dropped without a commit, it rolls back.
        let transaction = self.sqlite.0.unchecked_transaction().unwrap();
        work()?;
        if self.commits_fail.get() {
            return Err(StoreError::Refused("no commit".to_owned()));
        }
        transaction.commit().unwrap();
        Ok(())
    }
}

impl Sql for Storage {
    fn exec(&self, statement: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        if self
            .refused
            .get()
            .is_some_and(|words| statement.contains(words))
        {
            return Err(StoreError::Refused("on purpose".to_owned()));
        }
        self.journal.note(statement);
        self.sqlite.exec(statement, params)
    }

    fn run(&self, script: &str) -> Result<(), StoreError> {
        self.sqlite.run(script)
    }
}
