//! What was given up, kept where an operator can see it.

use super::{
    Record,
    notice::Notice,
    reply::ReplyClaim,
    store::{Row, StoreError},
};
use crate::{
    params,
    time::{DAY, Millis},
};

/// Failures are kept this long …
pub const KEPT_FOR: Millis = 30 * DAY;
/// … and this many of a user at most.
pub const KEPT_AT_MOST: i64 = 20;

/// One text or reply that was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Its number in the record.
    pub seq: i64,
    /// `text` or `reply`.
    pub kind: String,
    /// UUID of the message, or Nexmo's id of the reply.
    pub message_id: String,
    /// UUID of the conversation.
    pub conversation_id: String,
    /// The number, where one was chosen.
    pub number: Option<String>,
    /// Why it was given up.
    pub reason: String,
    /// When.
    pub failed_at: Millis,
}

impl Record<'_> {
    pub(super) fn keep_failed_text(
        &self,
        notice: &Notice,
        number: Option<&str>,
        reason: &str,
    ) -> Result<(), StoreError> {
        self.exec(
            "INSERT INTO failures
                (kind, message_id, conversation_id, number, reason, body, failed_at,
                    status, position, sent_at)
             SELECT 'text', message_id, conversation_id, ?1, ?2, message, ?3,
                status, position, sent_at
             FROM notices WHERE message_id = ?4",
            params![number, reason, self.now, &notice.message_id],
        )?;
        self.forget_failures()
    }

    pub(super) fn keep_failed_reply(
        &self,
        claim: &ReplyClaim,
        reason: &str,
    ) -> Result<(), StoreError> {
        self.exec(
            "INSERT INTO failures
                (kind, message_id, conversation_id, number, reason, body, failed_at, phone)
             VALUES ('reply', ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                &claim.message_id,
                &claim.lane,
                &claim.number,
                reason,
                &claim.body,
                self.now,
                &claim.phone
            ],
        )?;
        self.forget_failures()
    }

    pub(super) fn forget_failures(&self) -> Result<(), StoreError> {
        self.exec(
            "DELETE FROM failures WHERE failed_at < ?1",
            params![self.now - KEPT_FOR],
        )?;
        self.exec(
            "DELETE FROM failures WHERE seq <= (SELECT max(seq) FROM failures) - ?1",
            params![KEPT_AT_MOST],
        )?;
        Ok(())
    }

    /// The failures that are kept, newest first.
    pub fn failures(&self) -> Result<Vec<Failure>, StoreError> {
        let rows = self.exec(
            "SELECT seq, kind, message_id, conversation_id, number, reason, failed_at
             FROM failures WHERE failed_at >= ?1 ORDER BY seq DESC",
            params![self.now - KEPT_FOR],
        )?;
        rows.iter().map(failure).collect()
    }
}

fn failure(row: &Row) -> Result<Failure, StoreError> {
    Ok(Failure {
        seq: row.integer(0)?,
        kind: row.text(1)?,
        message_id: row.text(2)?,
        conversation_id: row.text(3)?,
        number: row.maybe_text(4)?,
        reason: row.text(5)?,
        failed_at: row.integer(6)?,
    })
}
