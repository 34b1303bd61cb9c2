//! What Layer's webhooks tell a record: messages, receipts, deletions, departures.

use super::{
    Record,
    command::{Outcome, Sent},
    notice::{COLUMNS, Dropped, Notice, notice},
    order::position_text,
    seen::{Ending, Seen},
    store::{Row, StoreError},
};
use crate::{layer::status::Status, params, time::Millis};

/// The notices in some rows, the active one last: the end of an active notice activates another,
/// which must not be one that is about to be dropped as it was read, inactive.
fn active_last(rows: &[Row]) -> Result<Vec<Notice>, StoreError> {
    let mut notices = rows.iter().map(notice).collect::<Result<Vec<_>, _>>()?;
    notices.sort_by_key(|notice| notice.wake_at.is_some());
    Ok(notices)
}

const READ: Seen = Seen::Ended(Ending::Dropped(Dropped::Read));

impl Record<'_> {
    /// A message was sent to the user: a notice waits for it from now on.
    pub fn message(&self, sent: &Sent) -> Result<Outcome, StoreError> {
        let (waits, seen) = self.waits_or_seen(&sent.message_id)?;
        if waits && let Some(notice) = self.notice(&sent.message_id)? {
            return self.advance(&notice, sent.status);
        }
        let position = sent.position.map(position_text);
        let status = match seen {
            Some(Seen::Ended(_)) => return Ok(Outcome::Known),
            Some(Seen::Heard(heard)) => sent.status.max(heard),
            None => sent.status,
        };
        let heard = match &position {
            Some(position) => self.heard_at(&sent.conversation_id, position)?,
            None => None,
        };
        let status = heard.map_or(status, |heard| status.max(heard));
        if status == Status::Read {
            self.remember(&sent.message_id, READ)?;
        } else {
            self.wait(sent, (status, position), self.now + self.policy.delay)?;
        }
        Ok(Outcome::Stored)
    }

    /// Puts a notice where it belongs among those of its conversation.
    pub(super) fn wait(
        &self,
        sent: &Sent,
        (status, position): (Status, Option<String>),
        due_at: Millis,
    ) -> Result<(), StoreError> {
        let (conversation, position) = (&sent.conversation_id, position.as_deref());
        let first = self.first_by_index(conversation)?;
        let former = match &first {
            Some(first) if !first.surely_precedes(position, sent.sent_at) => {
                self.first_in_order(conversation)?
            }
            _ => None,
        };
        self.insert(sent, (status, position), (due_at, first.is_none()))?;
        match former {
            Some(former) if self.goes_first(sent)? => {
                self.step_back(&former.message_id, conversation)
            }
            _ => Ok(()),
        }
    }

    fn goes_first(&self, sent: &Sent) -> Result<bool, StoreError> {
        let first = self.first_in_order(&sent.conversation_id)?;
        Ok(first.is_some_and(|first| first.message_id == sent.message_id))
    }

    /// Stores a notice, as arrived after every other of the same place in the order.
    fn insert(
        &self,
        sent: &Sent,
        (status, position): (Status, Option<&str>),
        (due_at, active): (Millis, bool),
    ) -> Result<(), StoreError> {
        self.exec(
            "INSERT INTO notices (message_id, conversation_id, position, sent_at, arrived, status,
                message, due_at, wake_at)
             VALUES (?1, ?2, ?3, ?4, max(?5, ifnull((SELECT max(arrived) + 1 FROM notices
                 WHERE conversation_id = ?2 AND position IS ?3 AND sent_at = ?4), 0)), ?6, ?7, ?8, ?9)",
            params![
                &sent.message_id,
                &sent.conversation_id,
                position,
                sent.sent_at,
                self.now,
                status.word(),
                sent.message.get(),
                due_at,
                active.then_some(due_at)
            ],
        )?;
        Ok(())
    }

    /// Lets an earlier message that arrived later go before the one that was first, unless that
    /// one is being sent.
    fn step_back(&self, former: &str, conversation: &str) -> Result<(), StoreError> {
        let Some(former) = self.notice(former)? else {
            return Ok(());
        };
        if former.wake_at.is_some() && former.lease_until.is_none() {
            self.deactivate(&former.message_id)?;
            self.activate_first(conversation)?;
        }
        Ok(())
    }

    /// The user's receipt for a message moved; it may come before the message does.
    pub fn receipt(&self, message_id: &str, status: Status) -> Result<Outcome, StoreError> {
        if let Some(notice) = self.notice(message_id)? {
            return self.advance(&notice, status);
        }
        match self.seen(message_id)? {
            Some(Seen::Ended(_)) => return Ok(Outcome::Known),
            Some(Seen::Heard(heard)) if heard >= status => return Ok(Outcome::Known),
            _ => {}
        }
        let seen = if status == Status::Read {
            READ
        } else {
            Seen::Heard(status)
        };
        self.remember(message_id, seen)?;
        Ok(Outcome::Stored)
    }

    /// The user's receipts for all messages of a stretch of a conversation moved.
    pub fn receipts(
        &self,
        conversation_id: &str,
        (from, to): (u64, u64),
        status: Status,
    ) -> Result<Outcome, StoreError> {
        let (first, last) = (position_text(from), position_text(to));
        let statement = format!(
            "SELECT {COLUMNS} FROM notices
             WHERE conversation_id = ?1 AND position >= ?2 AND position <= ?3"
        );
        let rows = self.exec(&statement, params![conversation_id, &first, &last])?;
        for notice in active_last(&rows)? {
            self.advance(&notice, status)?;
        }
        self.remember_range(conversation_id, (&first, &last), status)?;
        Ok(Outcome::Stored)
    }

    /// The message was deleted for everybody.
    pub fn message_deleted(&self, message_id: &str) -> Result<Outcome, StoreError> {
        match self.notice(message_id)? {
            Some(notice) if notice.gone.is_some() => return Ok(Outcome::Known),
            Some(notice) => self.drop_notice(&notice, Dropped::Deleted)?,
            None if matches!(self.seen(message_id)?, Some(Seen::Ended(_))) => {
                return Ok(Outcome::Known);
            }
            None => self.remember(message_id, Seen::Ended(Ending::Dropped(Dropped::Deleted)))?,
        }
        Ok(Outcome::Stored)
    }

    /// Nothing more comes of a conversation: it was deleted, or the user left it.
    pub fn conversation_over(&self, id: &str, why: Dropped) -> Result<Outcome, StoreError> {
        let statement = format!("SELECT {COLUMNS} FROM notices WHERE conversation_id = ?1");
        let rows = self.exec(&statement, params![id])?;
        for notice in active_last(&rows)? {
            self.drop_notice(&notice, why)?;
        }
        Ok(if rows.is_empty() {
            Outcome::Known
        } else {
            Outcome::Stored
        })
    }

    /// Moves a notice's state forward, never back.
    fn advance(&self, notice: &Notice, status: Status) -> Result<Outcome, StoreError> {
        if status <= notice.status || notice.gone.is_some() {
            return Ok(Outcome::Known);
        }
        if status == Status::Read {
            self.drop_notice(notice, Dropped::Read)?;
        } else {
            self.set_status(notice, status)?;
        }
        Ok(Outcome::Stored)
    }

    pub(super) fn set_status(&self, notice: &Notice, status: Status) -> Result<(), StoreError> {
        self.exec(
            "UPDATE notices SET status = ?1 WHERE message_id = ?2",
            params![status.word(), &notice.message_id],
        )?;
        Ok(())
    }
}
