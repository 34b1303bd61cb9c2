//! Texts that are held back although they are due: in quiet hours, and when the user got enough texts for a day.
//! That is no try, and the time does not count towards giving up.

use super::{
    Record,
    claim::{LEASE, TextClaim},
    notice::about,
    tables::notices::{Hold, Tries},
};
use crate::{log::Level, storage::StoreError, time::Timestamp};

impl Record<'_> {
    /// Holds back the text of a claim until `until`, and closes the claim. `waits_for` says why, for the operator.
    pub fn hold(
        &self,
        claim: &TextClaim,
        until: Timestamp,
        waits_for: &str,
    ) -> Result<(), StoreError> {
        let Some(holder) = self.claimed(claim)? else {
            return Ok(());
        };
        self.links()
            .unclaim(&claim.conversation_id, claim.claimed_at + LEASE)?;
        let hold = Hold {
            until,
            lasts: (until - self.now).as_millis(),
            waits_for,
        };
        // The others have tries of their own only if they were put off together before.
        let covered = self.notices().find_all(&claim.covered().all())?;
        let is_tried = |tries: &Tries| *tries != Tries::default();
        for notice in &covered {
            if notice.message_id == holder.message_id || is_tried(&notice.tries) {
                self.notices().hold(&notice.message_id, &hold)?;
            }
        }
        let entry = about(&holder, Level::Info, "notice.held");
        self.log(
            entry
                .with("until", until.as_millis())
                .with("why", waits_for),
        );
        self.activate_first(&claim.conversation_id)
    }

    /// Makes all texts that are held back due now, at an operator's request: the settings may have changed. What has
    /// to wait all the same is held back again.
    pub fn release_holds(&self) -> Result<(), StoreError> {
        let conversations = self.notices().held_conversations()?;
        self.notices().release_holds(self.now)?;
        match self.policy.digest {
            Some(_) => conversations.iter().try_for_each(|it| self.reschedule(it)),
            None => Ok(()),
        }
    }
}
