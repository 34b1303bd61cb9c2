//! How many attempts run at once: as many as the runtime allows an object connections.

use std::{cell::RefCell, rc::Rc};

use super::{Claim, Driver, Object};
use crate::{
    record::{Record, claim::LEASE, wake::Room},
    storage::StoreError,
    time::{SECOND, Span, Timestamp},
};

/// The most attempts to text at once.
pub const MOST_TEXTS: usize = 4;
/// The most attempts to act on replies at once.
pub const MOST_REPLIES: usize = 2;

/// How much longer an attempt may take whose lease ended while it ran in this instance. Attempts end well
/// before their leases: the whole process stood still, and the response may be there already.
pub const GRACE: Span = SECOND.times(5);

/// The slots that running attempts take up.
#[derive(Default)]
pub(super) struct Slots(RefCell<Vec<Running>>);

/// A running attempt.
struct Running {
    claim: Claim,
    /// Whether its claim was kept open beyond its lease.
    extended: bool,
}

impl Slots {
    pub fn free_for_texts(&self) -> usize {
        MOST_TEXTS.saturating_sub(self.count(|claim| matches!(claim, Claim::Text(_))))
    }

    pub fn free_for_replies(&self) -> usize {
        MOST_REPLIES.saturating_sub(self.count(|claim| matches!(claim, Claim::Reply(_))))
    }

    fn count(&self, is_counted: fn(&Claim) -> bool) -> usize {
        let running = self.0.borrow();
        running.iter().filter(|it| is_counted(&it.claim)).count()
    }

    /// Keeps the claims of running attempts open, once for each, whose leases have ended.
    pub fn extend(&self, record: &Record<'_>, now: Timestamp) -> Result<(), StoreError> {
        for running in self.0.borrow_mut().iter_mut() {
            if !running.extended && running.claim.claimed_at() + LEASE <= now {
                match &running.claim {
                    Claim::Text(claim) => record.extend_text(claim, now + GRACE)?,
                    Claim::Reply(claim) => record.extend_reply(claim, now + GRACE)?,
                }
                running.extended = true;
            }
        }
        Ok(())
    }

    pub fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    pub fn room(&self) -> Room {
        Room {
            texts: self.free_for_texts() > 0,
            replies: self.free_for_replies() > 0,
        }
    }

    fn take(&self, claim: Claim) {
        self.0.borrow_mut().push(Running {
            claim,
            extended: false,
        });
    }

    fn free(&self, claim: &Claim) {
        let mut running = self.0.borrow_mut();
        if let Some(index) = running.iter().position(|it| it.claim == *claim) {
            running.swap_remove(index);
        }
    }
}

/// One taken slot. It becomes free when this is dropped, however the attempt ends.
pub(super) struct Slot<O: Object> {
    driver: Rc<Driver<O>>,
    claim: Claim,
}

impl<O: Object> Slot<O> {
    pub fn take(driver: &Rc<Driver<O>>, claim: Claim) -> Self {
        driver.slots.take(claim.clone());
        Self {
            driver: driver.clone(),
            claim,
        }
    }

    /// Frees the slot before the attempt is over, for what the attempt's last turn claims.
    pub fn free(&self) {
        self.driver.slots.free(&self.claim);
    }

    /// The claim that the slot was taken for.
    pub fn claim(&self) -> &Claim {
        &self.claim
    }
}

impl<O: Object> Drop for Slot<O> {
    fn drop(&mut self) {
        self.free();
        self.driver.let_go();
    }
}
