//! Migrations: steps from each version of a schema to the next. A released step never changes; new ones are
//! added at the end.

use super::{Sql, StoreError};
use crate::params;

/// Statements that belong together, such as a table and its indices.
pub type Statements = &'static [&'static str];

/// Brings a database from one version of its schema to the next.
pub type Step = &'static [Statements];

/// Whether a database had a schema before it was migrated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Migrated {
    /// It had none: the database is new.
    New,
    /// It had one, perhaps an older version.
    Known,
}

/// Runs the steps that are missing. The step at index n brings version n to version n + 1. Costs one read if
/// none is missing.
///
/// # Errors
/// [`StoreError`] if storage fails or the stored version is not an integer.
pub fn migrate(sql: &dyn Sql, steps: &[Step]) -> Result<Migrated, StoreError> {
    sql.exec(
        "CREATE TABLE IF NOT EXISTS schema (version INTEGER NOT NULL)",
        params![],
    )?;
    let stored = sql.first("SELECT version FROM schema", params![])?;
    let from = stored.map_or(Ok(0), |row| row.read::<i64>())?;
    let done = usize::try_from(from).unwrap_or(usize::MAX);
    let missing = steps
        .iter()
        .skip(done)
        .copied()
        .flatten()
        .copied()
        .flatten();
    let missing: Vec<&str> = missing.copied().collect();
    if !missing.is_empty() {
        // In one call: with one call each, the calls would be most of a new user's CPU time.
        sql.run(&format!(
            "{}; DELETE FROM schema; INSERT INTO schema (version) VALUES ({})",
            missing.join("; "),
            steps.len(),
        ))?;
    }
    Ok(if from == 0 {
        Migrated::New
    } else {
        Migrated::Known
    })
}
