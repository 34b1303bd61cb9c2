//! Texts and replies that were given up, kept so that an operator can see and retry them.

use super::{
    Record,
    tables::{
        failures::{FailedText, Failure},
        notices::Notice,
        replies::Reply,
    },
};
use crate::{
    phone::Number,
    storage::StoreError,
    time::{DAY, Span, Timestamp},
};

/// How long a failure is kept.
const KEPT_FOR: Span = DAY.times(30);
/// How many failures of a user are kept.
pub const KEPT_AT_MOST: i64 = 20;

impl Record<'_> {
    pub(super) fn keep_failed_text(
        &self,
        notice: &Notice,
        number: Option<&Number>,
        reason: &str,
    ) -> Result<(), StoreError> {
        if let Some(remains) = self.notices().remains(&notice.message_id)? {
            let failed = FailedText {
                message_id: notice.message_id.clone(),
                conversation_id: notice.conversation_id.clone(),
                remains,
            };
            self.failures()
                .insert_text(&failed, number, reason, self.now)?;
        }
        self.forget_failures()
    }

    pub(super) fn keep_failed_reply(&self, reply: &Reply, reason: &str) -> Result<(), StoreError> {
        self.failures().insert_reply(reply, reason, self.now)?;
        self.forget_failures()
    }

    /// Deletes the failures and the receipts for ranges that are too old.
    pub fn forget_old(&self) -> Result<(), StoreError> {
        self.ranges().delete_before(self.first_hour())?;
        self.forget_failures()
    }

    fn forget_failures(&self) -> Result<(), StoreError> {
        self.failures()
            .forget(self.oldest_failure_kept(), KEPT_AT_MOST)
    }

    /// Failures before this are treated as deleted, even while their rows exist.
    pub(super) fn oldest_failure_kept(&self) -> Timestamp {
        self.now - KEPT_FOR
    }

    /// The failures that are kept, newest first.
    pub fn kept_failures(&self) -> Result<Vec<Failure>, StoreError> {
        self.failures().since(self.oldest_failure_kept())
    }
}
