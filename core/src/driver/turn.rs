//! One turn of a record: a transaction, then the alarm, with no await in between.

use super::{Driver, Object};
use crate::{
    log::Entry,
    record::{Record, schema, wake::Served},
    storage::StoreError,
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
        let served = self.alarm.serves_all(self.object.now());
        self.alarm.compared(None);
        let mut made = self.made.get();
        let mut is_new = false;
        self.object.transaction(&mut || {
            let found = match made {
                Some(made) => made,
                None => schema::migrate(self.object.sql())?,
            };
            is_new = found.is_empty();
            let now = self.object.now();
            let record = Record::new(self.object.sql(), found, &policy, now);
            let record = record.served(self.served(is_new, served));
            self.slots.extend(&record, now)?;
            decide(&record)?;
            wake = record.next_wake(self.slots.room())?;
            made = Some(record.made());
            entries = record.into_entries();
            Ok(())
        })?;
        self.made.set(made);
        if is_new {
            // A new record has nothing to report in its first hour, which saves a task.
            self.reports.looked(self.object.now());
        }
        // An alarm that is no longer needed may ring: that is one request. Deleting it would be one row
        // written, which costs seven times as much.
        let is_ahead = wake.is_none_or(|wake| wake > self.object.now());
        let serves = wake.is_none_or(|wake| self.set_alarm(wake));
        self.alarm
            .compared((serves && is_ahead).then(|| self.slots.room()));
        Ok(entries)
    }

    /// In a new record nothing waits.
    fn served(&self, is_new: bool, served: Option<Served>) -> Option<Served> {
        match is_new {
            true => Some(Served {
                room: self.slots.room(),
                wake: None,
            }),
            false => served,
        }
    }
}
