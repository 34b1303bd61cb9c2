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

/// The table that says the version.
pub const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema (version INTEGER NOT NULL)";

/// The statement that notes the first version of a new database.
pub fn first(version: usize) -> String {
    format!("INSERT INTO schema (version) VALUES ({version})")
}

/// The statements that note another version.
pub fn note(version: usize) -> String {
    format!("DELETE FROM schema; {}", first(version))
}

/// The stored version; 0 if there is none. [`TABLE`] must exist.
///
/// # Errors
/// [`StoreError`] if storage fails or the stored version is not an integer.
pub fn version(sql: &dyn Sql) -> Result<usize, StoreError> {
    let stored = sql.first("SELECT version FROM schema", params![])?;
    let version = stored.map_or(Ok(0), |row| row.read::<i64>())?;
    Ok(usize::try_from(version).unwrap_or(usize::MAX))
}

/// Brings a database to the latest version. Costs one read if it has that version, or a later one, already.
///
/// # Errors
/// As [`version`].
pub fn migrate(sql: &dyn Sql, schema: &Schema) -> Result<(), StoreError> {
    sql.exec(TABLE, params![])?;
    let missing = schema.missing(version(sql)?);
    if !missing.is_empty() {
        let noted = note(schema.version());
        sql.run(&format!("{}; {noted}", missing.join("; ")))?;
    }
    Ok(())
}
