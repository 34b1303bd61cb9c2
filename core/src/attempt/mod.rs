//! Attempts. An attempt carries out a claim, one effect after another, and checks the claim in a turn before
//! each. It reaches everything outside the record through [`Effects`].
//!
//! An attempt may be dropped at any await, as a crash does: when the claim's lease ends, another attempt
//! follows.

pub mod effects;
pub mod reply;
pub mod text;

use effects::Effects;

use crate::{
    consent::Wish,
    kv::{Kv, KvError},
    log::{Entry, Level},
    phone::Phone,
    record::Record,
    storage::StoreError,
    time::{SECOND, Span, Timestamp},
};

/// How long a whole attempt may take.
pub const LONGEST_ATTEMPT: Span = SECOND.times(30);

/// Runs turns of the record that an attempt is for.
pub trait Turns {
    /// Runs one turn as a transaction, sets the alarm and writes the turn's log entries. Returns what
    /// `decide` returned.
    ///
    /// # Errors
    /// [`StoreError`] if the turn fails: then nothing of it is stored.
    fn turn<T>(
        &self,
        decide: impl FnOnce(&Record<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError>;
}

/// The last STOP or START from a phone, as KV keeps it.
async fn read_wish(
    effects: &impl Effects,
    phone: &Phone,
    deadline: Timestamp,
) -> Result<Option<Wish>, KvError> {
    Wish::last(phone, async |key| {
        read_entry(effects, key, Wish::read, deadline).await
    })
    .await
}

/// Reads an entry from KV; `None` if there is none. An unreadable entry is logged and counts as none.
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
