//! Migrations: a new database gets the latest schema, an older one the steps from its version to the next.

use super::{Sql, StoreError};
use crate::params;

/// Statements that belong together, such as a table and its indices.
pub type Statements = &'static [&'static str];

/// The schema of a database.
pub struct Schema {
    /// What a new database gets: the latest version.
    pub create: &'static [Statements],
    /// The step at index n brings version n + 1 to version n + 2. A released step never changes; new ones are
    /// added at the end.
    pub steps: &'static [&'static [Statements]],
}

impl Schema {
    /// The latest version.
    pub const fn version(&self) -> usize {
        self.steps.len() + 1
    }

    /// The statements that bring a database from a version to the latest one. Version 0 is a new database.
    fn missing(&self, from: usize) -> Vec<&'static str> {
        let groups: Vec<Statements> = match from.checked_sub(1) {
            None => self.create.to_vec(),
            Some(done) => self
                .steps
                .iter()
                .skip(done)
                .copied()
                .flatten()
                .copied()
                .collect(),
        };
        groups.into_iter().flatten().copied().collect()
    }
}

/// Whether a database had a schema before it was migrated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Migrated {
    /// It had none: the database is new.
    New,
    /// It had one, perhaps an older version.
    Known,
}

/// Brings a database to the latest version. Costs one read if it has that version, or a later one, already.
///
/// # Errors
/// [`StoreError`] if storage fails or the stored version is not an integer.
pub fn migrate(sql: &dyn Sql, schema: &Schema) -> Result<Migrated, StoreError> {
    sql.exec(
        "CREATE TABLE IF NOT EXISTS schema (version INTEGER NOT NULL)",
        params![],
    )?;
    let stored = sql.first("SELECT version FROM schema", params![])?;
    let from = stored.map_or(Ok(0), |row| row.read::<i64>())?;
    let missing = schema.missing(usize::try_from(from).unwrap_or(usize::MAX));
    if !missing.is_empty() {
        // In one call: with one call each, the calls would be most of a new user's CPU time.
        sql.run(&format!(
            "{}; DELETE FROM schema; INSERT INTO schema (version) VALUES ({})",
            missing.join("; "),
            schema.version(),
        ))?;
    }
    Ok(if from == 0 {
        Migrated::New
    } else {
        Migrated::Known
    })
}
