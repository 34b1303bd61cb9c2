//! The object's storage. Every turn is a savepoint, which is rolled back if the turn breaks off.

use std::cell::Cell;

use rusqlite::Connection;
use texting::storage::{Row, Sql, StoreError, Value};

use crate::sqlite::Sqlite;

pub struct Storage {
    sqlite: Sqlite,
    /// How many statements run before storage fails, if it is to.
    left: Cell<Option<u32>>,
    broke: Cell<bool>,
    /// Whether a turn has run since the rows were last checked.
    has_turned: Cell<bool>,
    /// Whether the last turn failed.
    failed: Cell<bool>,
}

impl Storage {
    pub fn new() -> Self {
        let connection = Connection::open_in_memory().unwrap();
        connection.set_prepared_statement_cache_capacity(200);
        Self {
            sqlite: Sqlite(connection),
            left: Cell::new(None),
            broke: Cell::new(false),
            has_turned: Cell::new(false),
            failed: Cell::new(false),
        }
    }

    /// Makes storage fail once, after this many statements.
    pub fn break_after(&self, statements: u32) {
        self.left.set(Some(statements));
    }

    /// Whether a turn has failed since the last call.
    pub fn has_broken(&self) -> bool {
        self.broke.take()
    }

    /// Whether the last turn failed. An attempt's last turn is run once more if it does.
    pub fn has_failed(&self) -> bool {
        self.failed.get()
    }

    /// The same as [`has_broken`](Self::has_broken), but does not end with the call.
    pub fn is_broken(&self) -> bool {
        self.broke.get()
    }

    /// Whether a turn has run since the last call.
    pub fn has_turned(&self) -> bool {
        self.has_turned.take()
    }

    pub fn mend(&self) {
        self.left.set(None);
    }

    /// Runs a turn as one transaction.
    pub fn transaction(
        &self,
        turn: &mut dyn FnMut() -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.has_turned.set(true);
        self.all("SAVEPOINT turn");
        let done = turn();
        if done.is_err() {
            self.all("ROLLBACK TO turn");
        }
        self.all("RELEASE turn");
        self.failed.set(done.is_err());
        done
    }

    /// Reads rows for comparison, without failures. A table that is not there has none.
    pub fn all(&self, statement: &str) -> Vec<Row> {
        match self.sqlite.exec(statement, &[]) {
            Err(StoreError::Refused(why)) if why.contains("no such table") => Vec::new(),
            rows => rows.unwrap(),
        }
    }
}

impl Sql for Storage {
    fn exec(&self, statement: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        match self.left.get() {
            Some(0) => {
                self.left.set(None);
                self.broke.set(true);
                Err(StoreError::Refused("broken".to_owned()))
            }
            left => {
                self.left.set(left.map(|left| left - 1));
                self.sqlite.exec(statement, params)
            }
        }
    }

    fn run(&self, script: &str) -> Result<(), StoreError> {
        self.sqlite.run(script)
    }
}
