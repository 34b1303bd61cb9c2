//! One turn of a record: a transaction, then the alarm, with no await in between.

use super::{Driver, Object};
use crate::{
    log::Entry,
    record::{Record, schema},
    storage::{StoreError, migrations::Migrated},
};

/// A turn whose transaction has succeeded.
pub(super) struct Committed<T> {
    /// What `decide` returned.
    pub decided: T,
    /// The turn's log entries, still to be written.
    pub entries: Vec<Entry>,
}

impl<O: Object> Driver<O> {
    /// Runs one turn: `decide` in a transaction, then sets the alarm and writes the turn's log entries.
    /// Returns what `decide` returned.
    pub(super) fn turn<T>(
        &self,
        decide: impl FnOnce(&Record<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let committed = self.commit(decide)?;
        self.object.stored(&committed.entries);
        Ok(committed.decided)
    }

    /// The same, but leaves the log entries to the caller.
    pub(super) fn commit<T>(
        &self,
        decide: impl FnOnce(&Record<'_>) -> Result<T, StoreError>,
    ) -> Result<Committed<T>, StoreError> {
        let mut decide = Some(decide);
        let mut decided = None;
        let entries = self.commit_dyn(&mut |record| {
            if let Some(decide) = decide.take() {
                decided = Some(decide(record)?);
            }
            Ok(())
        })?;
        let decided = decided.ok_or_else(|| StoreError::Refused("the turn did not run".into()))?;
        Ok(Committed { decided, entries })
    }

    /// `decide` is a trait object, so that a dozen kinds of turns share one compiled copy.
    fn commit_dyn(
        &self,
        decide: &mut dyn FnMut(&Record<'_>) -> Result<(), StoreError>,
    ) -> Result<Vec<Entry>, StoreError> {
        let policy = self.object.policy()?;
        let mut wake = None;
        let mut entries = Vec::new();
        let mut migrated = Migrated::Known;
        self.object.transaction(&mut || {
            if !self.migrated.get() {
                migrated = schema::migrate(self.object.sql())?;
            }
            let now = self.object.now();
            let record = Record::new(self.object.sql(), &policy, now);
            self.slots.extend(&record, now)?;
            decide(&record)?;
            wake = record.next_wake(self.slots.room())?;
            entries = record.into_entries();
            Ok(())
        })?;
        self.migrated.set(true);
        if migrated == Migrated::New {
            // A new record has nothing to report in its first hour, which saves a task.
            self.reports.looked(self.object.now());
        }
        // An alarm that is no longer needed may ring: that is one request. Deleting it would be one row
        // written, which costs seven times as much.
        if let Some(wake) = wake {
            self.set_alarm(wake);
        }
        Ok(entries)
    }
}
