//! One attempt to text about an unread message: the recheck, the recipient, the sender, the words, the
//! number, the introduction, the reverse lookup, and the request to Nexmo, in this order. If Nexmo may have
//! taken an earlier try, it is asked after the recheck whether it responds at all.

use serde_json::Value;

use super::{
    LONGEST_ATTEMPT, Turns,
    effects::{Effects, Introduction},
    read_entry, read_wish,
};
use crate::{
    consent::{Consent, Wish, consent},
    identity::{Identity, IdentityOutcome},
    json,
    kv::{Kv, KvEntry, KvError},
    layer::{
        api::{Resource, get_conversation, get_message, read_recheck, read_resource},
        message::{sender_name, sender_of, text_of},
    },
    log::{Entry, Level},
    lookup::Lookup,
    nexmo::send::{SendOutcome, read_send_response, send},
    phone::{Number, Phone, mask},
    record::{allocation::Choice, claim::TextClaim, ending::Dropped, outcome::TextOutcome},
    sms::{control::is_blank, gsm},
    storage::StoreError,
    template::Context,
    time::Timestamp,
};

/// Why an attempt ends before the text is sent.
enum End {
    /// The claim is void, or a turn has ended the notice: there is nothing to store.
    Void,
    /// With this outcome, which is to be stored.
    With(TextOutcome),
    /// A turn failed: another attempt follows when the claim's lease ends.
    Store(StoreError),
}

impl From<StoreError> for End {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<KvError> for End {
    fn from(error: KvError) -> Self {
        Self::With(TextOutcome::Failed(error.to_string()))
    }
}

impl From<Dropped> for End {
    fn from(why: Dropped) -> Self {
        Self::With(TextOutcome::Dropped(why))
    }
}

fn failed(why: impl Into<String>) -> End {
    End::With(TextOutcome::Failed(why.into()))
}

/// Texts the user about a claimed message and stores the outcome.
///
/// # Errors
/// [`StoreError`] if a turn fails: another attempt follows when the claim's lease ends.
pub async fn run(
    turns: &impl Turns,
    effects: &impl Effects,
    claim: &TextClaim,
) -> Result<(), StoreError> {
    let attempt = Attempt {
        turns,
        effects,
        claim,
        deadline: claim.claimed_at + LONGEST_ATTEMPT,
    };
    let outcome = match attempt.text().await {
        Ok(outcome) | Err(End::With(outcome)) => outcome,
        Err(End::Void) => return Ok(()),
        Err(End::Store(error)) => return Err(error),
    };
    let random = effects.random();
    turns.turn(|record| record.text_ended(claim, outcome, random))
}

struct Attempt<'a, T, E> {
    turns: &'a T,
    effects: &'a E,
    claim: &'a TextClaim,
    deadline: Timestamp,
}

/// The number that a text is sent from.
struct Sender {
    number: Number,
    introduced: bool,
}

