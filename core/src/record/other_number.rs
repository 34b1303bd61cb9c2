//! Numbers from which Nexmo sends no text to a phone: another one may do.

use super::{
    Record,
    allocation::{Choice, allocate},
    claim::TextClaim,
    outcome::{Retry, Tried, postponed},
    tables::notices::{Notice, refused_numbers},
};
use crate::{backoff, ids::ConversationId, log::Level, phone::Number, storage::StoreError};

impl Record<'_> {
    /// Nexmo sends no text from `number` to the phone: the next try uses the next free number. Fails the
    /// notices for which there is none.
    pub(super) fn next_number(
        &self,
        claim: &TextClaim,
        notices: &[Notice],
        number: &Number,
        why: &str,
    ) -> Result<(), StoreError> {
        let conversation = &claim.conversation_id;
        let last = self.refused_everywhere(notices, conversation, number)?;
        if last.len() < notices.len() {
            self.links().release(conversation, self.now)?;
            self.links().retire(&claim.link(number))?;
        }
        for notice in notices.iter().rev() {
            match notice.gone {
                Some(why) => self.end_dropped(notice, why)?,
                None if last.contains(&notice) => self.fail(notice, Some(number), why)?,
                None => self.try_next_number(claim, notice, number, why)?,
            }
        }
        Ok(())
    }

    /// Those of a conversation's notices for which no number is free but `number` and those that were refused for
    /// them before.
    fn refused_everywhere<'n>(
        &self,
        notices: &'n [Notice],
        conversation: &ConversationId,
        number: &Number,
    ) -> Result<Vec<&'n Notice>, StoreError> {
        let links = self.links().all()?;
        let mut last = Vec::new();
        for notice in notices {
            let own = std::slice::from_ref(notice);
            let refused: Vec<&Number> = refused_numbers(own).chain([number]).collect();
            let numbers = self.numbers_but(&refused)?;
            if allocate(&links, conversation, &numbers, self.now).choice == Choice::NoneFree {
                last.push(notice);
            }
        }
        Ok(last)
    }

    fn try_next_number(
        &self,
        claim: &TextClaim,
        notice: &Notice,
        number: &Number,
        why: &str,
    ) -> Result<(), StoreError> {
        let mut tries = notice.tries.clone();
        tries.refused_numbers.0.push(number.clone());
        let tried = Tried {
            notice,
            began: claim.claimed_at,
        };
        self.try_again_for_hours(
            &tried,
            Retry {
                wait: backoff::NEXT_NUMBER,
                tries,
                entry: postponed(notice, Level::Warn),
                why: why.to_owned(),
            },
        )
    }

    /// The configured numbers in the user's order, without those from which Nexmo refused to text the phone.
    pub(super) fn numbers_but(&self, refused: &[&Number]) -> Result<Vec<Number>, StoreError> {
        let mut numbers = self.numbers()?;
        numbers.retain(|number| !refused.contains(&number));
        Ok(numbers)
    }
}
