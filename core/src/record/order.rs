//! The order of a conversation's notices: by position if both messages have one, otherwise by the time of
//! sending, then by arrival.
//!
//! One notice per conversation is *active*: only that one may be claimed. It is the first in order, except
//! that a claimed notice stays active if an earlier message arrives.

use super::{
    Record,
    tables::notices::{Notice, Place, PlacedNotice},
};
use crate::{
    ids::{ConversationId, Position},
    storage::StoreError,
    time::Timestamp,
};

impl Place {
    /// Whether a new notice certainly comes after this one: both have a position or neither has, and the new
    /// one is not earlier. If `false`, the order is still open.
    pub fn surely_precedes(&self, position: Option<Position>, sent_at: Timestamp) -> bool {
        self.position.is_some() == position.is_some()
            && (self.position, self.sent_at) <= (position, sent_at)
    }

    /// Whether this one comes before `other` by the time of sending, then by arrival.
    fn was_sent_before(&self, other: &Self) -> bool {
        (self.sent_at, self.arrived) <= (other.sent_at, other.arrived)
    }
}

impl Record<'_> {
    /// The notice of a conversation that goes first. Compares the first without a position and the first with one:
    /// the one that was sent earlier wins.
    pub(super) fn first_in_order(
        &self,
        conversation: &ConversationId,
    ) -> Result<Option<Place>, StoreError> {
        let mut firsts = self.notices().firsts(conversation)?.into_iter();
        Ok(match (firsts.next(), firsts.next()) {
            (Some(without), Some(with)) if with.was_sent_before(&without) => Some(with),
            (first, _) => first,
        })
    }

    /// Makes the first notice of a conversation the active one. It wakes the record when it is due, with digests
    /// when the conversation is. No other may be active.
    pub(super) fn activate_first(&self, conversation: &ConversationId) -> Result<(), StoreError> {
        let Some(first) = self.first_in_order(conversation)? else {
            return Ok(());
        };
        match self.policy.digest {
            None => self.notices().activate(&first.message_id),
            Some(digest) => {
                let due = self.conversation_due(conversation, digest)?;
                self.notices().set_wake(&first.message_id, due)
            }
        }
    }
}

/// Sorts the notices of a conversation, given as the index orders them: of the first with a position and the
/// first without, the one that was sent earlier always goes first.
pub(super) fn in_order(notices: Vec<PlacedNotice>) -> Vec<Notice> {
    let (with, without): (Vec<_>, Vec<_>) = notices
        .into_iter()
        .partition(|it| it.place.position.is_some());
    let (mut with, mut without) = (with.into_iter().peekable(), without.into_iter().peekable());
    let mut sorted = Vec::new();
    loop {
        let next = match (with.peek(), without.peek()) {
            (Some(one), Some(other)) if one.place.was_sent_before(&other.place) => with.next(),
            (_, Some(_)) => without.next(),
            (_, None) => with.next(),
        };
        match next {
            Some(next) => sorted.push(next.notice),
            None => return sorted,
        }
    }
}
