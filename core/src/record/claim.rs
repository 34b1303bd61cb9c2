//! Claims on notices. A claim is taken when a notice is due, checked again before each effect, and ended by
//! the [`outcome`](super::outcome) of the try.
//!
//! The claim and its lease are stored before any request is sent, so a crash at any point leads to another
//! try when the lease ends. If the crash comes after Nexmo accepted the text and before that is stored, the
//! user gets the text twice: Nexmo has no idempotency key, and not trying again could lose the text. A lease
//! that ended without an outcome therefore counts as a text that Nexmo may have taken.

use super::{
    Record,
    allocation::Choice,
    ending::Dropped,
    tables::{
        links::LinkKey,
        notices::{Notice, NoticeWithMessage},
    },
};
use crate::{
    chat::{recheck::Recheck, status::Status},
    ids::{ConversationId, MessageId, UserId},
    phone::{Number, Phone},
    storage::StoreError,
    time::{SECOND, Span, Timestamp},
};

/// How long a claim excludes others. Longer than an attempt may take.
pub const LEASE: Span = SECOND.times(45);

/// The right to text about one message until the lease ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextClaim {
    /// The message.
    pub message_id: MessageId,
    /// The conversation of the message.
    pub conversation_id: ConversationId,
    /// The number of this claim among the notice's claims, from 1. Tells it from later claims.
    pub claim: i64,
    /// When it was taken.
    pub claimed_at: Timestamp,
    /// The message as the chat's webhook carried it, JSON.
    pub message: String,
    /// The record's user, who is to be texted.
    pub user_id: UserId,
    /// Whether Nexmo may have taken an earlier try: then this one is sent only if Nexmo responds at all.
    pub in_doubt: bool,
}

impl Record<'_> {
    /// Claims the notice that has been due the longest; `None` if none is due. Ends or deactivates due
    /// notices that cannot be claimed on the way.
    pub fn claim_text(&self) -> Result<Option<TextClaim>, StoreError> {
        while let Some(mut due) = self.notices().first_due(self.now)? {
            if self.may_be_claimed(&mut due.notice)? {
                return self.claim(due).map(Some);
            }
        }
        Ok(None)
    }

    /// Whether a due notice may be claimed now. If not, this has ended or deactivated it.
    fn may_be_claimed(&self, notice: &mut Notice) -> Result<bool, StoreError> {
        if let Some(why) = notice.gone {
            self.end_dropped(notice, why)?;
            return Ok(false);
        }
        if let Some(lease) = notice.lease_until
            && !self.interrupted(notice, lease)?
        {
            return Ok(false);
        }
        let first = self.first_in_order(&notice.conversation_id)?;
        if first.is_some_and(|first| first.message_id != notice.message_id) {
            self.notices().deactivate(&notice.message_id)?;
            self.activate_first(&notice.conversation_id)?;
            return Ok(false);
        }
        Ok(true)
    }

    /// Keeps a claim open beyond its lease, because its attempt still runs.
    pub fn extend_text(&self, claim: &TextClaim, until: Timestamp) -> Result<(), StoreError> {
        let lease = claim.claimed_at + LEASE;
        self.links().extend(&claim.conversation_id, lease, until)?;
        self.notices().extend(&claim.message_id, claim.claim, until)
    }

    fn claim(&self, due: NoticeWithMessage) -> Result<TextClaim, StoreError> {
        let NoticeWithMessage { notice, message } = due;
        self.notices()
            .claim(&notice.message_id, self.now, self.now + LEASE)?;
        Ok(TextClaim {
            in_doubt: notice.tries.perhaps_taken > 0,
            message_id: notice.message_id,
            conversation_id: notice.conversation_id,
            claim: notice.claims + 1,
            claimed_at: self.now,
            message,
            user_id: self.user_id()?,
        })
    }

    /// The notice of a claim; `None` if the claim is void: its lease is over, another claim followed, or the
    /// notice has ended. Ends the notice if it was marked to be dropped while this claim was open.
    fn claimed(&self, claim: &TextClaim) -> Result<Option<Notice>, StoreError> {
        let Some(notice) = self.notices().find(&claim.message_id)? else {
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

    /// Whether the message is still to be texted, given the chat's response to the recheck. If not, the
    /// notice has ended or the claim is void.
    pub fn still_unread(&self, claim: &TextClaim, recheck: Recheck) -> Result<bool, StoreError> {
        let Some(notice) = self.claimed(claim)? else {
            return Ok(false);
        };
        let status = match recheck {
            Recheck::Status(status) => status.max(notice.status),
            Recheck::Unknown => notice.status,
            Recheck::Gone => return self.stop(&notice, Dropped::Deleted),
            Recheck::NotListed => return self.stop(&notice, Dropped::Left),
        };
        if status == Status::Read {
            return self.stop(&notice, Dropped::Read);
        }
        if !self.policy.report_on.justifies(status) {
            return self.stop(&notice, Dropped::NotReported);
        }
        if status > notice.status {
            self.notices().set_status(&notice.message_id, status)?;
        }
        Ok(true)
    }

    fn stop(&self, notice: &Notice, why: Dropped) -> Result<bool, StoreError> {
        self.end_dropped(notice, why)?;
        Ok(false)
    }

    /// Chooses the number that the text is sent from, and stores the link. `None` if the claim is void, or if
    /// no number is free: then the notice has ended.
    pub fn number_for(&self, claim: &TextClaim) -> Result<Option<Choice>, StoreError> {
        let Some(notice) = self.claimed(claim)? else {
            return Ok(None);
        };
        let lease = notice.lease_until.unwrap_or(self.now);
        let numbers = self.numbers_but(&notice.tries);
        let conversation = &notice.conversation_id;
        match self.allocate(conversation, &numbers, lease)? {
            Choice::NoneFree if notice.tries.refused_numbers.0.is_empty() => {
                self.end_dropped(&notice, Dropped::NoNumber)?;
            }
            Choice::NoneFree => self.fail(&notice, None, "no other number is free")?,
            choice => return Ok(Some(choice)),
        }
        Ok(None)
    }

    /// The last check before the text is sent to Nexmo: `false` if it must not be sent. Otherwise stores the
    /// phone as the link's pending one.
    pub fn may_leave(
        &self,
        claim: &TextClaim,
        number: &Number,
        phone: &Phone,
    ) -> Result<bool, StoreError> {
        let Some(notice) = self.claimed(claim)? else {
            return Ok(false);
        };
        if !self.policy.report_on.justifies(notice.status) {
            return self.stop(&notice, Dropped::NotReported);
        }
        if self.opted_out()?.is_some() {
            return self.stop(&notice, Dropped::OptedOut);
        }
        let key = LinkKey {
            number: number.clone(),
            conversation_id: notice.conversation_id,
        };
        if !self.links().contains(&key)? {
            return Ok(false);
        }
        self.links().set_pending_phone(&key, phone)?;
        Ok(true)
    }
}
