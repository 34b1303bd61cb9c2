//! Texts that are held back although they are due: in quiet hours, and when the user got enough texts for a day.
//! That is no try, and the time does not count towards giving up.

use super::{
    Record,
    claim::{LEASE, TextClaim},
    notice::about,
    tables::notices::{Hold, Notice, Tries},
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
        // One that is due holds back the others. The time does not count for those that were tried.
        let covered = self.notices().find_all(&claim.covered().all())?;
        let due = covered.iter().find(|notice| notice.due_at <= self.now);
        let is_held = |notice: &Notice| Some(notice) == due || notice.tries != Tries::default();
        for notice in covered.iter().filter(|notice| is_held(notice)) {
            self.notices().hold(&notice.message_id, &hold)?;
        }
        if !is_held(&holder) {
            self.notices().give_back(&holder.message_id)?;
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
        self.notices().release_holds(self.now)
    }
}
