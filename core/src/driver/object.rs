//! What the driver needs of what it drives.

use std::{pin::Pin, rc::Rc};

use crate::{
    attempt::effects::Effects,
    kv::Kv,
    log::Entry,
    record::{claim::TextClaim, policy::Policy, reply::ReplyClaim},
    statistics::report::Report,
    storage::{Sql, StoreError},
    time::Timestamp,
};

/// Work beside all events.
pub type Task = Pin<Box<dyn Future<Output = ()>>>;

/// A piece of work that a turn claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// A text.
    Text(TextClaim),
    /// A reply.
    Reply(ReplyClaim),
}

/// An instance of a Durable Object: storage, one alarm, tasks, effects.
#[expect(async_fn_in_trait, reason = "a Worker has one thread")]
pub trait Object: 'static {
    /// The surroundings of one attempt.
    type Effects: Effects + 'static;

    /// The time now.
    fn now(&self) -> Timestamp;

    /// The settings that the record's rules go by.
    ///
    /// # Errors
    /// [`StoreError::Refused`] while they are unusable: no turn runs then.
    fn policy(&self) -> Result<Rc<Policy>, StoreError>;

    /// The object's storage.
    fn sql(&self) -> &dyn Sql;

    /// Runs `work` as one transaction: what it wrote is undone when it fails.
    ///
    /// # Errors
    /// Those of `work`, or [`StoreError::Refused`] when the transaction itself fails.
    fn transaction(
        &self,
        work: &mut dyn FnMut() -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;

    /// Sets the object's one alarm; `false` when that failed.
    fn set_alarm(&self, at: Timestamp) -> bool;

    /// Writes to the log.
    fn log(&self, entry: &Entry);

    /// A turn was stored: writes its log entries.
    fn stored(&self, entries: &[Entry]);

    /// The surroundings of an attempt on a claim; `None` while the settings are unusable.
    fn effects(&self, claim: &Claim) -> Option<Self::Effects>;

    /// Lets a task run. The object stays awake until the task ends.
    fn spawn(&self, task: Task);

    /// KV.
    fn kv(&self) -> &impl Kv;

    /// Tells the statistics a report; `false` when they did not store it.
    async fn tell_statistics(&self, report: &Report) -> bool;
}
