//! The migrations of the statistics.

use super::tables;
use crate::storage::{
    Sql, StoreError,
    migrations::{self, Schema},
};

const SCHEMA: Schema = Schema {
    create: &[&tables::CREATE],
    steps: &[],
};

/// Migrates the store to the latest version of its schema.
///
/// # Errors
/// [`StoreError`] when storage fails.
pub fn migrate(sql: &dyn Sql) -> Result<(), StoreError> {
    migrations::migrate(sql, &SCHEMA)
}
