//! What is due: claimed in a turn, then done by tasks beside all events, each of which takes up the
//! next piece when it ends.

use std::{cell::Cell, rc::Rc};

use texting::{
    attempt,
    record::{Record, claim::TextClaim, reply::ReplyClaim, store::StoreError, wake::Room},
};

use super::{Object, host::ObjectHost, log_storage};
use crate::edge;

/// Texts under way at once. With the replies they stay within the six connections that the runtime
/// opens for one object.
const MOST_TEXTS: usize = 4;
/// Replies under way at once.
const MOST_REPLIES: usize = 2;

/// Work that a turn claimed.
#[derive(Default)]
pub(super) struct Claims {
    texts: Vec<TextClaim>,
    replies: Vec<ReplyClaim>,
}

impl Object {
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

    pub(super) fn claim(&self, record: &Record<'_>) -> Result<Claims, StoreError> {
        let mut claims = Claims::default();
        if record
            .next_wake(self.room())?
            .is_none_or(|wake| wake > edge::now())
        {
            return Ok(claims);
        }
        while self.texts.get() + claims.texts.len() < MOST_TEXTS {
            let Some(claim) = record.claim_text()? else {
                break;
            };
            claims.texts.push(claim);
        }
        while self.replies.get() + claims.replies.len() < MOST_REPLIES {
            let Some(claim) = record.claim_reply()? else {
                break;
            };
            claims.replies.push(claim);
        }
        Ok(claims)
    }

    pub(super) fn start(self: &Rc<Self>, claims: Claims) {
        for claim in claims.texts {
            let slot = Slot::taken(self, |object| &object.texts);
            self.spawn(slot, async move |host| {
                attempt::text::run(&host, &claim).await
            });
        }
        for claim in claims.replies {
            let slot = Slot::taken(self, |object| &object.replies);
            self.spawn(slot, async move |host| {
                attempt::reply::run(&host, &claim).await
            });
        }
    }

    fn spawn(
        self: &Rc<Self>,
        slot: Slot,
        attempt: impl AsyncFnOnce(ObjectHost) -> Result<(), StoreError> + 'static,
    ) {
        let Some(configured) = self.configured().cloned() else {
            return;
        };
        let object = self.clone();
        self.state.wait_until(async move {
            if let Err(error) = attempt(ObjectHost::new(object.clone(), configured)).await {
                log_storage(&error);
            }
            drop(slot);
            if let Err(error) = object.work() {
                log_storage(&error);
            }
        });
    }

    pub(super) fn room(&self) -> Room {
        Room {
            texts: self.texts.get() < MOST_TEXTS,
            replies: self.replies.get() < MOST_REPLIES,
        }
    }
}

/// One of an object's places for work under way, given back however the work ends.
struct Slot {
    object: Rc<Object>,
    counter: fn(&Object) -> &Cell<usize>,
}

impl Slot {
    fn taken(object: &Rc<Object>, counter: fn(&Object) -> &Cell<usize>) -> Self {
        counter(object).set(counter(object).get() + 1);
        Self {
            object: object.clone(),
            counter,
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let counter = (self.counter)(&self.object);
        counter.set(counter.get().saturating_sub(1));
    }
}
