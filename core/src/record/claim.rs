//! The life of a claim on a notice: taken when it is due, looked at again before each effect, ended
//! by what came of the text.
//!
//! A claim with its lease is stored before anything leaves, so that a crash at any point ends in
//! another try when the lease does. If the crash came after Nexmo accepted the text and before that
//! was stored, the text is doubled: Nexmo has no idempotency key, and the other choice is to lose it.

use super::{
    Record,
    link::Choice,
    notice::{COLUMNS, Dropped, Notice, notice},
    seen::Ending,
    store::StoreError,
};
use crate::{
    backoff::{self, LONGEST_TRYING, MOST_TRIES},
    layer::{api::Recheck, status::Status},
    log::Level,
    params,
    time::{Millis, SECOND},
};

/// How long a claim keeps others away, longer than any attempt takes.
pub const LEASE: Millis = 45 * SECOND;

/// The right to text one notice's message, until the lease ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextClaim {
    /// UUID of the message.
    pub message_id: String,
    /// UUID of the conversation.
    pub conversation_id: String,
    /// Which claim of the notice this is.
    pub claim: i64,
    /// When it was taken.
    pub claimed_at: Millis,
    /// The message as in Layer's webhook, JSON.
    pub message: String,
    /// The user that the record is of.
    pub user_id: String,
}

/// What came of a try to text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextOutcome {
    /// Nexmo accepted it.
    Accepted {
        /// The number that it left from.
        number: String,
    },
    /// It failed, perhaps after Nexmo accepted it; trying again may help.
    Failed(String),
    /// It failed until an operator mends something.
    OperatorFault(String),
    /// Nexmo is busy and asked to wait, perhaps for so many milliseconds.
    Throttled {
        /// Nexmo's own wish.
        wait: Option<Millis>,
        /// Nexmo's words.
        why: String,
    },
    /// It will never be accepted.
    Refused {
        /// The number that it should have left from.
        number: String,
        /// Nexmo's words.
        why: String,
    },
    /// There turned out to be nothing to text.
    Dropped(Dropped),
}

