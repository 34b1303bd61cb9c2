//! The life of a claim on a reply: taken when it is due, checked again before each effect, ended by the
//! outcome of the try.

use super::{
    Record,
    claim::LEASE,
    tables::{
        replies::{Action, Reply},
        seen::ReplyEnding,
    },
};
use crate::{
    backoff::{self, LONGEST_POSTING, LONGEST_TRYING},
    ids::UserId,
    log::{Entry, Level},
    storage::StoreError,
    time::{Span, Timestamp},
};

/// The right to act on one reply, until the lease ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyClaim {
    /// The reply as it was before the claim.
    pub reply: Reply,
    /// Which claim of the reply this is.
    pub claim: i64,
    /// When it was taken.
    pub claimed_at: Timestamp,
    /// The user that the record is of.
    pub user_id: UserId,
}

/// The outcome of a try to act on a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplyOutcome {
    /// It is done.
    Done,
    /// It failed; trying again may help.
    Failed(String),
    /// It fails until an operator mends something.
    OperatorFault(String),
    /// It will never be accepted.
    Refused(String),
}

impl Action {
    /// How long it is tried: nobody wants an answer to a keyword the next day.
    fn longest(&self) -> Span {
        match self {
            Self::Post(_) => LONGEST_POSTING,
            Self::Obey(_) => LONGEST_TRYING,
        }
    }
}

impl Record<'_> {
    /// Claims the reply that is due first, if one is.
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

    /// Whether a claim still stands; asked before each effect.
    pub fn may_act(&self, claim: &ReplyClaim) -> Result<bool, StoreError> {
        let reply = &claim.reply;
        self.replies()
            .is_claimed(reply.seq, &reply.message_id, claim.claim, self.now)
    }

    /// Stores the outcome of a try. `random` spreads the next one.
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
        self.keep_failed_reply(reply, why)?;
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
        .with("conversation_id", reply.action.lane())
}
