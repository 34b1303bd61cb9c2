//! With digests, a conversation is due as a whole: when its oldest notice is, or later if a try of it failed, if
//! it is held back, or if its last text was a short while ago.

use super::{Record, order::in_order, policy::DigestPolicy, tables::notices::Notice};
use crate::{
    chat::status::ReportOn,
    ids::ConversationId,
    storage::StoreError,
    time::{Span, Timestamp},
};

/// How many notices of a conversation are looked at to find when it is due. Later ones arrived later, as a rule.
const LOOKED_AT: i64 = 100;
/// How many messages of a conversation one text shows. The chat is asked about each of them again.
pub const MOST_SHOWN: usize = 10;

/// How many messages of a conversation one text covers at most. Only then does another text follow for the rest.
const MOST_COVERED: i64 = 1_000;

/// The notices that one text is to cover.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Gathering {
    /// Those that the chat is asked about again, in order.
    pub asked: Vec<Notice>,
    /// Those that the text only counts.
    pub counted: Vec<Notice>,
    /// Those that are due and do not justify a text, and that the chat is not asked about.
    pub unjustified: Vec<Notice>,
}

/// When a conversation is due whose last text was taken at `last_texted`. More messages never put it off.
///
/// A notice that was put off puts off its whole conversation. A retry after a text that Nexmo may have taken is no
/// second text: the interval does not hold it.
fn due_at(notices: &[Notice], last_texted: Option<Timestamp>, interval: Span) -> Option<Timestamp> {
    let oldest = notices.iter().map(|notice| notice.due_at).min()?;
    let put_off = notices.iter().filter_map(|notice| notice.put_off_until);
    let due = put_off.max().map_or(oldest, |until| until.max(oldest));
    let is_retry = notices.iter().any(|notice| notice.tries.perhaps_taken > 0);
    match last_texted {
        Some(last) if !is_retry => Some(due.max(last + interval)),
        _ => Some(due),
    }
}

/// Chooses what a text covers: every notice that justifies one, even if it came just now, and every one that is
/// due, because the chat may say that it does by now.
fn gather(notices: Vec<Notice>, report_on: ReportOn, now: Timestamp) -> Gathering {
    let justifies = |notice: &Notice| report_on.justifies(notice.status);
    let mut asked: Vec<Notice> = notices
        .into_iter()
        .filter(|notice| notice.gone.is_none() && (justifies(notice) || notice.due_at <= now))
        .collect();
    let rest = asked.split_off(asked.len().min(MOST_SHOWN));
    let (counted, unjustified) = rest.into_iter().partition(justifies);
    Gathering {
        asked,
        counted,
        unjustified,
    }
}

impl Record<'_> {
    /// When a conversation with a notice is due.
    pub(super) fn conversation_due(
        &self,
        conversation: &ConversationId,
        digest: DigestPolicy,
    ) -> Result<Timestamp, StoreError> {
        let notices = self.notices().by_index(conversation, LOOKED_AT)?;
        let notices: Vec<Notice> = notices.into_iter().map(|it| it.notice).collect();
        let last_texted = match digest.interval {
            Span::ZERO => None,
            _ => self.links().last_texted(conversation)?,
        };
        Ok(due_at(&notices, last_texted, digest.interval).unwrap_or(self.now))
    }

    /// What the next text of a conversation covers.
    pub(super) fn gather(&self, conversation: &ConversationId) -> Result<Gathering, StoreError> {
        let notices = self.notices().by_index(conversation, MOST_COVERED)?;
        Ok(gather(in_order(notices), self.policy.report_on, self.now))
    }

    /// Sets the wake-up of a conversation anew, because what puts it off has changed. An open claim stays.
    pub(super) fn reschedule(&self, conversation: &ConversationId) -> Result<(), StoreError> {
        let Some(first) = self.first_in_order(conversation)? else {
            return Ok(());
        };
        match self.notices().find(&first.message_id)? {
            Some(first) if first.wake_at.is_some() && first.lease_until.is_none() => {
                self.activate_first(conversation)
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
