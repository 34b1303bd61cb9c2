//! How much work is under way at once. Texts and replies together stay within the six connections that the
//! runtime opens for one object.

use std::{cell::Cell, rc::Rc};

use super::{Claim, Driver, Object};
use crate::record::wake::Room;

/// Texts under way at once.
pub const MOST_TEXTS: usize = 4;
/// Replies under way at once.
pub const MOST_REPLIES: usize = 2;

/// The places that are taken by work under way.
#[derive(Default)]
pub(super) struct Places {
    texts: Cell<usize>,
    replies: Cell<usize>,
}

impl Places {
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

/// One taken place, given back however the work ends.
pub(super) struct Place<O: Object> {
    driver: Rc<Driver<O>>,
    claim: Claim,
}

impl<O: Object> Place<O> {
    pub fn take(driver: &Rc<Driver<O>>, claim: Claim) -> Self {
        let taken = driver.places.of(&claim);
        taken.set(taken.get() + 1);
        Self {
            driver: driver.clone(),
            claim,
        }
    }

    /// The work that the place was taken for.
    pub fn claim(&self) -> &Claim {
        &self.claim
    }
}

impl<O: Object> Drop for Place<O> {
    fn drop(&mut self) {
        let taken = self.driver.places.of(&self.claim);
        taken.set(taken.get().saturating_sub(1));
    }
}
