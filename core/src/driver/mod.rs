//! The scheduler of one user's record: turns, claims, the alarm, room for work, reports.
//!
//! Whatever drives a record, the Durable Object or a test, gives the driver an [`Object`] and calls it with
//! events and rings of the alarm. Everything that is decided about when work happens is decided here.
//!
//! An event is one synchronous turn. What is due is claimed in a turn and done by tasks beside all events;
//! a task that ends takes up the next piece of work.

mod alarm;
mod erasure;
mod object;
mod report;
mod room;
mod turn;
mod work;

use std::{cell::Cell, rc::Rc};

use serde_json::Value;

use self::{alarm::Alarm, report::ReportClock, room::Slots};
pub use self::{
    alarm::{ALARM_LOST_AFTER, ALARM_SLACK, SHORTEST_PAUSE},
    erasure::EraseError,
    object::{Claim, Object, Task},
    room::{MOST_REPLIES, MOST_TEXTS},
};
use crate::{
    ids::UserId,
    log::{Entry, Level},
    record::{
        claim::LEASE,
        command::{Event, Outcome},
    },
    storage::StoreError,
    time::Timestamp,
};

/// The scheduler of one user's record, for as long as one instance of its object lives. What it holds in
/// memory may be lost at any time.
pub struct Driver<O> {
    object: O,
    alarm: Alarm,
    slots: Slots,
    reports: ReportClock,
    /// Whether the schema is known to be there.
    migrated: Cell<bool>,
    /// Whether the profile row is known to be there.
    has_profile: Cell<bool>,
}

impl<O: Object> Driver<O> {
    /// The driver of a new instance of an object.
    pub fn new(object: O) -> Rc<Self> {
        Rc::new(Self {
            object,
            alarm: Alarm::default(),
            slots: Slots::default(),
            reports: ReportClock::default(),
            migrated: Cell::new(false),
            has_profile: Cell::new(false),
        })
    }

    /// The object that is driven.
    pub fn object(&self) -> &O {
        &self.object
    }

    /// When this instance set the alarm to, if it is not known to have rung.
    pub fn alarm_at(&self) -> Option<Timestamp> {
        self.alarm.at()
    }

    /// Stores an event and starts what is due because of it.
    ///
    /// # Errors
    /// [`StoreError`] when the turn fails: nothing is stored then, and the event must be told again.
    pub fn event(self: &Rc<Self>, user_id: &UserId, event: &Event) -> Result<Outcome, StoreError> {
        let (outcome, claims) = self.turn(|record| {
            if !self.has_profile.get() {
                record.ensure_profile(user_id)?;
            }
            let outcome = record.apply(event)?;
            let claims = match outcome {
                Outcome::Stored => self.claim(record)?,
                _ => Vec::new(),
            };
            Ok((outcome, claims))
        })?;
        self.has_profile.set(true);
        self.start(claims);
        self.report();
        Ok(outcome)
    }

    /// The runtime's alarm rang. Never fails: the runtime would drop the alarm after six failures.
    ///
    /// Unless nothing is due, its first act is to set the alarm again, in case of a crash: for the end of
    /// the lease of what it is about to claim, so that the claim need not set it again.
    pub fn alarm(self: &Rc<Self>) {
        self.alarm.rang();
        let now = self.object.now();
        match self.next_wake() {
            Ok(None) => return,
            Ok(Some(wake)) if wake > now => return self.set_alarm(wake),
            _ => self.set_alarm(now + LEASE + ALARM_SLACK),
        }
        self.work_or_log();
    }

    /// An operator wants due work to be looked for. The alarm is set again, whatever is known of it.
    ///
    /// # Errors
    /// [`StoreError`] when the turn fails.
    pub fn wake(self: &Rc<Self>) -> Result<(), StoreError> {
        self.alarm.rang();
        self.work()
    }

    /// An operator wants a failure tried again. Never creates a record.
    ///
    /// # Errors
    /// [`StoreError`] when a turn fails.
    pub fn retry(self: &Rc<Self>, seq: i64) -> Result<Outcome, StoreError> {
        let outcome = self.turn(|record| record.retry(seq))?;
        if outcome == Outcome::Stored {
            self.work()?;
        }
        Ok(outcome)
    }

    /// Everything that an operator may see of the record.
    ///
    /// # Errors
    /// [`StoreError`] when the turn fails.
    pub fn show(&self) -> Result<Value, StoreError> {
        self.turn(|record| record.show())
    }

    fn log_storage_error(&self, error: &StoreError) {
        let entry = Entry::new(Level::Error, "record.storage_failed").with("why", error);
        self.object.log(&entry);
    }
}
