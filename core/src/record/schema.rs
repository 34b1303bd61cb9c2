//! The schema of a user record's database. Each table's definition is in the table's own file.

use super::tables::{
    failures, heard, links, lookups, notices, parts, profile, ranges, replies, seen,
};
use crate::storage::{
    Sql, StoreError,
    migrations::{self, Migrated, Schema},
};

const SCHEMA: Schema = Schema {
    create: &[
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
    ],
    steps: &[
        &[&notices::TO_VERSION_2, &links::TO_VERSION_2],
        &[
            &notices::TO_VERSION_3,
            &links::TO_VERSION_3,
            &profile::TO_VERSION_3,
        ],
    ],
};

/// The version of the schema that this software reads and writes.
pub const VERSION: usize = SCHEMA.version();

/// Brings a record to [`VERSION`]. Costs one read if it has that version already.
///
/// # Errors
/// [`StoreError`] when storage fails.
pub fn migrate(sql: &dyn Sql) -> Result<Migrated, StoreError> {
    migrations::migrate(sql, &SCHEMA)
}
