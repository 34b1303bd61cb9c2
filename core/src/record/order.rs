//! The order of a conversation's waiting notices: by `position` when both have one, else by when the
//! message was sent, then by arrival.
//!
//! One notice per conversation is *active*: its `wake_at` is set. It is the first in order, or, while
//! a claim is open, the claimed one, even if an earlier message arrived since.

use super::{Record, store::StoreError};
use crate::{params, time::Millis};

/// Where a notice stands among those of its conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The message.
    pub message_id: String,
    /// Layer's position, from API 2.0, as 20 digits.
    pub position: Option<String>,
    /// When the message was sent.
    pub sent_at: Millis,
    /// When it arrived, made unique.
    pub arrived: Millis,
}

/// A position as it is stored: text that sorts like the number.
pub fn position_text(position: u64) -> String {
    format!("{position:020}")
}

/// The first of a conversation, given the first of those with a position and of those without.
pub fn first_of(positioned: Option<Place>, others: Option<Place>) -> Option<Place> {
    match (positioned, others) {
        (Some(a), Some(b)) if (b.sent_at, b.arrived) < (a.sent_at, a.arrived) => Some(b),
        (Some(a), _) => Some(a),
        (None, b) => b,
    }
}

impl Record<'_> {
    /// The notice that goes first in a conversation.
    pub(super) fn first_in_order(&self, conversation: &str) -> Result<Option<Place>, StoreError> {
        let positioned = self.place(
            "SELECT message_id, position, sent_at, arrived FROM notices
             WHERE conversation_id = ?1 AND position IS NOT NULL
             ORDER BY position, sent_at, arrived LIMIT 1",
            conversation,
        )?;
        let others = self.place(
            "SELECT message_id, position, sent_at, arrived FROM notices
             WHERE conversation_id = ?1 AND position IS NULL
             ORDER BY sent_at, arrived LIMIT 1",
            conversation,
        )?;
        Ok(first_of(positioned, others))
    }

    fn place(&self, statement: &str, conversation: &str) -> Result<Option<Place>, StoreError> {
        let Some(row) = self.first(statement, params![conversation])? else { return Ok(None) };
        Ok(Some(Place {
            message_id: row.text(0)?,
            position: row.maybe_text(1)?,
            sent_at: row.integer(2)?,
            arrived: row.integer(3)?,
        }))
    }

    /// An arrival time after every other of the same place in the order.
    pub(super) fn arrival(
        &self,
        conversation: &str,
        position: Option<&str>,
        sent_at: Millis,
    ) -> Result<Millis, StoreError> {
        let row = self.first(
            "SELECT max(arrived) FROM notices
             WHERE conversation_id = ?1 AND position IS ?2 AND sent_at = ?3",
            params![conversation, position, sent_at],
        )?;
        let last = row.map(|row| row.maybe_integer(0)).transpose()?.flatten();
        Ok(last.map_or(self.now, |last| self.now.max(last + 1)))
    }

    /// Makes the first notice of a conversation the active one, from when it is due.
    pub(super) fn activate_first(&self, conversation: &str) -> Result<(), StoreError> {
        if let Some(first) = self.first_in_order(conversation)? {
            self.exec(
                "UPDATE notices SET wake_at = due_at WHERE message_id = ?1 AND wake_at IS NULL",
                params![first.message_id],
            )?;
        }
        Ok(())
    }

    pub(super) fn deactivate(&self, message_id: &str) -> Result<(), StoreError> {
        self.exec(
            "UPDATE notices SET wake_at = NULL, lease_until = NULL WHERE message_id = ?1",
            params![message_id],
        )?;
        Ok(())
    }
}
