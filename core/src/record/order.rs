//! The order of a conversation's waiting notices: by `position` when both have one, else by when the
//! message was sent, then by arrival.
//!
//! One notice per conversation is *active*: its `wake_at` is set. It is the first in order, or, while
//! a claim is open, the claimed one, even if an earlier message arrived since.

use super::{
    Record,
    store::{Row, StoreError},
};
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

impl Place {
    /// Whether a newcomer surely comes after this one: both are ordered by the same, and it is not
    /// earlier.
    pub fn surely_precedes(&self, position: Option<&str>, sent_at: Millis) -> bool {
        self.position.is_some() == position.is_some()
            && (self.position.as_deref(), self.sent_at) <= (position, sent_at)
    }
}

impl Record<'_> {
    /// The notice of a conversation that goes first: of the first with a position and the first
    /// without, the one that was sent earlier.
    pub(super) fn first_in_order(&self, conversation: &str) -> Result<Option<Place>, StoreError> {
        let first = self.first_by_index(conversation)?;
        let Some(without) = first.as_ref().filter(|first| first.position.is_none()) else {
            return Ok(first);
        };
        let row = self.first(
            "SELECT message_id, position, sent_at, arrived FROM notices
             WHERE conversation_id = ?1 AND position IS NOT NULL
             ORDER BY position, sent_at, arrived LIMIT 1",
            params![conversation],
        )?;
        let with = row.as_ref().map(place).transpose()?;
        let sent = |place: &Place| (place.sent_at, place.arrived);
        Ok(match with {
            Some(with) if sent(&with) <= sent(without) => Some(with),
            _ => first,
        })
    }

    /// The first notice of a conversation as its index has them: those without a position come first.
    pub(super) fn first_by_index(&self, conversation: &str) -> Result<Option<Place>, StoreError> {
        let row = self.first(
            "SELECT message_id, position, sent_at, arrived FROM notices
             WHERE conversation_id = ?1 ORDER BY position, sent_at, arrived LIMIT 1",
            params![conversation],
        )?;
        row.as_ref().map(place).transpose()
    }

    /// Makes the first notice of a conversation the active one, from when it is due.
    pub(super) fn activate_first(&self, conversation: &str) -> Result<(), StoreError> {
        if let Some(first) = self.first_in_order(conversation)? {
            self.exec(
                "UPDATE notices SET wake_at = due_at WHERE message_id = ?1 AND wake_at IS NULL",
                params![&first.message_id],
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

fn place(row: &Row) -> Result<Place, StoreError> {
    Ok(Place {
        message_id: row.text(0)?,
        position: row.maybe_text(1)?,
        sent_at: row.integer(2)?,
        arrived: row.integer(3)?,
    })
}
