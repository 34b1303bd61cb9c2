//! The chat's events: messages, receipts, deletions, users who leave.

use super::{
    Record,
    command::{Outcome, Sent},
    ending::{Dropped, Ending},
    tables::{
        joint::Known,
        notices::{NewNotice, Notice},
        seen::Seen,
    },
};
use crate::{
    chat::{event::Receipts, status::Status},
    ids::{ConversationId, MessageId},
    storage::StoreError,
};

const READ: Seen = Seen::Ended(Ending::Dropped(Dropped::Read));

impl Record<'_> {
    /// A message was sent to the user. Stores a notice, due after the delay, unless the message is known
    /// already or an earlier receipt says that it was read.
    pub fn message(&self, sent: &Sent) -> Result<Outcome, StoreError> {
        let seen = match self.store.known(&sent.message_id, self.first_hour())? {
            Known::Seen(seen) => seen,
            Known::Waits => match self.notices().find(&sent.message_id)? {
                Some(notice) => return self.advance(&notice, sent.status),
                None => None,
            },
        };
        let status = match seen {
            Some(Seen::Ended(_)) => return self.came_again(&sent.message_id),
            Some(Seen::Heard(heard)) => sent.status.max(heard),
            None => sent.status,
        };
        match status.max(self.heard_in_ranges(sent)?) {
            Status::Read => self.seen().insert(self.hour(), &sent.message_id, READ)?,
            status => self.wait(&NewNotice {
                message_id: &sent.message_id,
                conversation_id: &sent.conversation_id,
                position: sent.position,
                sent_at: sent.sent_at,
                status,
                message: sent.message.get(),
                due_at: self.now + self.policy.delay,
            })?,
        }
        Ok(Outcome::Stored)
    }

    /// A message came again whose notice has ended. It is remembered for another hour: a homeserver may send it for days.
    fn came_again(&self, id: &MessageId) -> Result<Outcome, StoreError> {
        self.seen().keep(id, self.hour())?;
        Ok(Outcome::Known)
    }

    /// The furthest status that earlier receipts for a range of positions give the message.
    fn heard_in_ranges(&self, sent: &Sent) -> Result<Status, StoreError> {
        let Some(position) = sent.position else {
            return Ok(sent.status);
        };
        let conversation = &sent.conversation_id;
        let heard = self
            .ranges()
            .furthest(self.first_hour(), conversation, position)?;
        Ok(heard.unwrap_or(sent.status))
    }

    /// Stores a notice. Makes it the active one if it goes first in its conversation.
    pub(super) fn wait(&self, new: &NewNotice<'_>) -> Result<(), StoreError> {
        let conversation = new.conversation_id;
        let first = self.notices().first_by_index(conversation)?;
        let overtaken = match &first {
            Some(first) if !first.surely_precedes(new.position, new.sent_at) => {
                self.first_in_order(conversation)?
            }
            _ => None,
        };
        self.notices().insert(new, first.is_none(), self.now)?;
        if first.is_none() && self.policy.digest.is_some() {
            self.reschedule(conversation)?;
        }
        match overtaken {
            Some(overtaken) if self.goes_first(new)? => {
                self.step_back(&overtaken.message_id, conversation)
            }
            _ => Ok(()),
        }
    }

    fn goes_first(&self, new: &NewNotice<'_>) -> Result<bool, StoreError> {
        let first = self.first_in_order(new.conversation_id)?;
        Ok(first.is_some_and(|first| first.message_id == *new.message_id))
    }

    /// Makes the first notice in order the active one instead of `former`, unless `former` is claimed.
    fn step_back(
        &self,
        former: &MessageId,
        conversation: &ConversationId,
    ) -> Result<(), StoreError> {
        match self.notices().find(former)? {
            Some(former) if former.wake_at.is_some() && former.lease_until.is_none() => {
                self.notices().deactivate(&former.message_id)?;
                self.activate_first(conversation)
            }
            _ => Ok(()),
        }
    }

    /// A receipt: the message reached a status for this user. The receipt may come before the message.
    pub fn receipt(&self, message_id: &MessageId, status: Status) -> Result<Outcome, StoreError> {
        if let Some(notice) = self.notices().find(message_id)? {
            return self.advance(&notice, status);
        }
        match self.seen_of(message_id)? {
            Some(Seen::Ended(_)) => return Ok(Outcome::Known),
            Some(Seen::Heard(heard)) if heard >= status => return Ok(Outcome::Known),
            _ => {}
        }
        let seen = match status {
            Status::Read => READ,
            status => Seen::Heard(status),
        };
        self.seen().insert(self.hour(), message_id, seen)?;
        Ok(Outcome::Stored)
    }

    /// One receipt for a range of positions: all messages in it reached a status for this user.
    pub fn receipts(&self, receipts: &Receipts) -> Result<Outcome, StoreError> {
        let Receipts {
            conversation_id,
            from,
            to,
            status,
        } = receipts;
        for notice in active_last(self.notices().between(conversation_id, *from, *to)?) {
            self.advance(&notice, *status)?;
        }
        self.ranges()
            .insert(self.hour(), conversation_id, *from, *to, *status)?;
        Ok(Outcome::Stored)
    }

    /// The user has read a conversation up to a message. If that has no notice, it is not known what came before it:
    /// then only the message itself counts as read.
    pub fn read_up_to(
        &self,
        conversation_id: &ConversationId,
        message_id: &MessageId,
    ) -> Result<Outcome, StoreError> {
        let read = self.notices().up_to(conversation_id, message_id)?;
        if read.is_empty() {
            return self.receipt(message_id, Status::Read);
        }
        for notice in active_last(read) {
            self.advance(&notice, Status::Read)?;
        }
        Ok(Outcome::Stored)
    }

    /// The message was deleted for everybody. Drops its notice, or remembers the deletion if the message has
    /// not arrived yet.
    pub fn message_deleted(&self, message_id: &MessageId) -> Result<Outcome, StoreError> {
        match self.notices().find(message_id)? {
            Some(notice) if notice.gone.is_some() => return Ok(Outcome::Known),
            Some(notice) => self.drop_notice(&notice, Dropped::Deleted)?,
            None => {
                if let Some(Seen::Ended(_)) = self.seen_of(message_id)? {
                    return Ok(Outcome::Known);
                }
                let deleted = Seen::Ended(Ending::Dropped(Dropped::Deleted));
                self.seen().insert(self.hour(), message_id, deleted)?;
            }
        }
        Ok(Outcome::Stored)
    }

    /// The conversation was deleted, or the user left it. Drops its notices; [`Outcome::Known`] if there are
    /// none.
    pub fn conversation_over(
        &self,
        id: &ConversationId,
        why: Dropped,
    ) -> Result<Outcome, StoreError> {
        let notices = self.notices().of_conversation(id)?;
        let outcome = match notices.is_empty() {
            true => Outcome::Known,
            false => Outcome::Stored,
        };
        for notice in active_last(notices) {
            self.drop_notice(&notice, why)?;
        }
        Ok(outcome)
    }

    /// What is remembered of a message; `None` if it has a notice.
    fn seen_of(&self, message_id: &MessageId) -> Result<Option<Seen>, StoreError> {
        Ok(match self.store.known(message_id, self.first_hour())? {
            Known::Seen(seen) => seen,
            Known::Waits => None,
        })
    }

    /// Moves a notice's status forward, never back. Drops the notice if the message was read.
    fn advance(&self, notice: &Notice, status: Status) -> Result<Outcome, StoreError> {
        if status <= notice.status || notice.gone.is_some() {
            return Ok(Outcome::Known);
        }
        match status {
            Status::Read => self.drop_notice(notice, Dropped::Read)?,
            status => self.notices().set_status(&notice.message_id, status)?,
        }
        Ok(Outcome::Stored)
    }
}

/// Sorts the active notice last: ending it activates another, whose copy in this list would then be stale.
fn active_last(mut notices: Vec<Notice>) -> Vec<Notice> {
    notices.sort_by_key(|notice| notice.wake_at.is_some());
    notices
}
