//! Claims on notices. A claim is taken when a notice is due, [checked](super::check) again before the text leaves, and
//! ended by the [`outcome`](super::outcome) of the try.
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
        notices::{Covers, Notice, NoticeWithMessage, refused_numbers},
    },
};
use crate::{
    chat::status::Status,
    consent::OptOut,
    ids::{ConversationId, MessageId, UserId},
    phone::Number,
    storage::StoreError,
    time::{SECOND, Span, Timestamp},
};

/// How long a claim excludes others. Longer than an attempt may take.
pub const LEASE: Span = SECOND.times(45);

/// The right to send one text of a conversation until the lease ends. The first notice that it covers holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextClaim {
    /// The message whose notice holds the claim.
    pub message_id: MessageId,
    /// The conversation.
    pub conversation_id: ConversationId,
    /// The number of this claim among the notice's claims, from 1. Tells it from later claims.
    pub claim: i64,
    /// When it was taken.
    pub claimed_at: Timestamp,
    /// The messages that the chat is asked about again, in order; the first is `message_id`. Without digests,
    /// that is the only one.
    pub asked: Vec<ClaimedMessage>,
    /// Further messages, which the text only counts.
    pub counted: Vec<MessageId>,
    /// The record's user, who is to be texted.
    pub user_id: UserId,
    /// Whether Nexmo may have taken an earlier try: then this one is sent only if Nexmo responds at all.
    pub in_doubt: bool,
    /// The number that the text would have got when it was claimed. Tells what to ask; nothing is stored of it.
    pub expected: Choice,
    /// The user's opt-out when it was claimed. Tells what to ask.
    pub opted_out: Option<OptOut>,
}

/// A message that a claimed text may show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedMessage {
    /// The message.
    pub message_id: MessageId,
    /// Its JSON: as the chat's webhook carried it, or with newer parts that an earlier try found.
    pub message: String,
    /// Its last known status.
    pub status: Status,
}

impl TextClaim {
    /// The key of the conversation's link on a number.
    pub fn link(&self, number: &Number) -> LinkKey {
        LinkKey {
            number: number.clone(),
            conversation_id: self.conversation_id.clone(),
        }
    }
}

