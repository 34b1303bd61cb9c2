//! The request to Nexmo.

use super::{Attempt, End, draft::Leaving, failed};
use crate::{
    attempt::{Turns, effects::Effects},
    nexmo::send::{SendOutcome, Text, read_send_response, send},
    phone::Number,
    record::{Record, outcome::TextOutcome},
    time::{SECOND, Span},
};

/// How long the pace of a number may take to respond. Without it, the text waits for a random time.
const PACE_TIMEOUT: Span = SECOND;

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
        let sent = read_send_response(&response.await);
        let paced = self.paced(&sent, &leaving.number).await;
        outcome(sent, paced, &leaving.number)
    }

    /// How long the text waits, by the pace of its number, if Nexmo throttled it.
    async fn paced(&self, sent: &SendOutcome, number: &Number) -> Option<Span> {
        let SendOutcome::Throttled { wait, .. } = sent else {
            return None;
        };
        let now = self.effects.now();
        if now >= self.deadline {
            return None;
        }
        let deadline = self.deadline.min(now + PACE_TIMEOUT);
        self.effects.pace(number, *wait, deadline).await
    }
}

fn outcome(sent: SendOutcome, paced: Option<Span>, number: &Number) -> TextOutcome {
    match sent {
        SendOutcome::Accepted { .. } => TextOutcome::Accepted {
            number: number.clone(),
        },
        SendOutcome::TryAgain { why } => TextOutcome::Failed(why),
        SendOutcome::PerhapsTaken { why } => TextOutcome::PerhapsTaken(why),
        SendOutcome::Throttled { wait, why } => TextOutcome::Throttled {
            asked: wait,
            paced,
            why,
        },
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
