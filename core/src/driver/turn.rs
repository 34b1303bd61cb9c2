//! One turn of a record: a transaction, then the alarm, with no await in between.

use super::{Driver, Object};
use crate::{
    log::Entry,
    record::{Record, policy::Policy, schema, tables::made::Made, wake::Served},
    storage::StoreError,
    time::Timestamp,
};

/// A turn whose transaction has succeeded.
pub(super) struct Committed<T> {
    /// What `decide` returned.
    pub decided: T,
    /// The turn's log entries, still to be written.
    pub entries: Vec<Entry>,
}

type Decide<'a> = dyn FnMut(&Record<'_>) -> Result<(), StoreError> + 'a;

/// What a turn leaves behind, once its transaction has succeeded.
#[derive(Default)]
struct Turned {
    wake: Option<Timestamp>,
    made: Made,
    entries: Vec<Entry>,
}

impl<O: Object> Driver<O> {
    /// Runs one turn: `decide` in a transaction, then sets the alarm and writes the turn's log entries.
    /// Returns what `decide` returned.
    pub(super) fn turn<T>(
        &self,
        decide: impl FnOnce(&Record<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let committed = self.commit(decide)?;
        self.object.log_stored(&committed.entries);
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
    fn commit_dyn(&self, decide: &mut Decide<'_>) -> Result<Vec<Entry>, StoreError> {
        let policy = self.object.policy()?;
        let served = self.alarm.serves_all(self.object.now());
        self.alarm.compared(None);
        let mut turned = Turned::default();
        self.object.transaction(&mut || {
            turned = self.run(&policy, served, decide)?;
            Ok(())
        })?;
        self.made.set(Some(turned.made));
        // An alarm that is no longer needed may ring: that is one request. Deleting it would be one row
        // written, which costs seven times as much.
        let wake = turned.wake;
        self.alarm.hold.found(wake);
        let is_ahead = wake.is_none_or(|wake| wake > self.object.now());
        let serves = wake.is_none_or(|wake| self.set_alarm(wake));
        self.alarm
            .compared((serves && is_ahead).then(|| self.slots.room()));
        Ok(turned.entries)
    }

    /// Runs a turn within its transaction. `served`: what the alarm serves.
    fn run(
        &self,
        policy: &Policy,
        served: Option<Served>,
        decide: &mut Decide<'_>,
    ) -> Result<Turned, StoreError> {
        let made = self.tables()?;
        let is_new = made.is_empty();
        let nothing_waits = Served {
            room: self.slots.room(),
            wake: None,
        };
        let now = self.object.now();
        if is_new {
            // There is nothing to report in its first hour.
            self.reports.looked(now);
        }
        let record = Record::new(self.object.sql(), made, policy, now);
        let record = record.served(served.or(is_new.then_some(nothing_waits)));
        self.slots.extend(&record, now)?;
        decide(&record)?;
        Ok(Turned {
            wake: record.next_wake(self.slots.room())?,
            made: record.made(),
            entries: record.into_entries(),
        })
    }

    /// When the record must be woken next; `None` if nothing waits.
    pub(super) fn next_wake(&self) -> Result<Option<Timestamp>, StoreError> {
        let policy = self.object.policy()?;
        let made = self.tables()?;
        self.made.set(Some(made));
        let record = Record::new(self.object.sql(), made, &policy, self.object.now());
        record.next_wake(self.slots.room())
    }

    /// The tables that the record has.
    fn tables(&self) -> Result<Made, StoreError> {
        match self.made.get() {
            Some(made) => Ok(made),
            None => schema::migrate(self.object.sql()),
        }
    }
}
