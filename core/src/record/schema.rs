//! The schema of a user record's database. Each table's definition is in the table's own file, and made when it is
//! [needed](super::tables::made).

use super::tables::{
    links,
    made::{Made, Table},
    notices, profile, replies,
};
use crate::{
    params,
    storage::{
        Sql, StoreError,
        migrations::{self, Statements},
    },
};

/// The step at index n brings version n + 1 to version n + 2, table by table. A released step never changes; new ones
/// are added at the end. Up to version 3, a record may have all tables from the beginning.
const STEPS: &[&[(Table, Statements)]] = &[
    &[
        (Table::Notices, &notices::TO_VERSION_2),
        (Table::Links, &links::TO_VERSION_2),
    ],
    &[
        (Table::Notices, &notices::TO_VERSION_3),
        (Table::Links, &links::TO_VERSION_3),
        (Table::Profile, &profile::TO_VERSION_3),
    ],
    &[
        (Table::Links, &links::TO_VERSION_4),
        (Table::Replies, &replies::TO_VERSION_4),
    ],
    &[
        (Table::Links, &links::TO_VERSION_5),
        (Table::Profile, &profile::TO_VERSION_5),
    ],
];

/// The version of the schema that this software reads and writes.
pub const VERSION: usize = STEPS.len() + 1;

/// The statements that note the version of a new record.
pub(super) fn new() -> String {
    format!("{}; {}; ", migrations::TABLE, migrations::first(VERSION))
}

/// Brings the tables that a record has to [`VERSION`], and returns which they are. Costs two statements if they have
/// that version already.
///
/// # Errors
/// [`StoreError`] when storage fails.
pub fn migrate(sql: &dyn Sql) -> Result<Made, StoreError> {
    let names = sql.exec(
        "SELECT name FROM sqlite_master WHERE type = 'table'",
        params![],
    )?;
    let names: Vec<String> = names
        .iter()
        .map(|row| row.read())
        .collect::<Result<_, _>>()?;
    let made: Made = names.iter().filter_map(|name| name.parse().ok()).collect();
    if made.is_empty() {
        return Ok(made);
    }
    let version = migrations::version(sql)?;
    let steps = STEPS.iter().skip(version.saturating_sub(1)).copied();
    let steps = steps.flatten().filter(|(table, _)| made.has(*table));
    let missing: Vec<&str> = steps.flat_map(|(_, step)| *step).copied().collect();
    if version < VERSION {
        let noted = migrations::note(VERSION);
        sql.run(&format!("{noted}; {}", missing.join("; ")))?;
    }
    Ok(made)
}
