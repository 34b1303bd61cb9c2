//! The request to Nexmo.

use super::{Attempt, End, decision::Draft, failed, questions::Answers};
use crate::{
    attempt::{Turns, effects::Effects},
    digest,
    nexmo::send::{SendOutcome, Text, read_send_response, send},
    phone::{Number, Phone},
    record::{Record, outcome::TextOutcome},
    sms::gsm::Sms,
};

/// A text that is complete.
pub(super) struct Leaving {
    /// The number that it leaves from.
    pub number: Number,
    /// The phone that it goes to.
    pub phone: Phone,
    /// Its words.
    pub sms: Sms,
}

impl<T: Turns, E: Effects> Attempt<'_, T, E> {
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
        })
    }

    /// Stores that the text leaves, in the turn that has just looked at everything that could forbid it.
    pub(super) fn leave(&self, record: &Record<'_>, leaving: &Leaving) -> Result<(), End> {
        if self.effects.now() >= self.deadline {
            return Err(failed("preparing the text took too long"));
        }
        let Leaving { number, phone, .. } = leaving;
        Ok(record.leaves(self.claim, &self.covered.borrow(), number, phone)?)
    }

    pub(super) async fn send(&self, connection: E::Connection, leaving: &Leaving) -> TextOutcome {
        let settings = self.effects.settings();
        let text = Text {
            from: &leaving.number,
            to: &leaving.phone,
            sms: &leaving.sms,
            client_ref: &self.claim.message_id,
            ttl: settings.text_ttl,
        };
        let request = send(&settings.nexmo, &text);
        let response = self.effects.call_over(connection, request, self.deadline);
        outcome(read_send_response(&response.await), &leaving.number)
    }
}

fn outcome(sent: SendOutcome, number: &Number) -> TextOutcome {
    match sent {
        SendOutcome::Accepted { .. } => TextOutcome::Accepted {
            number: number.clone(),
        },
        SendOutcome::TryAgain { why } => TextOutcome::Failed(why),
        SendOutcome::PerhapsTaken { why } => TextOutcome::PerhapsTaken(why),
        SendOutcome::Throttled { wait, why } => TextOutcome::Throttled { wait, why },
        SendOutcome::OperatorFault { why } => TextOutcome::OperatorFault(why),
        SendOutcome::NumberRefused { why } => TextOutcome::NumberRefused {
            number: number.clone(),
            why,
        },
        SendOutcome::Refused { why } => TextOutcome::Refused {
            number: number.clone(),
            why,
        },
    }
}
