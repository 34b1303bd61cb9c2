//! Claims on notices, and what puts a notice off.

use super::{Covers, Hold, Notices, Postponement, Tries};
use crate::{
    ids::{ConversationId, MessageId},
    params,
    storage::StoreError,
    time::Timestamp,
};

impl Notices<'_> {
    /// Opens the next claim on a notice, for a text that covers `covers`.
    pub fn claim(
        &self,
        id: &MessageId,
        lease_until: Timestamp,
        covers: &Covers,
    ) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE notices SET claims = claims + 1, wake_at = ?1, lease_until = ?1, covers = ?3,
                waits_for = NULL WHERE message_id = ?2",
            params![lease_until, id, covers.stored()],
        )
    }

    /// Whether a notice of a conversation holds a claim at `now`.
    pub fn holds_claim(&self, id: &ConversationId, now: Timestamp) -> Result<bool, StoreError> {
        self.0.exists(
            "SELECT 1 FROM notices WHERE conversation_id = ?1 AND lease_until > ?2 LIMIT 1",
            params![id, now],
        )
    }

    /// Stores which messages the text of an open claim covers.
    pub fn set_covers(&self, id: &MessageId, covers: &Covers) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE notices SET covers = ?1 WHERE message_id = ?2",
            params![covers.stored(), id],
        )
    }

    /// Closes the claim on a notice that is held back. Afterwards no notice of the conversation is active: the
    /// caller must activate one.
    pub fn hold(&self, id: &MessageId, hold: &Hold<'_>) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE notices SET put_off_until = ?1, waits_for = ?2, wake_at = NULL, lease_until = NULL,
                covers = NULL, first_try_at = first_try_at + ?3, fault_at = fault_at + ?3
             WHERE message_id = ?4",
            params![hold.until, hold.waits_for, hold.lasts, id],
        )
    }

    /// The conversations of which a notice is held back.
    pub fn held_conversations(&self) -> Result<Vec<ConversationId>, StoreError> {
        self.0.all(
            "SELECT DISTINCT conversation_id FROM notices WHERE waits_for IS NOT NULL",
            params![],
        )
    }

    /// Stores a message as it is now.
    pub fn set_message(&self, id: &MessageId, message: &str) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE notices SET message = ?1 WHERE message_id = ?2",
            params![message, id],
        )
    }

    /// Makes every notice that is held back due at `now`.
    pub fn release_holds(&self, now: Timestamp) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE notices SET put_off_until = NULL, waits_for = NULL,
                first_try_at = first_try_at - max(0, put_off_until - ?1),
                fault_at = fault_at - max(0, put_off_until - ?1),
                wake_at = CASE WHEN wake_at IS NULL THEN NULL ELSE ?1 END
             WHERE waits_for IS NOT NULL AND lease_until IS NULL",
            params![now],
        )
    }

    /// Sets when the active notice of a conversation wakes the record.
    pub fn set_wake(&self, id: &MessageId, at: Timestamp) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE notices SET wake_at = ?1 WHERE message_id = ?2 AND wake_at IS NOT ?1",
            params![at, id],
        )
    }

    /// Counts a try that ended without an outcome, and closes its claim. The notice that held it stays active.
    pub fn interrupt(
        &self,
        id: &MessageId,
        perhaps_taken: i64,
        began: Timestamp,
    ) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE notices SET perhaps_taken = ?1, lease_until = NULL, covers = NULL,
                first_try_at = coalesce(first_try_at, ?2) WHERE message_id = ?3",
            params![perhaps_taken, began, id],
        )
    }

    /// Moves the end of the claim `claim`, if it is open.
    pub fn extend(
        &self,
        id: &MessageId,
        claim: i64,
        lease_until: Timestamp,
    ) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE notices SET wake_at = ?1, lease_until = ?1
             WHERE message_id = ?2 AND claims = ?3 AND lease_until IS NOT NULL",
            params![lease_until, id, claim],
        )
    }

    /// Closes the claim on a notice that is to be tried again. Afterwards no notice of the conversation is
    /// active: the caller must activate one.
    pub fn postpone(&self, id: &MessageId, to: &Postponement) -> Result<(), StoreError> {
        let Tries {
            tries,
            throttled,
            perhaps_taken,
            faults,
            fault_at,
            refused_numbers,
        } = &to.tries;
        self.0.write(
            "UPDATE notices SET tries = ?1, throttled = ?2, perhaps_taken = ?3, faults = ?4,
                fault_at = ?5, refused_numbers = ?6, put_off_until = ?7, waits_for = NULL, wake_at = NULL,
                lease_until = NULL, covers = NULL,
                first_try_at = coalesce(first_try_at, ?8) WHERE message_id = ?9",
            params![
                *tries,
                *throttled,
                *perhaps_taken,
                *faults,
                *fault_at,
                refused_numbers.stored(),
                to.until,
                to.first_try_at,
                id
            ],
        )
    }
}
