//! The migrations of the statistics.

use super::tables;
use crate::storage::{
    Sql, StoreError,
    migrations::{self, Step},
};

/// Step n migrates version n to version n + 1.
const STEPS: [Step; 1] = [&[&tables::CREATE]];

/// Migrates the store to the latest version of its schema.
///
/// # Errors
/// [`StoreError`] when storage fails.
pub fn migrate(sql: &dyn Sql) -> Result<(), StoreError> {
    migrations::migrate(sql, &STEPS).map(|_| ())
}