impl<T: Turns, E: Effects> Attempt<'_, T, E> {
    async fn text(&self) -> Result<TextOutcome, End> {
        self.recheck().await?;
        if self.claim.in_doubt {
            self.wait_for_nexmo().await?;
        }
        let message = json::value(&self.claim.message)
            .ok_or_else(|| failed("the stored message is unreadable"))?;
        let text = text_of(&message);
        if is_blank(&text) {
            return Err(Dropped::Blank.into());
        }
        let recipient = self.recipient().await?;
        let phone = self.phone(&recipient)?;
        self.consent(&phone).await?;
        let sender = self.sender(&message).await?;
        let context = |conversation: Option<&Value>| {
            Context::new(&message, &sender, &recipient, &text, conversation)
        };
        let body = self.render(&context(None))?;
        let from = self.number()?;
        let body = if !from.introduced && self.effects.introduces() {
            let conversation = self.conversation().await?;
            self.introduce(&context(Some(&conversation)), body).await?
        } else {
            body
        };
        self.write_reverse_lookup(&phone, &from.number).await?;
        self.send(&from.number, &phone, &body).await
    }

    /// Asks the chat whether the message is still unread, because the webhook with the receipt may be lost or
    /// late.
    async fn recheck(&self) -> Result<(), End> {
        let layer = &self.effects.settings().layer;
        let request = get_message(layer, &self.claim.conversation_id, &self.claim.message_id);
        let response = self.effects.call(request, self.deadline).await;
        let recheck = read_recheck(&response, &self.claim.user_id);
        let is_unread = self
            .turns
            .turn(|record| record.still_unread(self.claim, recheck))?;
        if is_unread { Ok(()) } else { Err(End::Void) }
    }

    /// Ends the attempt if Nexmo does not respond: another text would only be perhaps taken again.
    async fn wait_for_nexmo(&self) -> Result<(), End> {
        let request = self.effects.settings().nexmo.balance();
        let response = self.effects.call(request, self.deadline).await;
        match response.status() {
            Some(_) => Ok(()),
            None => Err(failed(format!("Nexmo's balance: {}", response.outline()))),
        }
    }

    async fn recipient(&self) -> Result<Identity, End> {
        let user_id = &self.claim.user_id;
        match self.effects.identity(user_id, self.deadline).await {
            IdentityOutcome::Found(identity) => Ok(identity),
            IdentityOutcome::NoSuchUser => Err(Dropped::NoPhone.into()),
            IdentityOutcome::Failed { why } => Err(failed(format!("recipient's identity: {why}"))),
        }
    }

    async fn sender(&self, message: &Value) -> Result<Identity, End> {
        let Some(user_id) = sender_of(message) else {
            return Ok(Identity::named(&sender_name(message)));
        };
        match self.effects.identity(&user_id, self.deadline).await {
            IdentityOutcome::Found(identity) => Ok(identity),
            IdentityOutcome::NoSuchUser => Ok(Identity::named(&sender_name(message))),
            IdentityOutcome::Failed { why } => Err(failed(format!("sender's identity: {why}"))),
        }
    }

    fn phone(&self, recipient: &Identity) -> Result<Phone, End> {
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
    async fn consent(&self, phone: &Phone) -> Result<(), End> {
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

    fn render(&self, context: &Context) -> Result<String, End> {
        let template = &self.effects.settings().template;
        let body = template
            .render(context)
            .map_err(|error| End::With(TextOutcome::OperatorFault(format!("TEMPLATE: {error}"))))?;
        if is_blank(&body) {
            Err(Dropped::Blank.into())
        } else {
            Ok(body)
        }
    }

    fn number(&self) -> Result<Sender, End> {
        match self.turns.turn(|record| record.number_for(self.claim))? {
            Some(Choice::Keep { number, introduced }) => Ok(Sender { number, introduced }),
            Some(Choice::Take { number }) => Ok(Sender {
                number,
                introduced: false,
            }),
            Some(Choice::NoneFree) | None => Err(End::Void),
        }
    }

    async fn conversation(&self) -> Result<Value, End> {
        let layer = &self.effects.settings().layer;
        let request = get_conversation(layer, &self.claim.conversation_id);
        match read_resource(&self.effects.call(request, self.deadline).await) {
            Resource::Found(conversation) => Ok(conversation),
            Resource::Gone => Err(Dropped::Deleted.into()),
            Resource::Failed { why } => Err(failed(format!("conversation: {why}"))),
        }
    }

    async fn introduce(&self, context: &Context, body: String) -> Result<String, End> {
        match self.effects.introduction(context, self.deadline).await {
            Introduction::Text(text) if !is_blank(&text) => Ok(format!("{text}\n\n{body}")),
            Introduction::Text(_) | Introduction::None => Ok(body),
            Introduction::Failed { why } => Err(failed(format!("introduction: {why}"))),
        }
    }

    /// Writes to KV, before the text is sent, that texts from the phone to the number are this user's. If KV
    /// names another user, that user's record is told first, because KV may still return the old entry for a
    /// minute.
    async fn write_reverse_lookup(&self, phone: &Phone, number: &Number) -> Result<(), End> {
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
        for key in Lookup::keys(phone, number) {
            let found = read_entry(self.effects, &key, Lookup::read, self.deadline).await?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    async fn send(&self, number: &Number, phone: &Phone, body: &str) -> Result<TextOutcome, End> {
        if self.effects.now() >= self.deadline {
            return Err(failed("preparing the text took too long"));
        }
        let may_leave = self
            .turns
            .turn(|record| record.may_leave(self.claim, number, phone))?;
        if !may_leave {
            return Err(End::Void);
        }
        let sms = gsm::sms(body);
        let account = &self.effects.settings().nexmo;
        let request = send(account, number, phone, &sms, &self.claim.message_id);
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
