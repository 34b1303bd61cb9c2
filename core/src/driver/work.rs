//! Due work: claimed in a turn, then done by tasks. The last turn of an attempt claims the next piece of work.

use std::rc::Rc;

use super::{Claim, Driver, Object, room::Slot};
use crate::{
    attempt::{self, Turns, effects::Effects},
    record::{Record, report::Due},
    storage::StoreError,
};

/// What a turn found to do.
#[derive(Default)]
pub(super) struct Work {
    claims: Vec<Claim>,
    report: Option<Due>,
    /// Whether it looked for a report.
    has_looked: bool,
}

impl<O: Object> Driver<O> {
    /// Claims and starts due work, as far as there are free slots.
    pub(super) fn work(self: &Rc<Self>) -> Result<(), StoreError> {
        let work = self.turn(|record| self.find_work(record))?;
        self.start(work);
        Ok(())
    }

    /// The same, but logs an error: the alarm leads to another try.
    pub(super) fn work_or_log(self: &Rc<Self>) {
        if let Err(error) = self.work() {
            self.log_storage_error(&error);
        }
    }

    /// Claims due work, as far as there are free slots, and looks for a report that is due.
    pub(super) fn find_work(&self, record: &Record<'_>) -> Result<Work, StoreError> {
        Ok(Work {
            claims: self.claim(record)?,
            report: self.find_report(record),
            has_looked: true,
        })
    }

    /// Claims due work. Gives up parts of texts that are due.
    fn claim(&self, record: &Record<'_>) -> Result<Vec<Claim>, StoreError> {
        let mut claims = Vec::new();
        if !self.is_due(record)? {
            return Ok(claims);
        }
        record.give_up_parts()?;
        for _ in 0..self.slots.free_for_texts() {
            let Some(claim) = record.claim_text()? else {
                break;
            };
            claims.push(Claim::Text(claim));
            if !self.is_due(record)? {
                return Ok(claims);
            }
        }
        for _ in 0..self.slots.free_for_replies() {
            let Some(claim) = record.claim_reply()? else {
                break;
            };
            claims.push(Claim::Reply(claim));
        }
        Ok(claims)
    }

    /// Whether anything is due that there is room for.
    fn is_due(&self, record: &Record<'_>) -> Result<bool, StoreError> {
        let wake = record.next_wake(self.slots.room())?;
        Ok(wake.is_some_and(|wake| wake <= self.object.now()))
    }

    /// Starts a task for each piece of work.
    pub(super) fn start(self: &Rc<Self>, work: Work) {
        let Work {
            claims,
            report,
            has_looked,
        } = work;
        if has_looked {
            self.reports.looked(self.object.now());
        }
        if !claims.is_empty() {
            self.let_go_if_outlasted();
        }
        if let Some(due) = report {
            let driver = self.clone();
            self.object.spawn(Box::pin(async move {
                if let Err(error) = driver.report(due).await {
                    driver.log_storage_error(&error);
                }
            }));
        }
        for claim in claims {
            let Some(effects) = self.object.effects(&claim) else {
                continue;
            };
            let slot = Slot::take(self, claim);
            let driver = self.clone();
            self.object.spawn(Box::pin(async move {
                driver.attempt(slot, effects).await;
            }));
        }
    }

    /// Runs one attempt. Its last turn claims whatever is due next.
    async fn attempt(self: Rc<Self>, slot: Slot<O>, effects: O::Effects) {
        let turns = AttemptTurns {
            driver: &self,
            effects: &effects,
            slot: &slot,
        };
        let ended = match slot.claim() {
            Claim::Text(claim) => attempt::text::run(&turns, &effects, claim).await,
            Claim::Reply(claim) => attempt::reply::run(&turns, &effects, claim).await,
        };
        if let Err(error) = ended {
            self.log_storage_error(&error);
            drop(slot);
            self.work_or_log();
        }
    }
}

/// The turns of one attempt. Their log entries go to the attempt's effects.
struct AttemptTurns<'a, O: Object> {
    driver: &'a Rc<Driver<O>>,
    effects: &'a O::Effects,
    slot: &'a Slot<O>,
}

impl<O: Object> Turns for AttemptTurns<'_, O> {
    fn turn<T>(
        &self,
        decide: impl FnOnce(&Record<'_>) -> Result<Option<T>, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let mut work = Work::default();
        let mut own_entries = 0;
        let committed = self.driver.commit(|record| {
            let decided = decide(record)?;
            own_entries = record.logged();
            if decided.is_none() {
                self.slot.free();
                work = self.driver.find_work(record)?;
            }
            Ok(decided)
        })?;
        let mut entries = committed.entries;
        let of_work = entries.split_off(own_entries.min(entries.len()));
        self.effects.log_stored(&entries);
        self.driver.object.log_stored(&of_work);
        self.driver.start(work);
        Ok(committed.decided)
    }

    fn last(&self, end: impl Fn(&Record<'_>) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let claiming = self.turn(|record| end(record).map(|()| None::<()>));
        let Err(error) = claiming else {
            return Ok(());
        };
        self.driver.log_storage_error(&error);
        // The alarm is then set for what is due next.
        self.slot.free();
        let committed = self.driver.commit(|record| end(record))?;
        self.effects.log_stored(&committed.entries);
        Ok(())
    }
}
