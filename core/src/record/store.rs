//! The one thing a record needs of its surroundings: synchronous SQL over SQLite.

use thiserror::Error;

/// SQLite, as the Durable Object's storage or, in tests, rusqlite offers it.
pub trait Sql {
    /// Runs one statement with numbered parameters and returns every row it yields.
    fn exec(&self, statement: &str, params: &[Value]) -> Result<Vec<Row>, StoreError>;

    /// Runs several statements, divided by semicolons, that have no parameters and yield nothing.
    fn run(&self, script: &str) -> Result<(), StoreError>;
}

/// A value in a row or a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// SQL's NULL.
    Null,
    /// An integer; JavaScript keeps it exact up to 2^53.
    Integer(i64),
    /// A text.
    Text(String),
}

/// One row, its values in the order of the statement's columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row(pub Vec<Value>);

/// Storage failed or held something that we did not put there.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum StoreError {
    /// SQLite refused the statement.
    #[error("storage refused a statement: {0}")]
    Refused(String),
    /// A column held another type than the schema says.
    #[error("stored column {column} is not {expected}")]
    Column {
        /// Index of the column in the statement.
        column: usize,
        /// The type that was expected.
        expected: &'static str,
    },
}

impl Row {
    /// The text in a column.
    pub fn text(&self, column: usize) -> Result<String, StoreError> {
        self.maybe_text(column)?.ok_or(StoreError::Column {
            column,
            expected: "a text",
        })
    }

    /// The text in a column that may be NULL.
    pub fn maybe_text(&self, column: usize) -> Result<Option<String>, StoreError> {
        match self.0.get(column) {
            Some(Value::Text(text)) => Ok(Some(text.clone())),
            Some(Value::Null) => Ok(None),
            _ => Err(StoreError::Column {
                column,
                expected: "a text",
            }),
        }
    }

    /// The integer in a column.
    pub fn integer(&self, column: usize) -> Result<i64, StoreError> {
        self.maybe_integer(column)?.ok_or(StoreError::Column {
            column,
            expected: "an integer",
        })
    }

    /// The integer in a column that may be NULL.
    pub fn maybe_integer(&self, column: usize) -> Result<Option<i64>, StoreError> {
        match self.0.get(column) {
            Some(Value::Integer(number)) => Ok(Some(*number)),
            Some(Value::Null) => Ok(None),
            _ => Err(StoreError::Column {
                column,
                expected: "an integer",
            }),
        }
    }

    /// The truth of an integer column.
    pub fn flag(&self, column: usize) -> Result<bool, StoreError> {
        Ok(self.integer(column)? != 0)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Integer(i64::from(flag))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Parameters for [`Sql::exec`], converted each by its type.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::record::store::Value::from($value)),*] };
}
