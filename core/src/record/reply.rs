//! Claims on replies. A claim is taken when a reply is due, checked again before each effect, and ended by
//! the outcome of the try.

use super::{
    Record,
    claim::LEASE,
    tables::{
        replies::{Action, Reply},
        seen::ReplyEnding,
    },
};
use crate::{
    backoff::{self, LONGEST_OBEYING, LONGEST_POSTING},
    ids::UserId,
    log::{Entry, Level},
    storage::StoreError,
    time::{Span, Timestamp},
};

/// The right to act on one reply until the lease ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyClaim {
    /// The reply as it was before the claim.
    pub reply: Reply,
    /// The number of this claim among the reply's claims, from 1. Tells it from later claims.
    pub claim: i64,
    /// When it was taken.
    pub claimed_at: Timestamp,
    /// The record's user, who wrote the reply.
    pub user_id: UserId,
}

/// The outcome of a try to act on a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplyOutcome {
    /// It is done.
    Done,
    /// It failed; trying again may help.
    Failed(String),
    /// The chat asks to wait.
    Throttled {
        /// Its words.
        why: String,
        /// How long.
        wait: Span,
    },
    /// It keeps failing until the operator fixes something, such as a key or a token.
    OperatorFault(String),
    /// Layer or Nexmo will never accept it.
    Refused(String),
}

impl Action {
    /// How long it is tried.
    fn longest(&self) -> Span {
        match self {
            Self::Post(_) => LONGEST_POSTING,
            Self::Obey(_) | Self::CarrierStop(_) | Self::NoteOpen(_) => LONGEST_OBEYING,
        }
    }
}

impl Record<'_> {
    /// Claims the reply that has been due the longest; `None` if none is due.
    pub fn claim_reply(&self) -> Result<Option<ReplyClaim>, StoreError> {
        let Some(reply) = self.replies().first_due(self.now)? else {
            return Ok(None);
        };
        self.replies().claim(reply.seq, self.now + LEASE)?;
        Ok(Some(ReplyClaim {
            claim: reply.claims + 1,
            reply,
            claimed_at: self.now,
            user_id: self.user_id()?,
        }))
    }

    /// Keeps a claim open beyond its lease, because its attempt still runs.
    pub fn extend_reply(
        &self,
        claim: &ReplyClaim,
        lease_until: Timestamp,
    ) -> Result<(), StoreError> {
        let reply = &claim.reply;
        self.replies()
            .extend(reply.seq, &reply.message_id, claim.claim, lease_until)
    }

    /// Whether a claim is still valid. Checked before each request.
    pub fn may_act(&self, claim: &ReplyClaim) -> Result<bool, StoreError> {
        let reply = &claim.reply;
        self.replies()
            .is_claimed(reply.seq, &reply.message_id, claim.claim, self.now)
    }

    /// Stores the outcome of a try. `random`, uniform over `u32`, varies the wait before the next try.
    ///
    /// Success counts even if the claim is void by now: what was posted must not be posted again.
    pub fn reply_ended(
        &self,
        claim: &ReplyClaim,
        outcome: ReplyOutcome,
        random: u32,
    ) -> Result<(), StoreError> {
        let reply = &claim.reply;
        let Some(claims) = self.replies().claims(reply.seq, &reply.message_id)? else {
            return Ok(());
        };
        if outcome == ReplyOutcome::Done {
            self.log(about(reply, Level::Info, "reply.done"));
            return self.end_reply(reply, ReplyEnding::Posted);
        }
        if claims != claim.claim {
            return Ok(());
        }
        let wait = backoff::after_failed_post(reply.tries + 1, random);
        match outcome {
            ReplyOutcome::Done => Ok(()),
            ReplyOutcome::Refused(why) => self.fail_reply(reply, &why),
            ReplyOutcome::OperatorFault(why) => {
                let wait = wait.max(backoff::OPERATORS_PAUSE);
                self.postpone_reply(reply, wait, Level::Error, &why)
            }
            ReplyOutcome::Failed(why) => self.postpone_reply(reply, wait, Level::Warn, &why),
            ReplyOutcome::Throttled { why, wait: asked } => {
                self.postpone_reply(reply, wait.max(asked), Level::Warn, &why)
            }
        }
    }

    fn postpone_reply(
        &self,
        reply: &Reply,
        wait: Span,
        level: Level,
        why: &str,
    ) -> Result<(), StoreError> {
        if self.now - reply.received_at >= reply.action.longest() {
            return self.fail_reply(reply, why);
        }
        self.log(
            about(reply, level, "reply.postponed")
                .with("why", why)
                .with("wait_ms", wait.as_millis()),
        );
        self.replies().postpone(reply.seq, self.now + wait)
    }

    fn fail_reply(&self, reply: &Reply, why: &str) -> Result<(), StoreError> {
        self.log(about(reply, Level::Error, "reply.failed").with("why", why));
        if reply.action.is_persons() {
            self.keep_failed_reply(reply, why)?;
        }
        self.end_reply(reply, ReplyEnding::Failed)
    }

    fn end_reply(&self, reply: &Reply, ending: ReplyEnding) -> Result<(), StoreError> {
        if reply.action.is_post() {
            self.seen()
                .insert_reply(self.hour(), &reply.message_id, ending)?;
        }
        self.replies().delete(reply.seq, &reply.action)
    }
}

fn about(reply: &Reply, level: Level, message: &'static str) -> Entry {
    Entry::new(level, message)
        .with("kind", reply.action.word())
        .with("nexmo_id", &reply.message_id)
        .with("conversation_id", reply.action.conversation())
}
