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
    sms::control::is_blank,
};
use serde_json::Value;

/// Who sent a message.
pub(super) struct Sender {
    /// All that templates may show.
    pub identity: Identity,
    /// The user's id; empty if no user sent it.
    pub user_id: String,
    /// The name, or the id of a user without one.
    pub name: String,
}

impl Sender {
    fn new(identity: Identity, user_id: String) -> Self {
        let name = identity.fields.get("name").and_then(Value::as_str);
        let name = name.filter(|name| !is_blank(name)).unwrap_or(&user_id);
        Self {
            name: name.to_owned(),
            identity,
            user_id,
        }
    }
}

impl<T: Turns, E: Effects> Attempt<'_, T, E> {
    pub(super) async fn recipient(&self) -> Result<Identity, End> {
        let user_id = &self.claim.user_id;
        match self.effects.identity(user_id, self.deadline).await {
            IdentityOutcome::Found(identity) => Ok(identity),
            IdentityOutcome::NoSuchUser => Err(Dropped::NoPhone.into()),
            IdentityOutcome::Failed { why } => Err(failed(format!("recipient's identity: {why}"))),
        }
    }

    /// The sender of a message. One without an identity has the name that the webhook carried.
    pub(super) async fn sender(&self, message: &Value) -> Result<Sender, End> {
        let name = sender_name(message);
        let Some(user_id) = sender_of(message) else {
            return Ok(Sender::new(Identity::named(&name), String::new()));
        };
        let identity = match self.effects.identity(&user_id, self.deadline).await {
            IdentityOutcome::Found(identity) => identity,
            IdentityOutcome::NoSuchUser => Identity::named(&name),
            IdentityOutcome::Failed { why } => {
                return Err(failed(format!("sender's identity: {why}")));
            }
        };
        Ok(Sender::new(identity, user_id.to_string()))
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
