//! The number, the reverse lookup and the request to Nexmo.

use super::{Attempt, End, failed};
use crate::{
    attempt::{Turns, effects::Effects, read_entry},
    kv::{Kv, KvEntry, KvError},
    lookup::Lookup,
    nexmo::send::{SendOutcome, Text, read_send_response, send},
    phone::{Number, Phone},
    record::{allocation::Choice, outcome::TextOutcome},
    sms::gsm::Sms,
};

/// The number that a text is sent from.
pub(super) struct From {
    /// The number.
    pub number: Number,
    /// Whether the link is introduced already.
    pub introduced: bool,
}

impl<T: Turns, E: Effects> Attempt<'_, T, E> {
    pub(super) fn number(&self) -> Result<From, End> {
        let covered = self.covered.borrow().clone();
        let choice = self
            .turns
            .turn(|record| record.number_for(self.claim, &covered))?;
        match choice {
            Some(Choice::Keep { number, introduced }) => Ok(From { number, introduced }),
            Some(Choice::Take { number }) => Ok(From {
                number,
                introduced: false,
            }),
            Some(Choice::NoneFree) | None => Err(End::Void),
        }
    }

    /// Writes to KV, before the text is sent, that texts from the phone to the number are this user's. If KV
    /// names another user, that user's record is told first, because KV may still return the old entry for a
    /// minute.
    pub(super) async fn write_reverse_lookup(
        &self,
        phone: &Phone,
        number: &Number,
    ) -> Result<(), End> {
        let key = Lookup::key(phone, number);
        let expiration = self.effects.settings().number_expiration;
        let user_id = &self.claim.user_id;
        let now = self.effects.now();
        let current = self.lookup(phone, number).await?;
        match current {
            Some(entry) if entry.serves(user_id, now, expiration) => return Ok(()),
            Some(entry) if entry.user_id != *user_id => {
                self.effects.disown(&entry.user_id, phone, number).await?;
            }
            _ => {}
        }
        // Stored first, so that an erasure finds every entry that may have been written.
        self.turns
            .turn(|record| record.note_lookup(phone, number))?;
        let lookup = Lookup::new(user_id, now, expiration);
        let entry = KvEntry::of(key, &lookup, Some(lookup.lifetime(now)))?;
        Ok(self.effects.kv().put(entry, self.deadline).await?)
    }

    /// The entry of a phone and a number.
    async fn lookup(&self, phone: &Phone, number: &Number) -> Result<Option<Lookup>, KvError> {
        let read =
            async |key: &str| read_entry(self.effects, key, Lookup::read, self.deadline).await;
        Lookup::find(phone, number, read).await
    }

    pub(super) async fn send(
        &self,
        number: &Number,
        phone: &Phone,
        sms: &Sms,
    ) -> Result<TextOutcome, End> {
        if self.effects.now() >= self.deadline {
            return Err(failed("preparing the text took too long"));
        }
        let covered = self.covered.borrow().clone();
        let may_leave = self
            .turns
            .turn(|record| record.may_leave(self.claim, &covered, number, phone))?;
        if !may_leave {
            return Err(End::Void);
        }
        let settings = self.effects.settings();
        let text = Text {
            from: number,
            to: phone,
            sms,
            client_ref: &self.claim.message_id,
            ttl: settings.text_ttl,
        };
        let request = send(&settings.nexmo, &text);
        let sent = read_send_response(&self.effects.call(request, self.deadline).await);
        Ok(outcome(sent, number))
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
