//! Numbers from which Nexmo sends no text to a phone: another one may do.

use super::{
    Record,
    allocation::{Choice, allocate},
    outcome::{Retry, postponed},
    tables::{
        links::LinkKey,
        notices::{Notice, Tries},
    },
};
use crate::{backoff, log::Level, phone::Number, storage::StoreError};

impl Record<'_> {
    /// Nexmo sends no text from `number` to the phone: the next try uses the next free number. Fails the
    /// notice if there is none.
    pub(super) fn next_number(
        &self,
        notice: &Notice,
        number: Number,
        why: String,
    ) -> Result<(), StoreError> {
        let mut tries = notice.tries.clone();
        tries.refused_numbers.0.push(number.clone());
        let links = self.links().all()?;
        let numbers = self.numbers_but(&tries);
        let next = allocate(&links, &notice.conversation_id, &numbers, self.now).choice;
        if next == Choice::NoneFree {
            return self.fail(notice, Some(&number), &why);
        }
        self.links().release(&notice.conversation_id, self.now)?;
        self.links().retire(&LinkKey {
            number,
            conversation_id: notice.conversation_id.clone(),
        })?;
        self.try_again(
            notice,
            &Retry {
                wait: backoff::NEXT_NUMBER,
                tries,
                entry: postponed(notice, Level::Warn),
                why,
            },
        )
    }

    /// The configured numbers, without those from which Nexmo refused to text the phone.
    pub(super) fn numbers_but(&self, tries: &Tries) -> Vec<Number> {
        let refused = &tries.refused_numbers.0;
        let mut numbers = self.policy.numbers.clone();
        numbers.retain(|number| !refused.contains(number));
        numbers
    }
}
