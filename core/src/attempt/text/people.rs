//! Who sent the message, who gets the text, and whether they want it.

use serde_json::Value;

use super::{
    Attempt, End, failed,
    questions::{Answers, Reach},
};
use crate::{
    attempt::{Turns, effects::Effects},
    consent::{Consent, consent},
    identity::{Identity, IdentityOutcome},
    log::{Entry, Level},
    phone::{Phone, mask},
    record::{Record, ending::Dropped},
    sms::control::is_blank,
    words::sender::{sender_name, sender_of},
};

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

impl Answers {
    pub(super) fn recipient(&self) -> Result<&Identity, End> {
        match &self.recipient {
            Some(IdentityOutcome::Found(identity)) => Ok(identity),
            Some(IdentityOutcome::NoSuchUser) | None => Err(Dropped::NoPhone.into()),
            Some(IdentityOutcome::Failed { why }) => {
                Err(failed(format!("recipient's identity: {why}")))
            }
        }
    }

    /// What KV has of the recipient's phone.
    pub(super) fn reach(&self) -> Result<&Reach, End> {
        match &self.reach {
            Some(Ok(reach)) => Ok(reach),
            Some(Err(error)) => Err(error.clone().into()),
            None => Err(Dropped::NoPhone.into()),
        }
    }

    /// The sender of a message. One without an identity has the name that the webhook carried.
    pub(super) fn sender(&self, message: &Value) -> Result<Sender, End> {
        let name = sender_name(message);
        let Some(user_id) = sender_of(message) else {
            return Ok(Sender::new(Identity::named(&name), String::new()));
        };
        let known = self.senders.iter().find(|(sender, _)| *sender == user_id);
        let identity = match known.map(|(_, outcome)| outcome) {
            Some(IdentityOutcome::Found(identity)) => identity.clone(),
            Some(IdentityOutcome::NoSuchUser) | None => Identity::named(&name),
            Some(IdentityOutcome::Failed { why }) => {
                return Err(failed(format!("sender's identity: {why}")));
            }
        };
        Ok(Sender::new(identity, user_id.to_string()))
    }
}

impl<T: Turns, E: Effects> Attempt<'_, T, E> {
    pub(super) fn phone(&self, recipient: &Identity) -> Result<Phone, End> {
        if let Some(phone) = self.phone_of(recipient) {
            return Ok(phone);
        }
        let written = recipient.phone.as_deref().unwrap_or_default().trim();
        if !written.is_empty() {
            let entry = Entry::new(Level::Warn, "phone.implausible")
                .with("user_id", &self.claim.user_id)
                .with("phone", mask(written));
            self.effects.log(&entry);
        }
        Err(Dropped::NoPhone.into())
    }

    /// Ends the attempt if the user, or another user with the same phone, sent STOP and no START since, or if no text
    /// reaches the phone.
    pub(super) fn consent(
        &self,
        record: &Record<'_>,
        reach: &Reach,
        phone: &Phone,
    ) -> Result<(), End> {
        let profile = record.profile()?;
        let own = profile.opted_out;
        // A STOP that came after KV was asked, from another phone, is the latest word from there.
        let wish_where_stopped = match own == self.claim.opted_out {
            true => reach.wish_where_stopped,
            false => None,
        };
        match consent(own.as_ref(), reach.wish, wish_where_stopped) {
            Consent::Given => {}
            Consent::GivenAgain => record.opt_in()?,
            Consent::Withdrawn if record.has_opted_back_in(phone, reach.wish)? => {}
            Consent::Withdrawn => return Err(Dropped::OptedOut.into()),
        }
        match record.is_unreachable(phone, profile.unreachable.as_ref())? {
            true => Err(Dropped::Unreachable.into()),
            false => Ok(()),
        }
    }
}
