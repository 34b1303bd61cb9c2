//! The checks of a claimed text. They can shrink what the text covers, or end the claim.

use super::{
    Record,
    allocation::Choice,
    claim::TextClaim,
    covered::Covered,
    delivery::Departure,
    ending::Dropped,
    tables::notices::{Covers, Notice, refused_numbers},
};
use crate::{
    chat::{
        recheck::{Answers, Recheck},
        status::Status,
    },
    ids::MessageId,
    phone::{Number, Phone},
    storage::StoreError,
};

/// What the chat's answer means for a notice.
enum Judgement {
    /// It is to be texted.
    Texted,
    /// It does not justify a text yet, and is not due.
    NotYet,
    /// It has ended.
    Ended,
}

impl Record<'_> {
    /// Stores what the chat says of each message that it was asked about. Returns what the text covers. `None` if
    /// there is none: the claim is void, or another one follows at once for what is left.
    pub fn still_unread(
        &self,
        claim: &TextClaim,
        answers: &Answers,
    ) -> Result<Option<Covered>, StoreError> {
        let Some(holder) = self.claimed(claim)? else {
            return Ok(None);
        };
        let mut shown = Vec::new();
        let mut stays = false;
        // The first one holds the claim. Ending it activates another, so it comes last.
        let counted = self.counted(claim, answers)?;
        for (index, notice) in self.asked(claim, holder)?.into_iter().enumerate().rev() {
            let Some(notice) = notice else {
                continue;
            };
            let answer = answers.shown.get(index);
            let answer = answer.map_or(Recheck::Unknown, |it| it.recheck);
            match self.judge(&notice, answer)? {
                Judgement::Texted => shown.insert(0, notice),
                Judgement::NotYet => stays = true,
                Judgement::Ended => {}
            }
        }
        if !self.goes_on(claim, &shown, &counted) {
            self.give_back(claim)?;
            return Ok(None);
        }
        let covered = Covered::new(&shown, &counted);
        if stays {
            let covers = Covers(covered.all());
            self.notices().set_covers(&claim.message_id, &covers)?;
        }
        Ok(Some(covered))
    }

    /// Whether a claim may go on with what is left of its text: the first notice holds it, one is due, and if it was
    /// taken for a retry of a text that may have arrived, it still is one.
    fn goes_on(&self, claim: &TextClaim, shown: &[Notice], counted: &[Notice]) -> bool {
        let holds = shown
            .first()
            .is_some_and(|first| first.message_id == claim.message_id);
        let covered = || shown.iter().chain(counted);
        let is_due = covered().any(|notice| notice.due_at <= self.now);
        let is_retry = covered().any(|notice| notice.tries.perhaps_taken > 0);
        holds && is_due && is_retry == claim.in_doubt
    }

    /// Stores a message that the chat has changed: a later try begins with it.
    pub fn mended(&self, message_id: &MessageId, message: &str) -> Result<(), StoreError> {
        self.notices().set_message(message_id, message)
    }

    /// Ends or advances each notice that the text only counts. Returns those that justify a text.
    fn counted(&self, claim: &TextClaim, answers: &Answers) -> Result<Vec<Notice>, StoreError> {
        let asked = claim.counted.iter().zip(&answers.counted);
        let asked = asked.filter(|(_, answer)| **answer != Recheck::Unknown);
        for (message_id, answer) in asked {
            if let Some(notice) = self.notices().find(message_id)? {
                self.judge(&notice, *answer)?;
            }
        }
        self.justified(&claim.counted)
    }

    /// The notice of each message that the chat is asked about; `None` for one that has ended.
    fn asked(&self, claim: &TextClaim, holder: Notice) -> Result<Vec<Option<Notice>>, StoreError> {
        let others = claim.asked.iter().skip(1);
        let others = others.map(|asked| self.notices().find(&asked.message_id));
        std::iter::once(Ok(Some(holder))).chain(others).collect()
    }

    /// Ends or advances a notice by what the chat says of its message.
    fn judge(&self, notice: &Notice, answer: Recheck) -> Result<Judgement, StoreError> {
        let status = match answer {
            Recheck::Status(status) => status.max(notice.status),
            Recheck::Unknown => notice.status,
            Recheck::Gone => return self.end_judged(notice, Dropped::Deleted),
            Recheck::NotListed => return self.end_judged(notice, Dropped::Left),
            Recheck::ReadOrMuted => return self.end_judged(notice, Dropped::ReadOrMuted),
            Recheck::TooOld => return self.end_judged(notice, Dropped::TooOld),
        };
        if status == Status::Read {
            return self.end_judged(notice, Dropped::Read);
        }
        let justifies = self.policy.report_on.justifies(status);
        if !justifies && notice.due_at <= self.now {
            return self.end_judged(notice, Dropped::NotReported);
        }
        if status > notice.status {
            self.notices().set_status(&notice.message_id, status)?;
        }
        Ok(match justifies {
            true => Judgement::Texted,
            false => Judgement::NotYet,
        })
    }

    fn end_judged(&self, notice: &Notice, why: Dropped) -> Result<Judgement, StoreError> {
        self.end_dropped(notice, why)?;
        Ok(Judgement::Ended)
    }

    /// The notices among `ids` that are still there and justify a text.
    fn justified(&self, ids: &[MessageId]) -> Result<Vec<Notice>, StoreError> {
        let mut notices = self.notices().find_all(ids)?;
        notices.retain(|notice| self.policy.report_on.justifies(notice.status));
        Ok(notices)
    }

    /// Ends notices whose messages have no words, before their text leaves. Returns what the text still covers;
    /// `None` if it cannot go on: then another claim follows for the others when they are due.
    pub fn without_blanks(
        &self,
        claim: &TextClaim,
        covered: &Covered,
        blank: &[MessageId],
    ) -> Result<Option<Covered>, StoreError> {
        if self.claimed(claim)?.is_none() {
            return Ok(None);
        }
        for notice in self.notices().find_all(blank)?.iter().rev() {
            self.end_dropped(notice, Dropped::Blank)?;
        }
        let mut left = covered.clone();
        left.shown.retain(|id| !blank.contains(id));
        let shown = self.notices().find_all(&left.shown)?;
        let counted = self.notices().find_all(&left.counted)?;
        if self.goes_on(claim, &shown, &counted) {
            return Ok(Some(left));
        }
        self.give_back(claim)?;
        Ok(None)
    }

    fn stop(&self, notice: &Notice, why: Dropped) -> Result<bool, StoreError> {
        self.end_dropped(notice, why)?;
        Ok(false)
    }

    /// Chooses the number that the text is sent from, and stores the link. `None` if the claim is void, or if
    /// no number is free: then its notices have ended, or those of them for which every number was refused.
    pub fn number_for(
        &self,
        claim: &TextClaim,
        covered: &Covered,
    ) -> Result<Option<Choice>, StoreError> {
        let Some(holder) = self.claimed(claim)? else {
            return Ok(None);
        };
        let lease = holder.lease_until.unwrap_or(self.now);
        let notices = match covered.count() {
            1 => vec![holder],
            _ => self.notices().find_all(&covered.all())?,
        };
        let refused: Vec<&Number> = refused_numbers(&notices).collect();
        let numbers = self.numbers_but(&refused)?;
        let choice = self.allocate(&claim.conversation_id, &numbers, lease)?;
        if choice != Choice::NoneFree {
            return Ok(Some(choice));
        }
        let is_refused = |notice: &Notice| !notice.tries.refused_numbers.0.is_empty();
        for notice in notices.iter().rev() {
            match (refused.is_empty(), is_refused(notice)) {
                (true, _) => self.end_dropped(notice, Dropped::NoNumber)?,
                (false, true) => self.fail(notice, None, "no other number is free")?,
                (false, false) => {}
            }
        }
        self.give_back(claim)?;
        Ok(None)
    }

    /// Whether a text that was decided about in an earlier turn may still be sent. If not, the claim is void.
    pub fn may_leave(
        &self,
        claim: &TextClaim,
        covered: &Covered,
        number: &Number,
        phone: &Phone,
    ) -> Result<bool, StoreError> {
        let Some(notice) = self.claimed(claim)? else {
            return Ok(false);
        };
        if !self.policy.report_on.justifies(notice.status) {
            return self.stop(&notice, Dropped::NotReported);
        }
        let profile = self.profile()?;
        if profile.opted_out.is_some() {
            return self.stop(&notice, Dropped::OptedOut);
        }
        if self.is_unreachable(phone, profile.unreachable.as_ref())? {
            return self.stop(&notice, Dropped::Unreachable);
        }
        if covered.count() > 1 && self.justified(&covered.all())?.len() < covered.count() {
            self.give_back(claim)?;
            return Ok(false);
        }
        if !self.links().contains(&claim.link(number))? {
            self.give_back(claim)?;
            return Ok(false);
        }
        self.within_cap(claim, covered)
    }

    /// Stores that the text of a claim leaves: it counts against the cap, its phone is the link's pending one, and its
    /// receipts will be known.
    pub fn leaves(
        &self,
        claim: &TextClaim,
        covered: &Covered,
        departure: &Departure<'_>,
    ) -> Result<(), StoreError> {
        self.count_text(claim, covered)?;
        self.note_departure(claim, covered, departure)?;
        let link = claim.link(departure.number);
        self.links().set_pending_phone(&link, departure.phone)
    }
}
