//! What the driver needs: the trait that a Durable Object implements, and the tests' objects.

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

/// Work that goes on between events.
pub type Task = Pin<Box<dyn Future<Output = ()>>>;

/// A piece of work that a turn claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// A text.
    Text(TextClaim),
    /// A reply.
    Reply(ReplyClaim),
}

impl Claim {
    /// When it was taken.
    pub fn claimed_at(&self) -> Timestamp {
        match self {
            Self::Text(claim) => claim.claimed_at,
            Self::Reply(claim) => claim.claimed_at,
        }
    }
}

/// An instance of a Durable Object: storage, one alarm, tasks, effects.
#[expect(async_fn_in_trait, reason = "a Worker has one thread")]
pub trait Object: 'static {
    /// The effects of one attempt.
    type Effects: Effects + 'static;

    /// The time now.
    fn now(&self) -> Timestamp;

    /// The settings that the record's rules need.
    ///
    /// # Errors
    /// [`StoreError::Refused`] while the settings are unusable: then no turn runs.
    fn policy(&self) -> Result<Rc<Policy>, StoreError>;

    /// The object's storage.
    fn sql(&self) -> &dyn Sql;

    /// Runs `work` as one transaction: if it fails, its writes are undone.
    ///
    /// # Errors
    /// The error of `work`, or [`StoreError::Refused`] if the transaction itself fails.
    fn transaction(
        &self,
        work: &mut dyn FnMut() -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;

    /// Sets the object's one alarm. Returns `false` if that failed.
    fn set_alarm(&self, at: Timestamp) -> bool;

    /// Writes an entry to the log.
    fn log(&self, entry: &Entry);

    /// Called when a turn's transaction has succeeded, with its log entries. Writes them.
    fn log_stored(&self, entries: &[Entry]);

    /// The effects for an attempt on a claim; `None` while the settings are unusable.
    fn effects(&self, claim: &Claim) -> Option<Self::Effects>;

    /// Starts a task. The object stays awake until the task ends.
    fn spawn(&self, task: Task);

    /// KV.
    fn kv(&self) -> &impl Kv;

    /// Sends a report to the statistics. Returns `false` if they did not store it.
    async fn tell_statistics(&self, report: &Report) -> bool;
}
