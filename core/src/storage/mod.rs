//! Synchronous SQL over SQLite: the one thing that a record and the statistics need of their surroundings.

pub mod migrations;
mod value;

use thiserror::Error;

pub(crate) use value::stored_as_word;
pub use value::{Columns, FromRow, FromValue, Row, Value};

/// SQLite, as the Durable Object's storage or, in tests, rusqlite offers it.
pub trait Sql {
    /// Runs one statement with numbered parameters and returns every row that it yields.
    ///
    /// # Errors
    /// [`StoreError::Refused`] when SQLite refuses the statement.
    fn exec(&self, statement: &str, params: &[Value]) -> Result<Vec<Row>, StoreError>;

    /// Runs several statements, separated by semicolons, that have no parameters and yield no rows.
    ///
    /// # Errors
    /// [`StoreError::Refused`] when SQLite refuses one of them.
    fn run(&self, script: &str) -> Result<(), StoreError>;

    /// The first row that a statement yields.
    ///
    /// # Errors
    /// As [`exec`](Self::exec).
    fn first(&self, statement: &str, params: &[Value]) -> Result<Option<Row>, StoreError> {
        Ok(self.exec(statement, params)?.into_iter().next())
    }
}

/// Storage failed, or holds what no version of this software stores.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum StoreError {
    /// SQLite refused the statement.
    #[error("storage refused a statement: {0}")]
    Refused(String),
    /// A column does not hold what the schema says.
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
