//! Synchronous SQL on SQLite, as the user records and the statistics use it.

pub mod migrations;
mod value;

use thiserror::Error;

pub(crate) use value::stored_as_word;
pub use value::{Columns, FromRow, FromValue, Row, Value};

/// A SQLite database: the Durable Object's storage or, in tests, rusqlite.
pub trait Sql {
    /// Runs one statement with numbered parameters (`?1`, `?2` …). Returns the rows of a `SELECT`; the rows
    /// of any other statement may be missing.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if SQLite refuses the statement.
    fn exec(&self, statement: &str, params: &[Value]) -> Result<Vec<Row>, StoreError>;

    /// Runs several statements, separated by semicolons, that have no parameters and return no rows.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if SQLite refuses one of them.
    fn run(&self, script: &str) -> Result<(), StoreError>;

    /// Runs one statement as [`exec`](Self::exec) does, and returns its first row, if there is one.
    ///
    /// # Errors
    /// As [`exec`](Self::exec).
    fn first(&self, statement: &str, params: &[Value]) -> Result<Option<Row>, StoreError> {
        Ok(self.exec(statement, params)?.into_iter().next())
    }
}

/// Storage failed, or a stored value is not as the schema says.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum StoreError {
    /// SQLite refused the statement.
    #[error("storage refused a statement: {0}")]
    Refused(String),
    /// A column holds a value of another type than expected.
    #[error("stored column {column} is not {expected}")]
    Column {
        /// Index of the column in the statement.
        column: usize,
        /// What was expected.
        expected: &'static str,
    },
}

/// Parameters for [`Sql::exec`], each converted by its type.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::storage::Value::from($value)),*] };
}
