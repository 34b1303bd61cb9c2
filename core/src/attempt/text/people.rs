//! Who sent the message, who gets the text, and whether they want it.

use super::{Attempt, End, failed};
use crate::{
    attempt::{Turns, effects::Effects, read_wish},
    consent::{Consent, Wish, consent},
    identity::{Identity, IdentityOutcome},
    kv::KvError,
    layer::message::{sender_name, sender_of},
    log::{Entry, Level},
    phone::{Phone, mask},
    record::ending::Dropped,
};
use serde_json::Value;

impl<T: Turns, E: Effects> Attempt<'_, T, E> {
    pub(super) async fn recipient(&self) -> Result<Identity, End> {
        let user_id = &self.claim.user_id;
        match self.effects.identity(user_id, self.deadline).await {
            IdentityOutcome::Found(identity) => Ok(identity),
            IdentityOutcome::NoSuchUser => Err(Dropped::NoPhone.into()),
            IdentityOutcome::Failed { why } => Err(failed(format!("recipient's identity: {why}"))),
        }
    }

    pub(super) async fn sender(&self, message: &Value) -> Result<Identity, End> {
        let Some(user_id) = sender_of(message) else {
            return Ok(Identity::named(&sender_name(message)));
        };
        match self.effects.identity(&user_id, self.deadline).await {
            IdentityOutcome::Found(identity) => Ok(identity),
            IdentityOutcome::NoSuchUser => Ok(Identity::named(&sender_name(message))),
            IdentityOutcome::Failed { why } => Err(failed(format!("sender's identity: {why}"))),
        }
    }

    pub(super) fn phone(&self, recipient: &Identity) -> Result<Phone, End> {
        let written = recipient.phone.as_deref().unwrap_or_default().trim();
        let country = self.effects.settings().phone_country;
        if let Some(phone) = Phone::of_identity(written, country) {
            return Ok(phone);
        }
        if !written.is_empty() {
            let entry = Entry::new(Level::Warn, "phone.implausible")
                .with("user_id", &self.claim.user_id)
                .with("phone", mask(written));
            self.effects.log(&entry);
        }
        Err(Dropped::NoPhone.into())
    }

    /// Ends the attempt if the user, or another user with the same phone, sent STOP and no START since.
    pub(super) async fn consent(&self, phone: &Phone) -> Result<(), End> {
        let own = self.turns.turn(|record| record.opted_out())?;
        let of_phone = self.wish(phone).await?;
        let stopped_from = match &own {
            Some(own) if !own.phone.is_same(phone) => self.wish(&own.phone).await?,
            _ => of_phone,
        };
        match consent(own.as_ref(), of_phone, stopped_from) {
            Consent::Given => Ok(()),
            Consent::GivenAgain => {
                let stop = own.as_ref();
                Ok(self.turns.turn(|record| record.take_back(stop))?)
            }
            Consent::Withdrawn => {
                let back_in = self
                    .turns
                    .turn(|record| record.has_opted_back_in(phone, of_phone))?;
                if back_in {
                    Ok(())
                } else {
                    Err(Dropped::OptedOut.into())
                }
            }
        }
    }

    async fn wish(&self, phone: &Phone) -> Result<Option<Wish>, KvError> {
        read_wish(self.effects, phone, self.deadline).await
    }
}
