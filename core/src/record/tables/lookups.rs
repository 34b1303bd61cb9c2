//! The reverse lookups that were written to KV for the user, so that an erasure finds them all.

use super::{Rows, Store, made::Table};
use crate::{
    params,
    phone::{Number, Phone},
    storage::{Columns, FromRow, StoreError},
};

/// The table's definition.
pub const CREATE: [&str; 1] =
    ["CREATE TABLE lookups (phone TEXT, number TEXT, PRIMARY KEY (phone, number)) WITHOUT ROWID"];

/// The phone and number of a reverse lookup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookupRow {
    /// The phone that was texted.
    pub phone: Phone,
    /// The number that it was texted from.
    pub number: Number,
}

/// The table.
pub struct Lookups<'a>(Rows<'a>);

impl<'a> Lookups<'a> {
    /// The table in a record's store.
    pub fn new(store: &'a Store<'a>) -> Self {
        Self(Rows::of(store, Table::Lookups))
    }

    /// All reverse lookups of the user.
    pub fn all(&self) -> Result<Vec<LookupRow>, StoreError> {
        self.0.all("SELECT phone, number FROM lookups", params![])
    }

    /// Stores a reverse lookup, unless it is stored already.
    pub fn insert(&self, phone: &Phone, number: &Number) -> Result<(), StoreError> {
        self.0.insert(
            "INSERT OR IGNORE INTO lookups (phone, number) VALUES (?1, ?2)",
            params![phone, number],
        )
    }
}

impl FromRow for LookupRow {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, StoreError> {
        Ok(LookupRow {
            phone: columns.next()?,
            number: columns.next()?,
        })
    }
}
