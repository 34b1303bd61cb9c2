//! What the sides have in common.

use standins::Nexmo;

use crate::{Failure, job::Job, process::Worker};

/// What texts when it is due.
pub trait Texter {
    /// The Worker that texts.
    fn worker(&self) -> &Worker;
    /// Where its texts go.
    fn nexmo(&self) -> &Nexmo;
    /// The request by which it learns that a user is to be texted.
    fn job(&self, user: usize) -> Result<Job, Failure>;
}
