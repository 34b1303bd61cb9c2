//! The scheduler of one user record: turns, claims, the alarm, the number of attempts at once, reports.
//!
//! The Durable Object, or a test, gives the driver an [`Object`] and calls it for each event and each ring of
//! the alarm. The driver alone decides when work happens.
//!
//! An event is one synchronous turn. Due work is claimed in a turn and done by tasks, independently of
//! events. The last turn of an attempt claims the next piece
//! of work.

mod alarm;
mod erasure;
mod hold;
mod object;
mod report;
mod room;
mod turn;
mod work;

use std::{cell::Cell, rc::Rc};

use serde_json::Value;

use self::{alarm::Alarm, report::ReportClock, room::Slots, work::Work};
pub use self::{
    alarm::{ALARM_LOST_AFTER, ALARM_SLACK, SHORTEST_PAUSE},
    erasure::EraseError,
    hold::{AlarmNotSet, LATEST_START, TOO_LATE_TO_HOLD},
    object::{Claim, Object, Task},
    room::{GRACE, MOST_REPLIES, MOST_TEXTS},
};
use crate::{
    ids::UserId,
    log::{Entry, Level},
    record::{
        claim::LEASE,
        command::{Event, Outcome},
        tables::made::Made,
    },
    storage::StoreError,
    time::Timestamp,
};

/// The scheduler of one user record, for the lifetime of one instance of its object. Its memory may be lost
/// at any time: all that matters is in the rows.
pub struct Driver<O> {
    object: O,
    alarm: Alarm,
    slots: Slots,
    reports: ReportClock,
    /// The tables that the record has; `None` before this instance has looked at them.
    made: Cell<Option<Made>>,
    /// Whether the profile row is known to exist.
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
            made: Cell::default(),
            has_profile: Cell::new(false),
        })
    }

    /// The object that is driven.
    pub fn object(&self) -> &O {
        &self.object
    }

    /// The time of the alarm that this instance set last; `None` if it has rung or was never set.
    pub fn alarm_at(&self) -> Option<Timestamp> {
        self.alarm.at()
    }

    /// Stores an event and starts due work. Returns what became of the event.
    ///
    /// # Errors
    /// [`StoreError`] if the turn fails: nothing is stored, and the caller must send the event again.
    pub fn event(self: &Rc<Self>, user_id: &UserId, event: &Event) -> Result<Outcome, StoreError> {
        let (outcome, work) = self.turn(|record| {
            if !self.has_profile.get() {
                record.ensure_profile(user_id)?;
            }
            let outcome = record.apply(event)?;
            let work = match outcome {
                Outcome::Stored => self.find_work(record)?,
                _ => Work::default(),
            };
            Ok((outcome, work))
        })?;
        self.has_profile.set(true);
        self.start(work);
        Ok(outcome)
    }

    /// The alarm rang. Logs the errors of turns instead of returning them: the runtime gives an alarm up after six
    /// failures.
    ///
    /// If work is due, returns when no attempt runs any more, or when the alarm is set again. Until then the alarm is
    /// held: if this instance crashes, it rings again.
    ///
    /// # Errors
    /// [`AlarmNotSet`] if work waits and the alarm could not be set: it must ring again.
    pub async fn alarm(self: &Rc<Self>) -> Result<(), AlarmNotSet> {
        self.alarm.forget();
        let now = self.object.now();
        match self.next_wake() {
            Ok(None) => return Ok(()),
            Ok(Some(wake)) if wake > now => {
                return self.set_alarm(wake).then_some(()).ok_or(AlarmNotSet);
            }
            Ok(Some(wake))
                if now - wake >= TOO_LATE_TO_HOLD && self.set_alarm(now + LEASE + ALARM_SLACK) => {}
            _ => self.alarm.hold(now),
        }
        self.work_or_log();
        self.let_go();
        self.alarm.hold.ended().await
    }

    /// Starts due work and sets the alarm again even if it seems to be set, at an operator's request.
    ///
    /// # Errors
    /// [`StoreError`] if the turn fails.
    pub fn wake(self: &Rc<Self>) -> Result<(), StoreError> {
        if !self.release() {
            self.alarm.forget();
        }
        self.turn(|record| record.release_holds())?;
        self.work()
    }

    /// Tries the failure `seq` again, at an operator's request. Never creates a profile row.
    ///
    /// # Errors
    /// [`StoreError`] if a turn fails.
    pub fn retry(self: &Rc<Self>, seq: i64) -> Result<Outcome, StoreError> {
        let outcome = self.turn(|record| record.retry(seq))?;
        if outcome == Outcome::Stored {
            self.work()?;
        }
        Ok(outcome)
    }

    /// The record as JSON, for an operator. See [`Record::show`](crate::record::Record::show).
    ///
    /// # Errors
    /// [`StoreError`] if the turn fails.
    pub fn show(&self) -> Result<Value, StoreError> {
        self.turn(|record| record.show())
    }

    fn log_storage_error(&self, error: &StoreError) {
        let entry = Entry::new(Level::Error, "record.storage_failed").with("why", error);
        self.object.log(&entry);
    }
}
