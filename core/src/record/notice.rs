//! Ends a notice: dropped, failed or texted.

use super::{
    Record,
    ending::{Dropped, Ending},
    tables::notices::Notice,
};
use crate::{
    log::{Entry, Level},
    storage::StoreError,
};

impl Record<'_> {
    /// Drops a notice. If an attempt holds its claim, only marks it: the attempt ends it at the next check.
    pub(super) fn drop_notice(&self, notice: &Notice, why: Dropped) -> Result<(), StoreError> {
        match notice.lease_until {
            Some(lease) if lease > self.now => {
                return self.notices().set_gone(&notice.message_id, why);
            }
            Some(lease) => self.others_interrupted(notice, lease)?,
            None => {}
        }
        self.end_dropped(notice, why)
    }

    /// Ends a notice without a text, even if an attempt holds its claim.
    pub(super) fn end_dropped(&self, notice: &Notice, why: Dropped) -> Result<(), StoreError> {
        let level = match why {
            Dropped::NoNumber | Dropped::TooOld => Level::Error,
            _ => Level::Info,
        };
        self.log(about(notice, level, "notice.dropped").with("reason", why.word()));
        if why == Dropped::NoNumber {
            self.profiles().count_without_number()?;
        }
        self.end_without_text(notice, Ending::Dropped(why))
    }

    /// Ends a notice without a text and deletes its conversation's link if Nexmo took no text on it. If the
    /// notice's claim ended without an outcome, Nexmo may have.
    pub(super) fn end_without_text(
        &self,
        notice: &Notice,
        ending: Ending,
    ) -> Result<(), StoreError> {
        let conversation = &notice.conversation_id;
        if let Some(lease) = notice.lease_until {
            if lease <= self.now {
                self.doubt(conversation, lease)?;
            }
            self.links().unclaim(conversation, lease)?;
        }
        if notice.claims > 0 {
            // A link that is claimed for longer is in use for another notice of the conversation.
            let own_claim = notice.lease_until.unwrap_or_default().max(self.now);
            self.links().release(conversation, own_claim)?;
        }
        self.end(notice, ending)
    }

    /// Ends a notice. If it was the active one, the next of its conversation becomes active. If it put off its
    /// conversation, that no longer waits for it.
    pub(super) fn end(&self, notice: &Notice, ending: Ending) -> Result<(), StoreError> {
        let conversation = &notice.conversation_id;
        self.delete(notice, ending)?;
        match (notice.wake_at, notice.put_off_until) {
            (Some(_), _) => self.activate_first(conversation),
            (None, Some(_)) => self.reschedule(conversation),
            (None, None) => Ok(()),
        }
    }

    /// Deletes a notice and remembers how it ended.
    pub(super) fn delete(&self, notice: &Notice, ending: Ending) -> Result<(), StoreError> {
        let (id, conversation) = (&notice.message_id, &notice.conversation_id);
        self.notices().delete(id)?;
        self.seen()
            .insert_ended(self.hour(), id, conversation, ending)
    }
}

/// A log entry about a notice.
pub(super) fn about(notice: &Notice, level: Level, message: &'static str) -> Entry {
    Entry::new(level, message)
        .with("message_id", &notice.message_id)
        .with("conversation_id", &notice.conversation_id)
}
