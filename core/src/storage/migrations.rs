//! Schemas go forward by steps. A released step never changes: a new one is added at the end.

use super::{Sql, StoreError};
use crate::params;

/// Statements that belong together, such as a table and its indices.
pub type Statements = &'static [&'static str];

/// What brings a store from one version of its schema to the next.
pub type Step = &'static [Statements];

/// Whether a store was there before it was migrated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Migrated {
    /// It had no schema.
    New,
    /// It had one, perhaps an older one.
    Known,
}

/// Brings a store to the last of the steps: step n makes version n + 1 of version n. Costs one read when
/// nothing is to be done.
///
/// # Errors
/// [`StoreError`] when storage fails or the stored version is no integer.
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
        // In one call: most of a new user's cost would otherwise be the way to SQLite and back.
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
