//! Links on which Nexmo took a text, or may have.

use super::{LinkKey, Links};
use crate::{
    ids::ConversationId, params, phone::Phone, record::tables::shown::Shown, storage::StoreError,
    time::Timestamp,
};

/// Notes the message ?5 at the position ?6 as the last one shown, unless one that comes after it was shown before.
const NOTE_SHOWN: &str = "\
    shown = CASE WHEN ?5 IS NULL OR ?6 < shown_position THEN shown ELSE ?5 END,
    shown_position = CASE WHEN ?5 IS NULL OR ?6 < shown_position THEN shown_position ELSE ?6 END";

impl Links<'_> {
    /// When the last text of a conversation was taken, or may have been; `None` if the user has answered since.
    pub fn last_texted(&self, id: &ConversationId) -> Result<Option<Timestamp>, StoreError> {
        let last: Option<Option<Timestamp>> = self.0.first(
            "SELECT max(texted_at) FROM links WHERE conversation_id = ?1",
            params![id],
        )?;
        Ok(last.flatten())
    }

    /// Forgets when the last text of a conversation was taken: the user has answered.
    pub fn forget_last_texted(&self, id: &ConversationId) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE links SET texted_at = NULL WHERE conversation_id = ?1 AND texted_at IS NOT NULL",
            params![id],
        )
    }

    /// Marks a link as introduced at `now` and closes its claim. Its phone becomes the pending one, or that of
    /// the text in doubt, if there is one. Notes the last message that the text showed, unless one that comes after it was
    /// shown before.
    pub fn set_introduced(
        &self,
        key: &LinkKey,
        now: Timestamp,
        expires_at: Timestamp,
        shown: Option<&Shown>,
    ) -> Result<(), StoreError> {
        let statement = format!(
            "UPDATE links SET introduced = 1, expires_at = ?1, claimed_until = NULL, retired = 0,
                texted_at = ?4,
                phone = coalesce(phone_pending, phone_perhaps, phone),
                phone_pending = NULL, phone_perhaps = NULL,
                {NOTE_SHOWN}
             WHERE number = ?2 AND conversation_id = ?3"
        );
        self.0.write(
            &statement,
            params![
                expires_at,
                &key.number,
                &key.conversation_id,
                now,
                shown.map(|shown| &shown.message_id),
                shown.and_then(|shown| shown.position)
            ],
        )
    }

    /// Marks a link as introduced, because an earlier text than the last one on it turned out to have been taken, and
    /// notes the last message that it showed. `phone`: where it went, if that is where the last one went that was taken.
    /// `texted_at`: from when the interval counts, if that is not stored. The claim of a later text stays open.
    pub fn set_proven(
        &self,
        key: &LinkKey,
        phone: Option<&Phone>,
        times: (Timestamp, Option<Timestamp>),
        shown: Option<&Shown>,
    ) -> Result<(), StoreError> {
        let (expires_at, texted_at) = times;
        let statement = format!(
            "UPDATE links SET introduced = 1, expires_at = ?1, texted_at = coalesce(?4, texted_at),
                phone = coalesce(?7, phone), phone_perhaps = nullif(phone_perhaps, ?7),
                {NOTE_SHOWN}
             WHERE number = ?2 AND conversation_id = ?3"
        );
        self.0.write(
            &statement,
            params![
                expires_at,
                &key.number,
                &key.conversation_id,
                texted_at,
                shown.map(|shown| &shown.message_id),
                shown.and_then(|shown| shown.position),
                phone
            ],
        )
    }

    /// Marks a link on which Nexmo may have taken a text by `now`, and closes its claim. The pending phone, if
    /// there is one, becomes that of the text.
    pub fn set_perhaps_texted(&self, key: &LinkKey, now: Timestamp) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE links SET perhaps_texted = 1, claimed_until = NULL, texted_at = ?3,
                phone = CASE WHEN phone_pending <> phone_perhaps THEN phone_perhaps ELSE phone END,
                phone_perhaps = coalesce(phone_pending, phone_perhaps), phone_pending = NULL
             WHERE number = ?1 AND conversation_id = ?2",
            params![&key.number, &key.conversation_id, now],
        )
    }
}
