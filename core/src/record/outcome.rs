//! The outcome of a try to text, and what follows: the notice ends, or is tried again later.

use super::{
    Record,
    claim::TextClaim,
    ending::{Dropped, Ending},
    notice::about,
    tables::{
        links::LinkKey,
        notices::{Notice, Postponement},
    },
};
use crate::{
    backoff::{self, LONGEST_TRYING, MOST_TRIES},
    log::Level,
    phone::Number,
    storage::StoreError,
    time::Span,
};

/// The outcome of a try to text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextOutcome {
    /// Nexmo accepted it.
    Accepted {
        /// The number that it left from.
        number: Number,
    },
    /// It failed; Nexmo may have accepted the text all the same. Trying again may help.
    Failed(String),
    /// It keeps failing until the operator fixes something, such as a key or the credit.
    OperatorFault(String),
    /// Nexmo throttled it.
    Throttled {
        /// How long Nexmo asked to wait, if it did.
        wait: Option<Span>,
        /// Nexmo's words.
        why: String,
    },
    /// Nexmo will never accept it.
    Refused {
        /// The number that it should have left from.
        number: Number,
        /// Nexmo's words.
        why: String,
    },
    /// No text was sent, for this reason.
    Dropped(Dropped),
}

/// A failed try that is followed by another.
struct FailedTry {
    /// Whether it counts towards the limit of tries.
    counts_as: CountsAs,
    /// How long to wait before the next try.
    wait: Span,
    /// The level of its log entry.
    level: Level,
    /// Why it failed.
    why: String,
}

/// Whether a failed try counts towards the limit of tries.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CountsAs {
    /// It counts.
    Failure,
    /// It does not: Nexmo only throttled it.
    Throttled,
}

impl Record<'_> {
    /// Stores the outcome of a try. `random`, uniform over `u32`, varies the wait before the next try.
    pub fn text_ended(
        &self,
        claim: &TextClaim,
        outcome: TextOutcome,
        random: u32,
    ) -> Result<(), StoreError> {
        let Some(notice) = self.notices().find(&claim.message_id)? else {
            return Ok(());
        };
        if let TextOutcome::Accepted { number } = outcome {
            // Even if the claim is void by now: a text that was accepted must not be sent again.
            return self.accepted(notice, number);
        }
        // The claim is void: another followed, or the notice now waits behind an earlier message.
        if notice.claims != claim.claim || notice.lease_until.is_none() {
            return Ok(());
        }
        match notice.gone {
            Some(why) => self.end_dropped(&notice, why),
            None => self.not_accepted(&notice, outcome, random),
        }
    }

    fn not_accepted(
        &self,
        notice: &Notice,
        outcome: TextOutcome,
        random: u32,
    ) -> Result<(), StoreError> {
        match outcome {
            TextOutcome::Accepted { .. } => Ok(()),
            TextOutcome::Dropped(why) => self.end_dropped(notice, why),
            TextOutcome::Refused { number, why } => self.fail(notice, Some(&number), &why),
            TextOutcome::Throttled { wait, why } => {
                let wait = backoff::after_throttle(notice.throttled + 1, wait, random);
                self.try_again(notice, &failed(CountsAs::Throttled, wait, Level::Info, why))
            }
            TextOutcome::OperatorFault(why) => {
                let wait = backoff::after_operators_fault(notice.tries + 1, random);
                self.try_again(notice, &failed(CountsAs::Failure, wait, Level::Error, why))
            }
            TextOutcome::Failed(why) => {
                let wait = backoff::after_failure(notice.tries + 1, random);
                self.try_again(notice, &failed(CountsAs::Failure, wait, Level::Warn, why))
            }
        }
    }

    fn accepted(&self, notice: Notice, number: Number) -> Result<(), StoreError> {
        let entry = about(&notice, Level::Info, "notice.sent");
        self.log(entry.with("tries", notice.tries));
        self.settle(&LinkKey {
            number,
            conversation_id: notice.conversation_id.clone(),
        })?;
        self.end(&notice, Ending::Texted)
    }

    fn try_again(&self, notice: &Notice, failed: &FailedTry) -> Result<(), StoreError> {
        let due_at = self.now + failed.wait;
        let to = match failed.counts_as {
            CountsAs::Failure => Postponement {
                tries: notice.tries + 1,
                throttled: 0,
                due_at,
            },
            CountsAs::Throttled => Postponement {
                tries: notice.tries,
                throttled: notice.throttled + 1,
                due_at,
            },
        };
        if self.exhausted(notice, to.tries) {
            return self.fail(notice, None, &failed.why);
        }
        self.log(
            about(notice, failed.level, "notice.postponed")
                .with("why", &failed.why)
                .with("wait_ms", failed.wait.as_millis()),
        );
        self.notices().postpone(&notice.message_id, &to)?;
        self.links().unclaim(&notice.conversation_id)?;
        self.activate_first(&notice.conversation_id)
    }

    pub(super) fn exhausted(&self, notice: &Notice, tries: i64) -> bool {
        let trying = notice.first_try_at.map(|first| self.now - first);
        tries >= MOST_TRIES || trying.is_some_and(|trying| trying >= LONGEST_TRYING)
    }

    pub(super) fn fail(
        &self,
        notice: &Notice,
        number: Option<&Number>,
        why: &str,
    ) -> Result<(), StoreError> {
        self.log(about(notice, Level::Error, "notice.failed").with("why", why));
        self.keep_failed_text(notice, number, why)?;
        self.end_without_text(notice, Ending::Failed)
    }
}

fn failed(counts_as: CountsAs, wait: Span, level: Level, why: String) -> FailedTry {
    FailedTry {
        counts_as,
        wait,
        level,
        why,
    }
}
