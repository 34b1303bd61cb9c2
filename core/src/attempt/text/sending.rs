//! The request to Nexmo.

use super::{Attempt, End, draft::Leaving, failed};
use crate::{
    attempt::{Turns, effects::Effects},
    ids::TextId,
    nexmo::send::{SendOutcome, Text, read_send_response, send},
    phone::Number,
    record::{Record, delivery::Departure, outcome::TextOutcome},
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
        let departure = Departure {
            reference: &leaving.reference,
            number: &leaving.number,
            phone: &leaving.phone,
            parts: leaving.sms.parts,
        };
        Ok(record.leaves(self.claim, &self.covered.borrow(), &departure)?)
    }

    /// Sends the text. Returns the outcome, and Nexmo's ids of its parts.
    pub(super) async fn send(
        &self,
        connection: E::Connection,
        leaving: &Leaving,
    ) -> (TextOutcome, Vec<TextId>) {
        let settings = self.effects.settings();
        let text = Text {
            from: &leaving.number,
            to: &leaving.phone,
            sms: &leaving.sms,
            client_ref: &leaving.reference,
            callback: settings.receipts.as_ref().map(|it| it.callback.as_str()),
            ttl: settings.text_ttl,
        };
        let request = send(&settings.nexmo, &text);
        let response = self.effects.call_over(connection, request, self.deadline);
        let sent = read_send_response(&response.await);
        let paced = self.paced(&sent, &leaving.number).await;
        let part_ids = match &sent {
            SendOutcome::Accepted { message_ids, .. } => message_ids.clone(),
            _ => Vec::new(),
        };
        (outcome(sent, paced, &leaving.number), part_ids)
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
