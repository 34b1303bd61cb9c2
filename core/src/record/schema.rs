//! The schema of a user record's database, as steps from each version to the next.

use super::tables::{
    failures, heard, links, lookups, notices, parts, profile, ranges, replies, seen,
};
use crate::storage::{
    Sql, StoreError,
    migrations::{self, Migrated, Step},
};

/// The step at index n brings version n to version n + 1. Each table's definition is in the table's own file.
const STEPS: [Step; 1] = [&[
    &profile::CREATE,
    &notices::CREATE,
    &seen::CREATE,
    &ranges::CREATE,
    &links::CREATE,
    &lookups::CREATE,
    &replies::CREATE,
    &heard::CREATE,
    &parts::CREATE,
    &failures::CREATE,
]];

/// The version of the schema that this software reads and writes.
pub const VERSION: usize = STEPS.len();

/// Brings a record to [`VERSION`]. Costs one read if it has that version already.
///
/// # Errors
/// [`StoreError`] when storage fails.
pub fn migrate(sql: &dyn Sql) -> Result<Migrated, StoreError> {
    migrations::migrate(sql, &STEPS)
}
