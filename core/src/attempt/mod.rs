//! Attempts: what is done about a claim, one effect after another, with a look at the record before each.
//! The effects themselves are the [`Effects`]'.
//!
//! Dropping an attempt at any await is what a crash does: the claim's lease brings another.

pub mod effects;
pub mod reply;
pub mod text;

use effects::Effects;

use crate::{
    kv::{Kv, KvError},
    log::{Entry, Level},
    record::Record,
    storage::StoreError,
    time::{SECOND, Span, Timestamp},
};

/// How long a whole attempt may take.
pub const LONGEST_ATTEMPT: Span = SECOND.times(30);

/// Turns of the record that an attempt is about.
pub trait Turns {
    /// Runs one turn, stores it, sets the alarm and writes the turn's log entries.
    ///
    /// # Errors
    /// [`StoreError`] when the turn fails: nothing of it is stored then.
    fn turn<T>(
        &self,
        decide: impl FnOnce(&Record<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError>;
}

/// Reads an entry of KV. One that cannot be read counts as none and is logged.
async fn read_entry<T>(
    effects: &impl Effects,
    key: &str,
    read: fn(&str) -> Option<T>,
    deadline: Timestamp,
) -> Result<Option<T>, KvError> {
    let Some(stored) = effects.kv().get(key, deadline).await? else {
        return Ok(None);
    };
    let entry = read(&stored);
    if entry.is_none() {
        effects.log(&Entry::new(Level::Error, "kv.unreadable"));
    }
    Ok(entry)
}
