//! Due work: claimed in a turn, then done by tasks. A task that ends starts the next piece of work.

use std::rc::Rc;

use super::{Claim, Driver, Object, room::Slot};
use crate::{
    attempt::{self, Turns, effects::Effects},
    record::Record,
    storage::StoreError,
};

impl<O: Object> Driver<O> {
    /// Claims and starts due work, as far as there are free slots.
    pub(super) fn work(self: &Rc<Self>) -> Result<(), StoreError> {
        let claims = self.turn(|record| {
            record.give_up_parts()?;
            self.claim(record)
        })?;
        self.start(claims);
        self.report();
        Ok(())
    }

    /// The same, but logs an error: the alarm leads to another try.
    pub(super) fn work_or_log(self: &Rc<Self>) {
        if let Err(error) = self.work() {
            self.log_storage_error(&error);
        }
    }

    /// Claims due work, as far as there are free slots.
    pub(super) fn claim(&self, record: &Record<'_>) -> Result<Vec<Claim>, StoreError> {
        let mut claims = Vec::new();
        let wake = record.next_wake(self.slots.room())?;
        if wake.is_none_or(|wake| wake > self.object.now()) {
            return Ok(claims);
        }
        for _ in 0..self.slots.free_for_texts() {
            let Some(claim) = record.claim_text()? else {
                break;
            };
            claims.push(Claim::Text(claim));
        }
        for _ in 0..self.slots.free_for_replies() {
            let Some(claim) = record.claim_reply()? else {
                break;
            };
            claims.push(Claim::Reply(claim));
        }
        Ok(claims)
    }

    /// Starts a task for each claim.
    pub(super) fn start(self: &Rc<Self>, claims: Vec<Claim>) {
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

    /// Runs one attempt, then starts whatever is due.
    async fn attempt(self: Rc<Self>, slot: Slot<O>, effects: O::Effects) {
        let turns = AttemptTurns {
            driver: &self,
            effects: &effects,
        };
        let ended = match slot.claim() {
            Claim::Text(claim) => attempt::text::run(&turns, &effects, claim).await,
            Claim::Reply(claim) => attempt::reply::run(&turns, &effects, claim).await,
        };
        if let Err(error) = ended {
            self.log_storage_error(&error);
        }
        drop(slot);
        self.work_or_log();
    }
}

/// The turns of one attempt. Their log entries go to the attempt's effects.
struct AttemptTurns<'a, O: Object> {
    driver: &'a Driver<O>,
    effects: &'a O::Effects,
}

impl<O: Object> Turns for AttemptTurns<'_, O> {
    fn turn<T>(
        &self,
        decide: impl FnOnce(&Record<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let committed = self.driver.commit(decide)?;
        self.effects.stored(&committed.entries);
        Ok(committed.decided)
    }
}
