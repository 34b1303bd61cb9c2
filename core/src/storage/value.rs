//! The values of rows and parameters, and their conversion to and from the core's types.

use super::StoreError;
use crate::{
    ids::{ConversationId, MessageId, Position, TextId, TextReference, UserId},
    phone::{Number, Phone},
    time::{Span, Timestamp},
};

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

/// A type that can be read from one column.
pub trait FromValue: Sized {
    /// The name of the type in [`StoreError::Column`], with an article.
    const EXPECTED: &'static str;

    /// Reads a column's value; `None` if it is of another type.
    fn from_value(value: &Value) -> Option<Self>;
}

/// A type that can be read from a row.
pub trait FromRow: Sized {
    /// Reads the row's columns in the statement's order.
    ///
    /// # Errors
    /// [`StoreError::Column`] when a column holds another type.
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, StoreError>;
}

/// The columns of a row, read one after another.
pub struct Columns<'a> {
    row: &'a Row,
    next: usize,
}

impl Row {
    /// A reader of the row's columns, beginning with the first.
    pub fn columns(&self) -> Columns<'_> {
        Columns { row: self, next: 0 }
    }

    /// Reads the row.
    ///
    /// # Errors
    /// [`StoreError::Column`] when a column holds another type.
    pub fn read<T: FromRow>(&self) -> Result<T, StoreError> {
        T::from_row(&mut self.columns())
    }
}

/// A row of one column.
impl<T: FromValue> FromRow for T {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, StoreError> {
        columns.next()
    }
}

impl Columns<'_> {
    /// Reads the next column.
    ///
    /// # Errors
    /// [`StoreError::Column`] when there is none, or when it holds another type.
    #[expect(
        clippy::should_implement_trait,
        reason = "each column has its own type"
    )]
    pub fn next<T: FromValue>(&mut self) -> Result<T, StoreError> {
        let column = self.next;
        self.next += 1;
        let value = self.row.0.get(column);
        value.and_then(T::from_value).ok_or(StoreError::Column {
            column,
            expected: T::EXPECTED,
        })
    }
}

impl Columns<'_> {
    /// The error for the column that was read last, if its value is not the expected one.
    pub fn unexpected(&self, expected: &'static str) -> StoreError {
        StoreError::Column {
            column: self.next.saturating_sub(1),
            expected,
        }
    }
}

impl FromValue for i64 {
    const EXPECTED: &'static str = "an integer";

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Integer(number) => Some(*number),
            _ => None,
        }
    }
}

impl FromValue for bool {
    const EXPECTED: &'static str = "an integer";

    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value).map(|number| number != 0)
    }
}

impl FromValue for String {
    const EXPECTED: &'static str = "a text";

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
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

/// Stores a type as an integer of milliseconds.
macro_rules! stored_as_millis {
    ($($name:ident),*) => { $(
        impl FromValue for $name {
            const EXPECTED: &'static str = "an integer";

            fn from_value(value: &Value) -> Option<Self> {
                i64::from_value(value).map(Self::from_millis)
            }
        }

        impl From<$name> for Value {
            fn from(time: $name) -> Self {
                Self::Integer(time.as_millis())
            }
        }
    )* };
}

stored_as_millis!(Timestamp, Span);

/// Stores a type as the text that it wraps.
macro_rules! stored_as_text {
    ($($name:ident by $make:ident),*) => { $(
        impl FromValue for $name {
            const EXPECTED: &'static str = "a text";

            fn from_value(value: &Value) -> Option<Self> {
                String::from_value(value).map(Self::$make)
            }
        }

        impl From<&$name> for Value {
            fn from(id: &$name) -> Self {
                Self::Text(id.as_str().to_owned())
            }
        }
    )* };
}

stored_as_text!(
    UserId by new,
    ConversationId by new,
    MessageId by new,
    TextId by new,
    TextReference by new,
    Phone by from_digits,
    Number by from_digits
);

impl FromValue for Position {
    const EXPECTED: &'static str = "a position";

    fn from_value(value: &Value) -> Option<Self> {
        String::from_value(value)?.parse().ok()
    }
}

impl From<Position> for Value {
    fn from(position: Position) -> Self {
        Self::Text(position.to_string())
    }
}

/// Stores an enum as the word that `strum` gives each variant.
macro_rules! stored_as_word {
    ($name:ident, $expected:literal) => {
        impl $crate::storage::FromValue for $name {
            const EXPECTED: &'static str = $expected;

            fn from_value(value: &$crate::storage::Value) -> Option<Self> {
                match value {
                    $crate::storage::Value::Text(word) => word.parse().ok(),
                    _ => None,
                }
            }
        }

        impl From<$name> for $crate::storage::Value {
            fn from(value: $name) -> Self {
                Self::from(<&str>::from(value))
            }
        }
    };
}

pub(crate) use stored_as_word;
