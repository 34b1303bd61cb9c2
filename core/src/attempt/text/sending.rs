//! The request to Nexmo.

use super::{Attempt, End, draft::Leaving, failed};
use crate::{
    attempt::{Turns, effects::Effects},
    nexmo::send::{SendOutcome, Text, read_send_response, send},
    phone::Number,
    record::{Record, outcome::TextOutcome},
};

impl<T: Turns, E: Effects> Attempt<'_, T, E> {
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
