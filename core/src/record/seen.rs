//! What is remembered of messages that no notice waits for: those whose notice ended, and those that
//! receipts were heard of before the message itself.
//!
//! Rows are grouped by a span of time; the current and the previous two spans are remembered. Older
//! ones are what the statistics are made of: they go once they are reported (see
//! [`report`](super::report)), so that a message's life costs no row for being counted.

use super::{
    Record,
    notice::{Dropped, Notice},
    store::StoreError,
};
use crate::{
    layer::status::Status,
    params,
    time::{HOUR, Millis},
};

/// At least one whole hour after a notice ended.
pub(super) const SPAN: Millis = HOUR;
pub(super) const SPANS_KEPT: i64 = 2;

/// The last thing known of a message without a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Only a receipt was heard of so far.
    Heard(Status),
    /// Nothing more comes of it.
    Ended(Ending),
}

/// How a notice ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Nexmo accepted the text.
    Texted,
    /// The text was given up.
    Failed,
    /// There was nothing to text.
    Dropped(Dropped),
}

impl Ending {
    /// Its word in storage and in statistics.
    pub fn word(self) -> &'static str {
        match self {
            Self::Texted => "texted",
            Self::Failed => "failed",
            Self::Dropped(why) => why.word(),
        }
    }
}

/// What marks a message that only a receipt was heard of.
pub(super) const HEARD: &str = "heard ";
/// A reply that was posted; its row is there to be counted only.
pub(super) const REPLY_POSTED: &str = "reply_posted";
/// A reply that was given up.
pub(super) const REPLY_FAILED: &str = "reply_failed";

impl Seen {
    fn stored(self) -> String {
        match self {
            Self::Heard(status) => format!("{HEARD}{}", status.word()),
            Self::Ended(ending) => ending.word().to_owned(),
        }
    }

    fn read(stored: &str) -> Self {
        if let Some(status) = stored.strip_prefix(HEARD).and_then(Status::read) {
            return Self::Heard(status);
        }
        // The conversation that got no number follows its word.
        let word = stored.split_once(' ').map_or(stored, |(word, _)| word);
        Self::Ended(match word {
            "texted" => Ending::Texted,
            "failed" => Ending::Failed,
            why => Ending::Dropped(Dropped::read(why).unwrap_or(Dropped::Read)),
        })
    }
}

impl Record<'_> {
    /// What is known of a message that has no notice.
    pub fn seen(&self, message_id: &str) -> Result<Option<Seen>, StoreError> {
        Ok(self.waits_or_seen(message_id)?.1)
    }

    /// Whether a message has a notice, and what is known of it if not.
    pub(super) fn waits_or_seen(
        &self,
        message_id: &str,
    ) -> Result<(bool, Option<Seen>), StoreError> {
        let span = self.now.div_euclid(SPAN);
        let row = self.first(
            "SELECT EXISTS (SELECT 1 FROM notices WHERE message_id = ?4),
                 (SELECT state FROM seen WHERE span IN (?1, ?2, ?3) AND message_id = ?4
                  ORDER BY span DESC LIMIT 1)",
            params![span, span - 1, span - SPANS_KEPT, message_id],
        )?;
        let Some(row) = row else {
            return Ok((false, None));
        };
        Ok((row.flag(0)?, row.maybe_text(1)?.as_deref().map(Seen::read)))
    }

    pub(super) fn remember(&self, message_id: &str, seen: Seen) -> Result<(), StoreError> {
        self.store_seen(message_id, &seen.stored())
    }

    /// Remembers how a notice ended, and which conversation it was that got no number.
    pub(super) fn remember_end(&self, notice: &Notice, ending: Ending) -> Result<(), StoreError> {
        let state = match ending {
            Ending::Dropped(Dropped::NoNumber) => {
                format!("{} {}", ending.word(), notice.conversation_id)
            }
            _ => ending.word().to_owned(),
        };
        self.store_seen(&notice.message_id, &state)
    }

    /// Remembers how a reply ended. What Nexmo calls it must not pass for one of Layer's messages.
    pub(super) fn remember_reply(&self, nexmo_id: &str, state: &str) -> Result<(), StoreError> {
        self.store_seen(&format!("reply {nexmo_id}"), state)
    }

    fn store_seen(&self, key: &str, state: &str) -> Result<(), StoreError> {
        self.exec(
            "INSERT OR REPLACE INTO seen (span, message_id, state) VALUES (?1, ?2, ?3)",
            params![self.now.div_euclid(SPAN), key, state],
        )?;
        Ok(())
    }

    /// Remembers receipts for a stretch of a conversation, for messages that are still on their way.
    pub(super) fn remember_range(
        &self,
        conversation_id: &str,
        (first, last): (&str, &str),
        status: Status,
    ) -> Result<(), StoreError> {
        self.exec(
            "INSERT OR IGNORE INTO ranges (span, conversation_id, first, last, status)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                self.now.div_euclid(SPAN),
                conversation_id,
                first,
                last,
                status.word()
            ],
        )?;
        Ok(())
    }

    /// The furthest state that remembered receipts give a position.
    pub(super) fn heard_at(
        &self,
        conversation_id: &str,
        position: &str,
    ) -> Result<Option<Status>, StoreError> {
        let span = self.now.div_euclid(SPAN);
        let rows = self.exec(
            "SELECT DISTINCT status FROM ranges WHERE span IN (?1, ?2, ?3)
             AND conversation_id = ?4 AND first <= ?5 AND last >= ?5",
            params![span, span - 1, span - SPANS_KEPT, conversation_id, position],
        )?;
        let mut furthest = None;
        for row in &rows {
            furthest = furthest.max(Status::read(&row.text(0)?));
        }
        Ok(furthest)
    }

    /// Forgets receipts and failures that need not be kept any more.
    pub fn forget_old(&self) -> Result<(), StoreError> {
        let oldest = self.now.div_euclid(SPAN) - SPANS_KEPT;
        self.exec("DELETE FROM ranges WHERE span < ?1", params![oldest])?;
        self.forget_failures()
    }
}
