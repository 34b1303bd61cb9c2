//! One turn of a record: a transaction, then the alarm, with no await between.

use super::{Driver, Object};
use crate::{
    log::Entry,
    record::{Record, schema},
    storage::{StoreError, migrations::Migrated},
    time::Timestamp,
};

/// A turn that is stored.
pub(super) struct Committed<T> {
    /// What was decided.
    pub decided: T,
    /// The turn's log entries, still to be written.
    pub entries: Vec<Entry>,
}

impl<O: Object> Driver<O> {
    /// Runs one turn as a transaction, sets the alarm and writes the turn's log entries.
    pub(super) fn turn<T>(
        &self,
        decide: impl FnOnce(&Record<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let committed = self.commit(decide)?;
        self.object.stored(&committed.entries);
        Ok(committed.decided)
    }

    /// Runs one turn as a transaction and sets the alarm.
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

    /// `decide` is no type parameter: there would be a copy of all this for each of a dozen turns.
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
            let record = Record::new(self.object.sql(), &policy, self.object.now());
            decide(&record)?;
            wake = record.next_wake(self.slots.room())?;
            entries = record.into_entries();
            Ok(())
        })?;
        self.migrated.set(true);
        if migrated == Migrated::New {
            // A new record has nothing to report in its first hour.
            self.reports.looked(self.object.now());
        }
        // An alarm that is not needed any more is left to ring: that is one request, while deleting it
        // would be one row written, which costs seven times as much.
        if let Some(wake) = wake {
            self.set_alarm(wake);
        }
        Ok(entries)
    }

    /// When the record wants to be woken.
    pub(super) fn next_wake(&self) -> Result<Option<Timestamp>, StoreError> {
        let policy = self.object.policy()?;
        let sql = self.object.sql();
        schema::migrate(sql)?;
        Record::new(sql, &policy, self.object.now()).next_wake(self.slots.room())
    }
}
