//! The outcome of a try to text, and what follows: the notice ends, or is tried again later.

use super::{
    Record,
    claim::TextClaim,
    covered::Covered,
    ending::{Dropped, Ending},
    notice::about,
    tables::notices::{Notice, Postponement, Tries},
};
use crate::{
    backoff::{self, LONGEST_FAULT, LONGEST_TRYING},
    ids::{TextId, TextReference},
    log::{Entry, Level},
    phone::Number,
    storage::StoreError,
    time::{Span, Timestamp},
};

/// The outcome of a try to text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextOutcome {
    /// Nexmo accepted it.
    Accepted {
        /// The number that it left from.
        number: Number,
    },
    /// Nexmo may have taken it: its response was lost or is unreadable.
    PerhapsTaken(String),
    /// It failed; Nexmo did not take it. Trying again may help.
    Failed(String),
    /// It keeps failing until the operator fixes something, such as a key or the credit.
    OperatorFault(String),
    /// Nexmo throttled it.
    Throttled {
        /// How long Nexmo asked to wait, if it did.
        asked: Option<Span>,
        /// How long it is until the moment that the number's pace gave the text, if it gave one.
        paced: Option<Span>,
        /// Nexmo's words.
        why: String,
    },
    /// Nexmo sends no text from this number to the phone. Another number may do.
    NumberRefused {
        /// The number that it should have left from.
        number: Number,
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

/// A notice that was tried.
pub(super) struct Tried<'a> {
    /// The notice, as it was before the try ended.
    pub notice: &'a Notice,
    /// When this try began.
    pub began: Timestamp,
}

/// A try that is followed by another.
pub(super) struct Retry {
    /// What became of the notice's tries, this one included.
    pub tries: Tries,
    /// How long to wait before the next try.
    pub wait: Span,
    /// The try's log entry, without the reason and the wait.
    pub entry: Entry,
    /// Why it failed.
    pub why: String,
}

/// How a try ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The outcome.
    pub outcome: TextOutcome,
    /// The messages that the text covered, or was to cover.
    pub covered: Covered,
    /// What tells the text's receipts, if it left.
    pub trace: Option<Trace>,
}

/// What tells the receipts of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Its name in receipts.
    pub reference: TextReference,
    /// Nexmo's ids of its parts; none if Nexmo did not accept it.
    pub part_ids: Vec<TextId>,
}

