//! Failed texts and replies, tried again at an operator's request.

use super::{
    Record,
    command::Outcome,
    tables::{
        failures::{FailedReply, FailedText, Retryable},
        notices::NewNotice,
        replies::{Action, NewReply},
    },
};
use crate::{
    log::{Entry, Level},
    sms::keyword::{Keyword, keyword},
    storage::StoreError,
};

impl Record<'_> {
    /// Tries the failure `seq` again: a text as a notice that is due now, a reply at the end of its lane.
    /// [`Outcome::NoSuchFailure`] if the record does not keep it.
    pub fn retry(&self, seq: i64) -> Result<Outcome, StoreError> {
        let Some(failure) = self.failures().find(seq, self.oldest_failure_kept())? else {
            return Ok(Outcome::NoSuchFailure);
        };
        let message_id = match &failure {
            Retryable::Text(failed) => failed.message_id.as_str(),
            Retryable::Reply(failed) => failed.message_id.as_str(),
        };
        self.log(Entry::new(Level::Info, "failure.retried").with("message_id", message_id));
        match &failure {
            Retryable::Text(failed) => self.retry_text(failed)?,
            Retryable::Reply(failed) => self.retry_reply(failed)?,
        }
        self.failures().delete(seq)?;
        Ok(Outcome::Stored)
    }

    /// Does nothing if the message has a notice already, because the chat sent it again meanwhile.
    fn retry_text(&self, failed: &FailedText) -> Result<(), StoreError> {
        if self.notices().find(&failed.message_id)?.is_some() {
            return Ok(());
        }
        self.begin_anew(&failed.message_id)?;
        self.wait(&NewNotice {
            message_id: &failed.message_id,
            conversation_id: &failed.conversation_id,
            position: failed.remains.position,
            sent_at: failed.remains.sent_at,
            status: failed.remains.status,
            message: &failed.remains.message,
            due_at: self.now,
        })?;
        match self.policy.digest {
            Some(_) => self.reschedule(&failed.conversation_id),
            None => Ok(()),
        }
    }

    /// Keeps Nexmo's id, from which the de-duplication ids in the chat are made: no piece is posted twice.
    fn retry_reply(&self, failed: &FailedReply) -> Result<(), StoreError> {
        let action = match (&failed.conversation_id, keyword(&failed.body)) {
            (Some(conversation), _) => Action::Post(conversation.clone()),
            (None, Some(word)) if !self.is_taken_back(word)? => Action::Obey(word),
            (None, _) => return Ok(()),
        };
        let new = NewReply {
            action: &action,
            message_id: &failed.message_id,
            phone: &failed.phone,
            number: &failed.number,
            body: &failed.body,
            shown: None,
        };
        self.replies().insert(&new, self.now)
    }

    /// Whether the user has sent the opposite keyword since. The last one counts.
    fn is_taken_back(&self, word: Keyword) -> Result<bool, StoreError> {
        Ok(match word {
            Keyword::Stop => self.opted_out()?.is_none(),
            Keyword::Start => self.opted_out()?.is_some(),
            Keyword::Help => false,
        })
    }
}
