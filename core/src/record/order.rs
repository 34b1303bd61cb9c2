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

/// The first notices of a conversation: of those with a position, and of those without.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Front {
    positioned: Option<Place>,
    others: Option<Place>,
}

impl Front {
    /// The notice that goes first.
    pub fn first(&self) -> Option<&Place> {
        match (&self.positioned, &self.others) {
            (Some(a), Some(b)) if (b.sent_at, b.arrived) < (a.sent_at, a.arrived) => Some(b),
            (Some(a), _) => Some(a),
            (None, b) => b.as_ref(),
        }
    }

    /// The front once another notice is there.
    #[must_use]
    pub fn with(mut self, new: Place) -> Self {
        let same_kind = if new.position.is_some() {
            &mut self.positioned
        } else {
            &mut self.others
        };
        let key = |place: &Place| (place.position.clone(), place.sent_at, place.arrived);
        if same_kind
            .as_ref()
            .is_none_or(|former| key(&new) < key(former))
        {
            *same_kind = Some(new);
        }
        self
    }
}

impl Record<'_> {
    /// The notices that may go first in a conversation.
    pub(super) fn front(&self, conversation: &str) -> Result<Front, StoreError> {
        let rows = self.exec(
            "SELECT * FROM (SELECT message_id, position, sent_at, arrived FROM notices
                 WHERE conversation_id = ?1 AND position IS NOT NULL
                 ORDER BY position, sent_at, arrived LIMIT 1)
             UNION ALL
             SELECT * FROM (SELECT message_id, position, sent_at, arrived FROM notices
                 WHERE conversation_id = ?1 AND position IS NULL
                 ORDER BY sent_at, arrived LIMIT 1)",
            params![conversation],
        )?;
        rows.iter()
            .try_fold(Front::default(), |front, row| Ok(front.with(place(row)?)))
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
        if let Some(first) = self.front(conversation)?.first() {
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
