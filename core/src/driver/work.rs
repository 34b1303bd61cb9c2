//! What is due: claimed in a turn, then done by tasks, each of which takes up the next piece when it ends.

use std::rc::Rc;

use super::{Claim, Driver, Object, room::Slot};
use crate::{
    attempt::{self, Turns, effects::Effects},
    record::Record,
    storage::StoreError,
};

impl<O: Object> Driver<O> {
    /// Starts everything that is due.
    pub(super) fn work(self: &Rc<Self>) -> Result<(), StoreError> {
        let claims = self.turn(|record| {
            record.give_up_parts()?;
            self.claim(record)
        })?;
        self.start(claims);
        self.report();
        Ok(())
    }

    /// Starts everything that is due. A failure is logged: the alarm brings another try.
    pub(super) fn work_or_log(self: &Rc<Self>) {
        if let Err(error) = self.work() {
            self.log_storage_error(&error);
        }
    }

    /// Claims what is due, as far as there is room.
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

    /// One attempt, then whatever is due next.
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

/// The turns of one attempt, whose log entries are written by the attempt's own surroundings.
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
