//! How many attempts run at once. Texts and replies together stay within the six connections that the runtime
//! allows an object.

use std::{cell::Cell, rc::Rc};

use super::{Claim, Driver, Object};
use crate::record::wake::Room;

/// The most attempts to text at once.
pub const MOST_TEXTS: usize = 4;
/// The most attempts to act on replies at once.
pub const MOST_REPLIES: usize = 2;

/// The slots that running attempts take up.
#[derive(Default)]
pub(super) struct Slots {
    texts: Cell<usize>,
    replies: Cell<usize>,
}

impl Slots {
    pub fn free_for_texts(&self) -> usize {
        MOST_TEXTS.saturating_sub(self.texts.get())
    }

    pub fn free_for_replies(&self) -> usize {
        MOST_REPLIES.saturating_sub(self.replies.get())
    }

    pub fn room(&self) -> Room {
        Room {
            texts: self.free_for_texts() > 0,
            replies: self.free_for_replies() > 0,
        }
    }

    fn of(&self, claim: &Claim) -> &Cell<usize> {
        match claim {
            Claim::Text(_) => &self.texts,
            Claim::Reply(_) => &self.replies,
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
        let taken = driver.slots.of(&claim);
        taken.set(taken.get() + 1);
        Self {
            driver: driver.clone(),
            claim,
        }
    }

    /// The claim that the slot was taken for.
    pub fn claim(&self) -> &Claim {
        &self.claim
    }
}

impl<O: Object> Drop for Slot<O> {
    fn drop(&mut self) {
        let taken = self.driver.slots.of(&self.claim);
        taken.set(taken.get().saturating_sub(1));
    }
}