impl Record<'_> {
    /// Stores how a try ended. `random`, uniform over `u32`, varies the wait before the next try.
    pub fn text_ended(
        &self,
        claim: &TextClaim,
        ended: &Ended,
        random: u32,
    ) -> Result<(), StoreError> {
        if let TextOutcome::Accepted { number } = &ended.outcome {
            // Even if the claim is void by now: a text that was accepted must not be sent again.
            return self.accepted(claim, ended, number);
        }
        let Some(holder) = self.notices().find(&claim.message_id)? else {
            return self.not_needed(claim, &ended.outcome);
        };
        if holder.claims != claim.claim {
            return Ok(());
        }
        // The claim is void: its lease ended, and the notice now waits behind an earlier message.
        let Some(lease) = holder.lease_until else {
            return Ok(());
        };
        let conversation = &holder.conversation_id;
        match &ended.outcome {
            TextOutcome::PerhapsTaken(_) => {
                self.doubt(conversation, lease)?;
                self.fate_is_open(&claim.message_id, claim.claim)?;
            }
            _ => {
                self.links().unclaim(conversation, lease)?;
                self.uncount_text(claim)?;
            }
        }
        self.all_not_accepted(claim, ended, random)?;
        self.activate_first(conversation)
    }

    /// Each notice has tries of its own: one that reaches its end leaves, the others go on.
    fn all_not_accepted(
        &self,
        claim: &TextClaim,
        ended: &Ended,
        random: u32,
    ) -> Result<(), StoreError> {
        let notices = self.notices().find_all(&ended.covered.all())?;
        if let TextOutcome::NumberRefused { number, why } = &ended.outcome {
            return self.next_number(claim, &notices, number, why);
        }
        for notice in notices.iter().rev() {
            let tried = Tried {
                notice,
                began: claim.claimed_at,
            };
            match notice.gone {
                Some(why) => self.end_dropped(notice, why)?,
                None => self.not_accepted(&tried, ended.outcome.clone(), random)?,
            }
        }
        Ok(())
    }

    fn not_accepted(
        &self,
        tried: &Tried<'_>,
        outcome: TextOutcome,
        random: u32,
    ) -> Result<(), StoreError> {
        let notice = tried.notice;
        match outcome {
            TextOutcome::Accepted { .. } | TextOutcome::NumberRefused { .. } => Ok(()),
            TextOutcome::Dropped(why) => self.end_dropped(notice, why),
            TextOutcome::Refused { number, why } => self.fail(notice, Some(&number), &why),
            TextOutcome::PerhapsTaken(why) => self.perhaps_taken(tried, why, random),
            TextOutcome::Throttled { asked, paced, why } => {
                let wait =
                    |times| paced.unwrap_or_else(|| backoff::after_throttle(times, asked, random));
                self.throttled(tried, wait, why)
            }
            TextOutcome::OperatorFault(why) => self.operators_fault(tried, why, random),
            TextOutcome::Failed(why) => self.failed(tried, why, random),
        }
    }

    fn failed(&self, tried: &Tried<'_>, why: String, random: u32) -> Result<(), StoreError> {
        let notice = tried.notice;
        let mut tries = notice.tries.clone();
        tries.tries += 1;
        (tries.throttled, tries.faults) = (0, 0);
        self.try_again_for_hours(
            tried,
            Retry {
                wait: backoff::after_failure(tries.tries, random),
                tries,
                entry: postponed(notice, Level::Warn),
                why,
            },
        )
    }

    fn throttled(
        &self,
        tried: &Tried<'_>,
        wait: impl Fn(i64) -> Span,
        why: String,
    ) -> Result<(), StoreError> {
        let notice = tried.notice;
        let mut tries = notice.tries.clone();
        tries.throttled += 1;
        tries.faults = 0;
        self.try_again_for_hours(
            tried,
            Retry {
                wait: wait(tries.throttled),
                tries,
                entry: postponed(notice, Level::Info),
                why,
            },
        )
    }

    fn operators_fault(
        &self,
        tried: &Tried<'_>,
        why: String,
        random: u32,
    ) -> Result<(), StoreError> {
        let notice = tried.notice;
        let mut tries = notice.tries.clone();
        (tries.tries, tries.throttled) = (tries.tries + 1, 0);
        (tries.faults, tries.fault_at) = (tries.faults + 1, Some(self.now));
        if self.since(notice.first_try_at) >= LONGEST_FAULT {
            return self.fail(notice, None, &why);
        }
        self.try_again(
            tried,
            &Retry {
                wait: backoff::after_operators_fault(tries.faults, random),
                tries,
                entry: postponed(notice, Level::Error).repetitive(),
                why,
            },
        )
    }

    /// Tries again, unless tries have failed for [`LONGEST_TRYING`]. Time in which the operator had to fix
    /// something does not count, but altogether there is no more than [`LONGEST_FAULT`].
    pub(super) fn try_again_for_hours(
        &self,
        tried: &Tried<'_>,
        retry: Retry,
    ) -> Result<(), StoreError> {
        let notice = tried.notice;
        let began = notice.first_try_at.max(notice.tries.fault_at);
        let is_over =
            self.since(began) >= LONGEST_TRYING || self.since(notice.first_try_at) >= LONGEST_FAULT;
        match is_over {
            true => self.fail(notice, None, &retry.why),
            false => self.try_again(tried, &retry),
        }
    }

    fn since(&self, began: Option<Timestamp>) -> Span {
        began.map_or(Span::ZERO, |began| self.now - began)
    }

    /// Puts a notice off. The caller activates the first of its conversation.
    pub(super) fn try_again(&self, tried: &Tried<'_>, retry: &Retry) -> Result<(), StoreError> {
        self.log(
            retry
                .entry
                .clone()
                .with("why", &retry.why)
                .with("wait_ms", retry.wait.as_millis()),
        );
        let to = Postponement {
            tries: retry.tries.clone(),
            until: self.now + retry.wait,
            first_try_at: tried.began,
        };
        self.notices().postpone(&tried.notice.message_id, &to)
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

pub(super) fn postponed(notice: &Notice, level: Level) -> Entry {
    about(notice, level, "notice.postponed")
}
