//! Texts that Nexmo has taken: every notice that one covers ends.

use super::{
    Record,
    claim::{LEASE, TextClaim},
    covered::Covered,
    ending::Ending,
    notice::about,
    outcome::{Ended, TextOutcome},
    tables::links::LinkKey,
};
use crate::{ids::MessageId, log::Level, phone::Number, storage::StoreError};

/// A text that Nexmo has taken.
pub(super) struct Taken<'a> {
    /// The message whose notice held its claim.
    pub message_id: &'a MessageId,
    /// The number of the claim among the notice's claims.
    pub claim: i64,
    /// The link that it left on.
    pub link: &'a LinkKey,
    /// The messages that it was about.
    pub covered: &'a Covered,
}

impl Record<'_> {
    /// Nexmo's response says that it took the text. A receipt may have said so before.
    pub(super) fn accepted(
        &self,
        claim: &TextClaim,
        ended: &Ended,
        number: &Number,
    ) -> Result<(), StoreError> {
        if let Some(trace) = &ended.trace
            && self.was_proven(trace)?
        {
            return Ok(());
        }
        let taken = Taken {
            message_id: &claim.message_id,
            claim: claim.claim,
            link: &claim.link(number),
            covered: &ended.covered,
        };
        let shown = self.last_shown(&claim.conversation_id, &ended.covered)?;
        self.settle(taken.link, shown.as_ref())?;
        self.end_texted(&taken)
    }

    /// Nexmo has taken a text: every notice that it covers ends.
    pub(super) fn end_texted(&self, text: &Taken<'_>) -> Result<(), StoreError> {
        // The first one holds the claim. Ending it activates another, so it comes last.
        let texted = text.covered.all();
        for notice in self.notices().find_all(&texted)?.iter().rev() {
            let entry = about(notice, Level::Info, "notice.sent");
            self.log(entry.with("tries", notice.tries.tries));
            let is_own = notice.message_id == *text.message_id && notice.claims == text.claim;
            match !is_own && self.pass_on(notice, &texted)? {
                true => self.delete(notice, Ending::Texted)?,
                false => self.end(notice, Ending::Texted)?,
            }
        }
        Ok(())
    }

    /// A try failed whose notice ended meanwhile, because an earlier one turned out to have been taken. Its number is
    /// free again, unless Nexmo may have taken this one too.
    pub(super) fn not_needed(
        &self,
        claim: &TextClaim,
        outcome: &TextOutcome,
    ) -> Result<(), StoreError> {
        if matches!(outcome, TextOutcome::PerhapsTaken(_)) {
            return self.fate_is_open(&claim.message_id, claim.claim);
        }
        let (conversation, lease) = (&claim.conversation_id, claim.claimed_at + LEASE);
        self.links().unclaim(conversation, lease)?;
        self.links().release(conversation, lease)
    }
}
