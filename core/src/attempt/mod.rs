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
    /// `decide` returned. `None` ends the attempt: in the same turn, whatever is due next is claimed.
    ///
    /// # Errors
    /// [`StoreError`] if the turn fails: then nothing of it is stored.
    fn turn<T>(
        &self,
        decide: impl FnOnce(&Record<'_>) -> Result<Option<T>, StoreError>,
    ) -> Result<Option<T>, StoreError>;

    /// Runs the last turn of an attempt. If that fails, runs it once more without claiming what is due next, which may
    /// be why.
    ///
    /// # Errors
    /// [`StoreError`] if both fail: then nothing is stored.
    fn last(&self, end: impl Fn(&Record<'_>) -> Result<(), StoreError>) -> Result<(), StoreError>;
}

/// The last STOP or START from a phone, as KV keeps it.
async fn last_wish(
    effects: &impl Effects,
    phone: &Phone,
    deadline: Timestamp,
) -> Result<Option<Wish>, KvError> {
    let found = effects.kv().get(&Wish::keys(phone), deadline).await?;
    Ok(Wish::last(readable(effects, found, Wish::read)))
}

/// What `read` makes of values in KV. An unreadable one is logged and counts as none.
fn readable<T>(
    effects: &impl Effects,
    values: Vec<Option<String>>,
    read: fn(&str) -> Option<T>,
) -> Vec<Option<T>> {
    let entry = |value: Option<String>| {
        let entry = read(&value?);
        if entry.is_none() {
            effects.log(&Entry::new(Level::Error, "kv.unreadable"));
        }
        entry
    };
    values.into_iter().map(entry).collect()
}
