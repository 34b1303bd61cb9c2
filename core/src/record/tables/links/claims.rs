//! Claims on links: a link is made or renewed for a try, and released if no text was taken.

use super::{LinkKey, Links};
use crate::{ids::ConversationId, params, phone::Phone, storage::StoreError, time::Timestamp};

impl Links<'_> {
    /// Stores a link that is not introduced yet, for a claim that ends at `claimed_until`.
    pub fn insert(
        &self,
        key: &LinkKey,
        expires_at: Timestamp,
        claimed_until: Timestamp,
    ) -> Result<(), StoreError> {
        self.0.insert(
            "INSERT OR REPLACE INTO links
                (number, conversation_id, expires_at, introduced, claimed_until)
             VALUES (?1, ?2, ?3, 0, ?4)",
            params![&key.number, &key.conversation_id, expires_at, claimed_until],
        )
    }

    /// Renews a link for a claim that ends at `claimed_until`.
    pub fn claim(
        &self,
        key: &LinkKey,
        expires_at: Timestamp,
        claimed_until: Timestamp,
    ) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE links SET expires_at = ?1, claimed_until = ?2
             WHERE number = ?3 AND conversation_id = ?4",
            params![expires_at, claimed_until, &key.number, &key.conversation_id],
        )
    }

    /// Moves the end of the claim on a conversation's links from `lease` to `until`.
    pub fn extend(
        &self,
        id: &ConversationId,
        lease: Timestamp,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE links SET claimed_until = ?1 WHERE conversation_id = ?2 AND claimed_until = ?3",
            params![until, id, lease],
        )
    }

    /// Closes the claims on a conversation's links: no text was taken during them. Leaves alone links that
    /// are claimed until after `own_claim`.
    pub fn unclaim(&self, id: &ConversationId, own_claim: Timestamp) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE links SET claimed_until = NULL, phone_pending = NULL
             WHERE conversation_id = ?1 AND claimed_until <= ?2",
            params![id, own_claim],
        )
    }

    /// Deletes a conversation's links on which Nexmo took no text. Leaves alone links that are claimed until
    /// after `own_claim`.
    pub fn release(&self, id: &ConversationId, own_claim: Timestamp) -> Result<(), StoreError> {
        self.0.write(
            "DELETE FROM links WHERE conversation_id = ?1 AND introduced = 0 AND perhaps_texted = 0
             AND coalesce(claimed_until, 0) <= ?2",
            params![id, own_claim],
        )
    }

    /// Deletes a conversation's links from which no text left, even if they are claimed.
    pub fn release_unused(&self, id: &ConversationId) -> Result<(), StoreError> {
        self.0.write(
            "DELETE FROM links WHERE conversation_id = ?1 AND introduced = 0 AND perhaps_texted = 0
             AND phone_pending IS NULL",
            params![id],
        )
    }

    /// Stores the phone that a text is about to be sent to. Writes nothing if it is the phone of the last
    /// text.
    pub fn set_pending_phone(&self, key: &LinkKey, phone: &Phone) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE links SET phone_pending = ?1 WHERE number = ?2 AND conversation_id = ?3
             AND (phone IS NOT ?1 OR phone_perhaps IS NOT NULL OR phone_pending IS NOT NULL)",
            params![phone, &key.number, &key.conversation_id],
        )
    }
}