impl Record<'_> {
    /// Claims the notice that is due first, if one is.
    pub fn claim_text(&self) -> Result<Option<TextClaim>, StoreError> {
        let statement = format!(
            "SELECT {COLUMNS}, message FROM notices WHERE wake_at <= ?1 ORDER BY wake_at LIMIT 1"
        );
        while let Some(row) = self.first(&statement, params![self.now])? {
            let notice = notice(&row)?;
            if self.may_be_claimed(&notice)? {
                return self.claim(&notice, row.text(11)?).map(Some);
            }
        }
        Ok(None)
    }

    /// Whether a due notice is claimed now; if not, it is not the one due first any more.
    fn may_be_claimed(&self, notice: &Notice) -> Result<bool, StoreError> {
        if let Some(why) = notice.gone {
            self.end_dropped(notice, why)?;
            return Ok(false);
        }
        if notice.lease_until.is_some() {
            self.note(self.about(notice, Level::Warn, "notice.interrupted"));
            if self.exhausted(notice, notice.tries + 1) {
                self.fail(notice, None, "interrupted too often")?;
                return Ok(false);
            }
        }
        let first = self.first_in_order(&notice.conversation_id)?;
        if first.is_some_and(|first| first.message_id != notice.message_id) {
            self.deactivate(&notice.message_id)?;
            self.activate_first(&notice.conversation_id)?;
            return Ok(false);
        }
        Ok(true)
    }

    fn claim(&self, notice: &Notice, message: String) -> Result<TextClaim, StoreError> {
        let interrupted = i64::from(notice.lease_until.is_some());
        self.exec(
            "UPDATE notices SET claims = claims + 1, tries = tries + ?1, wake_at = ?2,
                lease_until = ?2, first_try_at = coalesce(first_try_at, ?3) WHERE message_id = ?4",
            params![interrupted, self.now + LEASE, self.now, &notice.message_id],
        )?;
        Ok(TextClaim {
            message_id: notice.message_id.clone(),
            conversation_id: notice.conversation_id.clone(),
            claim: notice.claims + 1,
            claimed_at: self.now,
            message,
            user_id: self
                .profile()?
                .map(|profile| profile.user_id)
                .unwrap_or_default(),
        })
    }

    /// The claimed notice, if the claim still stands and something should come of it.
    fn claimed(&self, claim: &TextClaim) -> Result<Option<Notice>, StoreError> {
        let Some(notice) = self.notice(&claim.message_id)? else {
            return Ok(None);
        };
        if notice.claims != claim.claim || notice.lease_until.is_none_or(|end| end <= self.now) {
            return Ok(None);
        }
        if let Some(why) = notice.gone {
            self.end_dropped(&notice, why)?;
            return Ok(None);
        }
        Ok(Some(notice))
    }

    /// Whether the message is still to be texted, now that Layer was asked.
    pub fn still_unread(&self, claim: &TextClaim, recheck: Recheck) -> Result<bool, StoreError> {
        let Some(notice) = self.claimed(claim)? else {
            return Ok(false);
        };
        let status = match recheck {
            Recheck::Status(status) => status.max(notice.status),
            Recheck::Unsaid => notice.status,
            Recheck::Gone => return self.stop(&notice, Dropped::Deleted),
            Recheck::NotListed => return self.stop(&notice, Dropped::Left),
        };
        if status == Status::Read {
            return self.stop(&notice, Dropped::Read);
        }
        if !self.policy.justifies(status) {
            return self.stop(&notice, Dropped::NotReported);
        }
        if status > notice.status {
            self.set_status(&notice, status)?;
        }
        Ok(true)
    }

    fn stop(&self, notice: &Notice, why: Dropped) -> Result<bool, StoreError> {
        self.end_dropped(notice, why)?;
        Ok(false)
    }

    /// The number that the text leaves from; `None` when there is none or the claim is void.
    pub fn number_for(&self, claim: &TextClaim) -> Result<Option<Choice>, StoreError> {
        let Some(notice) = self.claimed(claim)? else {
            return Ok(None);
        };
        let lease = notice.lease_until.unwrap_or(self.now);
        match self.allocate(&notice.conversation_id, lease)? {
            Choice::NoneFree => self.stop(&notice, Dropped::NoNumber).map(|_| None),
            choice => Ok(Some(choice)),
        }
    }

    /// The last look before a text leaves: `false` when it must not.
    pub fn may_leave(
        &self,
        claim: &TextClaim,
        number: &str,
        phone: &str,
    ) -> Result<bool, StoreError> {
        let Some(notice) = self.claimed(claim)? else {
            return Ok(false);
        };
        if !self.policy.justifies(notice.status) {
            return self.stop(&notice, Dropped::NotReported);
        }
        if self.opted_out()?.is_some() {
            return self.stop(&notice, Dropped::OptedOut);
        }
        if !self.has_link(number, &notice.conversation_id)? {
            return Ok(false);
        }
        self.expect_phone((number, &notice.conversation_id), phone)?;
        Ok(true)
    }

    /// Stores what came of a try. `random` spreads the next one.
    pub fn text_ended(
        &self,
        claim: &TextClaim,
        outcome: TextOutcome,
        random: u32,
    ) -> Result<(), StoreError> {
        let Some(notice) = self.notice(&claim.message_id)? else {
            return Ok(());
        };
        if let TextOutcome::Accepted { number } = outcome {
            // Whoever holds the claim now: a text that was accepted must not leave again.
            self.note(
                self.about(&notice, Level::Info, "notice.sent")
                    .with("tries", notice.tries),
            );
            self.settle(&number, &notice.conversation_id)?;
            return self.end(&notice, Ending::Texted);
        }
        // Another holds the claim, or the lease ended and an earlier message goes first by now.
        if notice.claims != claim.claim || notice.lease_until.is_none() {
            return Ok(());
        }
        match (notice.gone, outcome) {
            (Some(why), _) | (None, TextOutcome::Dropped(why)) => self.end_dropped(&notice, why),
            (None, TextOutcome::Refused { number, why }) => self.fail(&notice, Some(&number), &why),
            (None, TextOutcome::Throttled { wait, why }) => {
                let wait = backoff::after_throttle(notice.throttled + 1, wait, random);
                self.try_again(&notice, (0, 1), wait, (Level::Info, &why))
            }
            (None, TextOutcome::OperatorFault(why)) => {
                let wait = backoff::after_operators_fault(notice.tries + 1, random);
                self.try_again(&notice, (1, 0), wait, (Level::Error, &why))
            }
            (None, TextOutcome::Failed(why)) => {
                let wait = backoff::after_failure(notice.tries + 1, random);
                self.try_again(&notice, (1, 0), wait, (Level::Warn, &why))
            }
            (None, TextOutcome::Accepted { .. }) => Ok(()),
        }
    }

    fn try_again(
        &self,
        notice: &Notice,
        (tries, throttled): (i64, i64),
        wait: Millis,
        (level, why): (Level, &str),
    ) -> Result<(), StoreError> {
        if self.exhausted(notice, notice.tries + tries) {
            return self.fail(notice, None, why);
        }
        self.note(
            self.about(notice, level, "notice.postponed")
                .with("why", why)
                .with("wait_ms", wait),
        );
        let throttled = if throttled == 0 {
            0
        } else {
            notice.throttled + throttled
        };
        self.exec(
            "UPDATE notices SET tries = ?1, throttled = ?2, due_at = ?3, wake_at = NULL,
                lease_until = NULL WHERE message_id = ?4",
            params![
                notice.tries + tries,
                throttled,
                self.now + wait,
                &notice.message_id
            ],
        )?;
        self.unclaim(&notice.conversation_id)?;
        self.activate_first(&notice.conversation_id)
    }

    fn exhausted(&self, notice: &Notice, tries: i64) -> bool {
        let trying = notice.first_try_at.map_or(0, |first| self.now - first);
        tries >= MOST_TRIES || trying >= LONGEST_TRYING
    }

    fn fail(&self, notice: &Notice, number: Option<&str>, why: &str) -> Result<(), StoreError> {
        self.note(
            self.about(notice, Level::Error, "notice.failed")
                .with("why", why),
        );
        self.keep_failed_text(notice, number, why)?;
        self.end_without_text(notice, Ending::Failed)
    }
}
