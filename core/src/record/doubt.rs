//! Texts that Nexmo may have taken without our knowing: the response was lost or is unreadable, or a claim ended
//! without an outcome. For replies, such a text counts as one that arrived.

use super::{
    Record,
    claim::LEASE,
    ending::Ending,
    notice::about,
    outcome::{Retry, Tried, postponed},
    tables::{links::Link, notices::Notice},
};
use crate::{
    backoff::{self, MOST_PERHAPS_TAKEN},
    ids::ConversationId,
    log::Level,
    storage::StoreError,
    time::Timestamp,
};

impl Link {
    /// Whether a claim on the link ended without an outcome, after a text may have left. Of one to the phone of the
    /// last text nothing is stored.
    fn is_in_doubt(&self, ended_by: Timestamp) -> bool {
        let ended = self.claimed_until.is_some_and(|until| until <= ended_by);
        ended && (self.phone_pending.is_some() || self.is_texted())
    }
}

impl Record<'_> {
    pub(super) fn perhaps_taken(
        &self,
        tried: &Tried<'_>,
        why: String,
        random: u32,
    ) -> Result<(), StoreError> {
        let notice = tried.notice;
        let mut tries = notice.tries.clone();
        tries.perhaps_taken += 1;
        (tries.throttled, tries.faults) = (0, 0);
        if tries.perhaps_taken >= MOST_PERHAPS_TAKEN {
            return self.give_up_in_doubt(notice, &why);
        }
        self.try_again_for_hours(
            tried,
            Retry {
                wait: backoff::after_failure(tries.tries + tries.perhaps_taken, random),
                tries,
                entry: postponed(notice, Level::Warn).with("perhaps_taken", true),
                why,
            },
        )
    }

    /// The claim that a notice holds ended without an outcome. Counts it for the others that its text covered, and
    /// begins to wait for receipts.
    pub(super) fn others_interrupted(
        &self,
        holder: &Notice,
        lease: Timestamp,
    ) -> Result<(), StoreError> {
        let mut others = self.notices().find_all(&holder.covers.0)?;
        others.retain(|other| other.message_id != holder.message_id);
        if !others.is_empty() {
            self.doubt(&holder.conversation_id, lease)?;
        }
        self.fate_is_open(&holder.message_id, holder.claims)?;
        for mut other in others {
            self.interrupted(&mut other, lease)?;
        }
        Ok(())
    }

    /// The claim on a notice ended without an outcome. Returns whether the notice may be tried again; if not,
    /// it has ended.
    pub(super) fn interrupted(
        &self,
        notice: &mut Notice,
        lease: Timestamp,
    ) -> Result<bool, StoreError> {
        self.log(about(notice, Level::Warn, "notice.interrupted"));
        let perhaps_taken = notice.tries.perhaps_taken + 1;
        if perhaps_taken >= MOST_PERHAPS_TAKEN {
            self.give_up_in_doubt(notice, "the last try was interrupted")?;
            return Ok(false);
        }
        self.doubt(&notice.conversation_id, lease)?;
        self.notices()
            .interrupt(&notice.message_id, perhaps_taken, lease - LEASE)?;
        notice.tries.perhaps_taken = perhaps_taken;
        notice.lease_until = None;
        Ok(true)
    }

    /// Gives up a notice whose text Nexmo may have taken too often.
    fn give_up_in_doubt(&self, notice: &Notice, why: &str) -> Result<(), StoreError> {
        self.log(about(notice, Level::Error, "notice.perhaps_sent").with("why", why));
        let reason =
            format!("perhaps sent: Nexmo may have taken it {MOST_PERHAPS_TAKEN} times; {why}");
        self.keep_failed_text(notice, None, &reason)?;
        self.end_without_text(notice, Ending::PerhapsSent)
    }

    /// All links of the user. Claims that have ended without an outcome are closed first, because they decide
    /// whose a number is.
    pub(super) fn current_links(&self) -> Result<Vec<Link>, StoreError> {
        let links = self.links().all()?;
        match self.close_in_doubt(&links, self.now)? {
            0 => Ok(links),
            _ => self.links().all(),
        }
    }

    /// Nexmo may have taken the text of a conversation's claim that ends at `own_claim`: closes the claim. The
    /// link is kept until it expires, so that a reply to the text finds its conversation.
    pub(super) fn doubt(
        &self,
        conversation: &ConversationId,
        own_claim: Timestamp,
    ) -> Result<(), StoreError> {
        let mut links = self.links().all()?;
        links.retain(|link| link.conversation_id == *conversation);
        self.close_in_doubt(&links, own_claim).map(|_| ())
    }

    /// Closes the claims among `links` that ended by `ended_by` and in which a text may have left. Returns how
    /// many there were. The number of a link that had no text before is the link's from now on.
    fn close_in_doubt(&self, links: &[Link], ended_by: Timestamp) -> Result<usize, StoreError> {
        let mut closed = 0;
        for link in links.iter().filter(|link| link.is_in_doubt(ended_by)) {
            closed += 1;
            self.links().set_perhaps_texted(&link.key(), self.now)?;
            if !link.is_texted() {
                self.links().delete_others(&link.key(), self.now)?;
            }
        }
        Ok(closed)
    }
}
