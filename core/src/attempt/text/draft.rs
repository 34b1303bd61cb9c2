//! A text before it leaves.

use super::{Attempt, End, questions::Answers, words::Message};
use crate::{
    attempt::{Turns, effects::Effects},
    digest,
    ids::TextReference,
    phone::{Number, Phone},
    sms::gsm::Sms,
};

/// A text that is not complete, or whose reverse lookup is not written.
pub(super) struct Draft {
    /// The messages that it shows.
    pub messages: Vec<Message>,
    /// The number that it leaves from.
    pub number: Number,
    /// The phone that it goes to.
    pub phone: Phone,
    /// Whether it begins with an introduction.
    pub is_introduced: bool,
    /// Whether the reverse lookup is to be written.
    pub is_looked_up: bool,
}

/// A text that is complete.
pub(super) struct Leaving {
    /// The number that it leaves from.
    pub number: Number,
    /// The phone that it goes to.
    pub phone: Phone,
    /// Its words.
    pub sms: Sms,
    /// Its name in receipts.
    pub reference: TextReference,
}

impl<T: Turns, E: Effects> Attempt<'_, T, E> {
    /// Completes a text.
    pub(super) fn leaving(
        &self,
        draft: Draft,
        introduction: &str,
        answers: &Answers,
    ) -> Result<Leaving, End> {
        let parts = self.parts(&draft.messages, answers)?;
        let sms = self.words(&digest::Parts {
            introduction,
            ..parts
        })?;
        Ok(Leaving {
            number: draft.number,
            phone: draft.phone,
            sms,
            reference: TextReference::draw(self.effects.now(), || self.effects.random()),
        })
    }
}
