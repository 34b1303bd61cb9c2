//! The hold on an alarm. Until `alarm()` returns, the runtime keeps the alarm that rang and lets it ring again after a
//! crash. So `alarm()` waits for the attempts that it started. Then no other alarm has to be set for a crash: that
//! would cost a row, and would ring for nothing when the text is long sent.
//!
//! A hold delays nothing: it ends as soon as an alarm is needed before its attempts are surely over.

use std::{
    cell::Cell,
    future::poll_fn,
    task::{Poll, Waker},
};

use thiserror::Error;

use super::{Driver, Object};
use crate::time::{MINUTE, SECOND, Span, Timestamp};

/// How long after the alarm has rung an attempt may begin under its hold. One that begins later could still run when
/// the lease of one of the first ends, at which the record must be awake.
pub const LATEST_START: Span = SECOND.times(5);

/// An alarm that rings this long after work was due is set again before anything else, instead of being held: it may be
/// one whose work crashes each time, and the runtime gives such an alarm up after six tries, two minutes in all.
pub const TOO_LATE_TO_HOLD: Span = MINUTE;

/// The alarm could not be set for what waits. The runtime must let the one that rang ring again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the alarm could not be set")]
pub struct AlarmNotSet;

/// The hold on the alarm that rang last, if there is one.
#[derive(Default)]
pub(super) struct Hold {
    held: Cell<Option<Held>>,
    waiting: Cell<Option<Waker>>,
    /// Whether the alarm could not be set when the last hold ended.
    failed: Cell<bool>,
}

/// An alarm that is held.
#[derive(Clone, Copy)]
struct Held {
    rang_at: Timestamp,
    /// The wake-up that the last turn found.
    wake: Option<Timestamp>,
}

impl Hold {
    /// Holds an alarm that rings. If no turn succeeds, `wake` is the next wake-up.
    pub fn begin(&self, rang_at: Timestamp, wake: Timestamp) {
        let wake = Some(wake);
        self.held.set(Some(Held { rang_at, wake }));
    }

    pub fn is_on(&self) -> bool {
        self.held.get().is_some()
    }

    /// The wake-up that the last turn found, which is `None` if nothing waits; no answer without a hold.
    pub fn wake(&self) -> Option<Option<Timestamp>> {
        self.held.get().map(|held| held.wake)
    }

    /// Notes the wake-up that a turn has found.
    pub fn found(&self, wake: Option<Timestamp>) {
        let held = self.held.get();
        self.held.set(held.map(|held| Held { wake, ..held }));
    }

    /// Whether an attempt that begins at `now` is not covered.
    fn is_outlasted(&self, now: Timestamp) -> bool {
        let held = self.held.get();
        held.is_some_and(|held| now > held.rang_at + LATEST_START)
    }

    /// Lets `alarm()` return. Returns the last wake-up, for which the alarm may still have to be set.
    pub fn end(&self) -> Option<Timestamp> {
        let held = self.held.take();
        if let Some(waker) = self.waiting.take() {
            waker.wake();
        }
        held.and_then(|held| held.wake)
    }

    /// Waits for the end.
    ///
    /// # Errors
    /// [`AlarmNotSet`] if the alarm was to be set and could not.
    pub async fn ended(&self) -> Result<(), AlarmNotSet> {
        poll_fn(|context| match self.is_on() {
            true => {
                self.waiting.set(Some(context.waker().clone()));
                Poll::Pending
            }
            false => Poll::Ready(()),
        })
        .await;
        match self.failed.take() {
            true => Err(AlarmNotSet),
            false => Ok(()),
        }
    }
}

impl<O: Object> Driver<O> {
    /// Ends the hold, if no attempt runs that it covers, and sets the alarm for what waits.
    pub(super) fn let_go(&self) {
        if self.slots.is_empty() {
            self.release();
        }
    }

    /// Ends the hold before an attempt that it does not cover.
    pub(super) fn let_go_if_outlasted(&self) {
        if self.alarm.hold.is_outlasted(self.object.now()) {
            self.release();
        }
    }

    /// Ends the hold and sets the alarm for what waits. Returns `false` if there is no hold.
    pub(super) fn release(&self) -> bool {
        let hold = &self.alarm.hold;
        let is_on = hold.is_on();
        if is_on && let Some(wake) = self.alarm.forget() {
            hold.failed.set(!self.set_alarm(wake));
        }
        is_on
    }
}