impl Record<'_> {
    /// Claims the notice that has been due the longest, with digests and all that goes with it; `None` if none
    /// is due. Ends or deactivates due notices that cannot be claimed on the way.
    pub fn claim_text(&self) -> Result<Option<TextClaim>, StoreError> {
        while let Some(mut due) = self.notices().first_due(self.now)? {
            if self.may_be_claimed(&mut due.notice)? {
                return match self.policy.digest {
                    None => self.claim(due).map(Some),
                    Some(_) => self.claim_digest(&due.notice).map(Some),
                };
            }
        }
        Ok(None)
    }

    /// Whether a due notice may be claimed now. If not, this has ended, deactivated or rescheduled it.
    fn may_be_claimed(&self, notice: &mut Notice) -> Result<bool, StoreError> {
        if let Some(lease) = notice.lease_until {
            self.others_interrupted(notice, lease)?;
        }
        if let Some(why) = notice.gone {
            self.end_dropped(notice, why)?;
            return Ok(false);
        }
        if let Some(lease) = notice.lease_until
            && !self.interrupted(notice, lease)?
        {
            return Ok(false);
        }
        let conversation = &notice.conversation_id;
        let first = self.first_in_order(conversation)?;
        if first.is_some_and(|first| first.message_id != notice.message_id) {
            self.notices().deactivate(&notice.message_id)?;
            self.activate_first(conversation)?;
            return Ok(false);
        }
        match self.policy.digest {
            Some(digest) => {
                let due = self.conversation_due(conversation, digest)?;
                self.notices().set_wake(&notice.message_id, due)?;
                Ok(due <= self.now)
            }
            None => Ok(true),
        }
    }

    /// Keeps a claim open beyond its lease, because its attempt still runs.
    pub fn extend_text(&self, claim: &TextClaim, until: Timestamp) -> Result<(), StoreError> {
        let lease = claim.claimed_at + LEASE;
        self.links().extend(&claim.conversation_id, lease, until)?;
        self.notices().extend(&claim.message_id, claim.claim, until)
    }

    fn claim(&self, due: NoticeWithMessage) -> Result<TextClaim, StoreError> {
        let NoticeWithMessage { notice, message } = due;
        let asked = ClaimedMessage {
            message_id: notice.message_id.clone(),
            message,
            status: notice.status,
        };
        self.open_claim(
            &notice,
            vec![asked],
            std::slice::from_ref(&notice),
            Vec::new(),
        )
    }

    /// Claims all that the next text of a conversation covers, given the active notice. The first notice covered
    /// becomes the active one.
    fn claim_digest(&self, active: &Notice) -> Result<TextClaim, StoreError> {
        let gathering = self.gather(&active.conversation_id)?;
        for notice in &gathering.unjustified {
            self.end_dropped(notice, Dropped::NotReported)?;
        }
        let holder = gathering.asked.first().unwrap_or(active);
        if holder.message_id != active.message_id {
            self.notices().deactivate(&active.message_id)?;
        }
        let asked = gathering.asked.iter().map(|it| self.to_be_asked(it));
        let asked = asked.collect::<Result<_, _>>()?;
        let counted = gathering.counted.iter();
        let counted = counted.map(|it| it.message_id.clone()).collect();
        let all = [gathering.asked.as_slice(), &gathering.counted].concat();
        self.open_claim(holder, asked, &all, counted)
    }

    fn to_be_asked(&self, notice: &Notice) -> Result<ClaimedMessage, StoreError> {
        let message = self.notices().message(&notice.message_id)?;
        Ok(ClaimedMessage {
            message_id: notice.message_id.clone(),
            message: message.unwrap_or_default(),
            status: notice.status,
        })
    }

    /// `all`: the notices of `asked` and `counted`.
    fn open_claim(
        &self,
        holder: &Notice,
        asked: Vec<ClaimedMessage>,
        all: &[Notice],
        counted: Vec<MessageId>,
    ) -> Result<TextClaim, StoreError> {
        let profile = self.profiles().find()?.unwrap_or_default();
        let refused: Vec<&Number> = refused_numbers(all).collect();
        let claim = TextClaim {
            message_id: holder.message_id.clone(),
            conversation_id: holder.conversation_id.clone(),
            claim: holder.claims + 1,
            claimed_at: self.now,
            asked,
            counted,
            in_doubt: all.iter().any(|it| it.tries.perhaps_taken > 0),
            expected: self.expected_number(&holder.conversation_id, &refused)?,
            user_id: profile.user_id,
            opted_out: profile.opted_out,
        };
        let lease = self.now + LEASE;
        let covers = Covers(claim.covered().all());
        self.notices().claim(&claim.message_id, lease, &covers)?;
        Ok(claim)
    }

    /// The notice that holds a claim; `None` if the claim is void: its lease is over, another claim followed, or the
    /// notice has ended. Ends the notice if it was marked to be dropped while this claim was open.
    pub(super) fn claimed(&self, claim: &TextClaim) -> Result<Option<Notice>, StoreError> {
        let Some(notice) = self.found(&claim.message_id)? else {
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

    /// An earlier text turns out to have been accepted, and one of its messages holds the claim of a later text. If
    /// that covers others too, the first of them holds the claim from now on, as their text may be on its way.
    /// Returns whether there are others.
    pub(super) fn pass_on(
        &self,
        holder: &Notice,
        texted: &[MessageId],
    ) -> Result<bool, StoreError> {
        let Some(lease) = holder.lease_until.filter(|lease| *lease > self.now) else {
            return Ok(false);
        };
        let mut others = self.notices().find_all(&holder.covers.0)?;
        others.retain(|other| !texted.contains(&other.message_id));
        let ids: Vec<MessageId> = others.into_iter().map(|other| other.message_id).collect();
        let Some(first) = ids.first().cloned() else {
            return Ok(false);
        };
        self.notices().claim(&first, lease, &Covers(ids))?;
        if let Some(next) = self.notices().find(&first)? {
            let from = (&holder.message_id, holder.claims);
            self.texts().pass_on(from, (&first, next.claims))?;
        }
        Ok(true)
    }

    /// Closes a claim before its text leaves. What is left of the conversation is claimed anew when it is due.
    pub(super) fn give_back(&self, claim: &TextClaim) -> Result<(), StoreError> {
        let lease = claim.claimed_at + LEASE;
        self.links().unclaim(&claim.conversation_id, lease)?;
        if let Some(holder) = self.claimed(claim)? {
            self.notices().deactivate(&holder.message_id)?;
            self.activate_first(&claim.conversation_id)?;
        }
        Ok(())
    }
}
