//! The stored schema of the statistics, as forward steps.

use super::tables;
use crate::storage::{
    Sql, StoreError,
    migrations::{self, Step},
};

/// Step n makes version n + 1 of version n.
const STEPS: [Step; 1] = [&[&tables::CREATE]];

/// Brings the store to the last version of its schema.
///
/// # Errors
/// [`StoreError`] when storage fails.
pub fn migrate(sql: &dyn Sql) -> Result<(), StoreError> {
    migrations::migrate(sql, &STEPS).map(|_| ())
}
