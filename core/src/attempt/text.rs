//! One attempt to text a message that was not read in time, in the order of the design: is it still
//! unread, who is it from and for, what does it say, from which number, and off it goes.

use serde_json::Value;

use super::{Host, Introduction, KvError, LONGEST_ATTEMPT, read_kv, sender_of, write_kv};
use crate::{
    gsm,
    identity::{Identity, IdentityAnswer},
    layer::{
        api::{Resource, get_conversation, get_message, read_recheck, read_resource},
        message::{sender_name, text_of},
    },
    log::{Entry, Level},
    lookup::{Lookup, Wanted, Wish, lookup_key, wanted, wish_key},
    nexmo::send::{SendAnswer, read_answer, send},
    phone,
    record::{
        claim::{TextClaim, TextOutcome},
        link::Choice,
        notice::Dropped,
        store::StoreError,
    },
    template::Context,
    time::Millis,
};

/// Why an attempt ends early.
enum End {
    /// The claim is void, or the record ended the notice: nothing is left to store.
    Void,
    /// This came of it.
    With(TextOutcome),
    /// The record could not be read or written: the lease brings another attempt.
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

/// Texts a claimed message and stores what came of it.
pub async fn run<H: Host>(host: &H, claim: &TextClaim) -> Result<(), StoreError> {
    let attempt = Attempt {
        host,
        claim,
        deadline: claim.claimed_at + LONGEST_ATTEMPT,
    };
    let outcome = match attempt.text().await {
        Ok(outcome) | Err(End::With(outcome)) => outcome,
        Err(End::Void) => return Ok(()),
        Err(End::Store(error)) => return Err(error),
    };
    let random = host.random();
    host.turn(|record| record.text_ended(claim, outcome, random))
}

struct Attempt<'a, H> {
    host: &'a H,
    claim: &'a TextClaim,
    deadline: Millis,
}

impl<H: Host> Attempt<'_, H> {
    async fn text(&self) -> Result<TextOutcome, End> {
        self.recheck().await?;
        let message: Value = serde_json::from_str(&self.claim.message)
            .map_err(|_| failed("the stored message is unreadable"))?;
        let text = text_of(&message);
        if text.trim().is_empty() {
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
        let (number, introduced) = self.number()?;
        let body = match introduced {
            false if self.host.introduces() => {
                let conversation = self.conversation().await?;
                self.introduce(&context(Some(&conversation)), body).await?
            }
            _ => body,
        };
        self.let_replies_find_back(&phone, &number).await?;
        self.send(&number, &phone, &body).await
    }

    /// A message that was read or deleted meanwhile is not texted, even if the webhook that should
    /// have said so was lost.
    async fn recheck(&self) -> Result<(), End> {
        let layer = &self.host.settings().layer;
        let call = get_message(layer, &self.claim.conversation_id, &self.claim.message_id);
        let reply = self.host.call(call, self.deadline).await;
        let recheck = read_recheck(&reply, &self.claim.user_id);
        let go_on = self
            .host
            .turn(|record| record.still_unread(self.claim, recheck))?;
        if go_on { Ok(()) } else { Err(End::Void) }
    }

    async fn recipient(&self) -> Result<Identity, End> {
        match self.host.identity(&self.claim.user_id, self.deadline).await {
            IdentityAnswer::Found(identity) => Ok(identity),
            IdentityAnswer::NoSuchUser => Err(Dropped::NoPhone.into()),
            IdentityAnswer::Failed { why } => Err(failed(format!("recipient's identity: {why}"))),
        }
    }

    async fn sender(&self, message: &Value) -> Result<Identity, End> {
        let Some(user_id) = sender_of(message) else {
            return Ok(Identity::named(&sender_name(message)));
        };
        match self.host.identity(&user_id, self.deadline).await {
            IdentityAnswer::Found(identity) => Ok(identity),
            IdentityAnswer::NoSuchUser => Ok(Identity::named(&sender_name(message))),
            IdentityAnswer::Failed { why } => Err(failed(format!("sender's identity: {why}"))),
        }
    }

    fn phone(&self, recipient: &Identity) -> Result<String, End> {
        let written = recipient
            .phone
            .as_deref()
            .map(str::trim)
            .unwrap_or_default();
        if let Some(phone) = phone::normalise(written) {
            return Ok(phone);
        }
        if !written.is_empty() {
            self.host.log(
                Entry::new(Level::Warn, "phone.implausible")
                    .with("user_id", &self.claim.user_id)
                    .with("phone", phone::mask(written)),
            );
        }
        Err(Dropped::NoPhone.into())
    }

    /// Nobody is texted who sent STOP, and nobody at a phone that another user sent STOP from.
    async fn consent(&self, phone: &str) -> Result<(), End> {
        let own = self.host.turn(|record| record.opted_out())?;
        let of_phone = read_kv(self.host, (&wish_key(phone), Wish::read), self.deadline).await?;
        let stopped_from = match &own {
            Some(own) if own.phone != phone => {
                read_kv(
                    self.host,
                    (&wish_key(&own.phone), Wish::read),
                    self.deadline,
                )
                .await?
            }
            _ => of_phone,
        };
        match wanted(own.as_ref(), of_phone, stopped_from) {
            Wanted::Texts => Ok(()),
            Wanted::TextsAgain => Ok(self.host.turn(|record| record.opt_in())?),
            Wanted::Nothing if self.host.turn(|record| record.started(phone, of_phone))? => Ok(()),
            Wanted::Nothing => Err(Dropped::OptedOut.into()),
        }
    }

    fn render(&self, context: &Context) -> Result<String, End> {
        let template = &self.host.settings().template;
        let body = template
            .render(context)
            .map_err(|error| End::With(TextOutcome::OperatorFault(format!("TEMPLATE: {error}"))))?;
        if body.trim().is_empty() {
            Err(Dropped::Blank.into())
        } else {
            Ok(body)
        }
    }

    fn number(&self) -> Result<(String, bool), End> {
        match self.host.turn(|record| record.number_for(self.claim))? {
            Some(Choice::Keep { number, introduced }) => Ok((number, introduced)),
            Some(Choice::Take { number }) => Ok((number, false)),
            Some(Choice::NoneFree) | None => Err(End::Void),
        }
    }

    async fn conversation(&self) -> Result<Value, End> {
        let layer = &self.host.settings().layer;
        let call = get_conversation(layer, &self.claim.conversation_id);
        match read_resource(&self.host.call(call, self.deadline).await) {
            Resource::Found(conversation) => Ok(conversation),
            Resource::Gone => Err(Dropped::Deleted.into()),
            Resource::Failed { why } => Err(failed(format!("conversation: {why}"))),
        }
    }

    async fn introduce(&self, context: &Context, body: String) -> Result<String, End> {
        match self.host.introduction(context, self.deadline).await {
            Introduction::Text(text) if !text.trim().is_empty() => Ok(format!("{text}\n\n{body}")),
            Introduction::Text(_) | Introduction::None => Ok(body),
            Introduction::Failed { why } => Err(failed(format!("introduction: {why}"))),
        }
    }

    /// Sees to it that a reply from the phone to the number is known to be this user's before the
    /// text leaves. Another user that it was known to be of is told first: KV may show the old entry
    /// for a minute elsewhere.
    async fn let_replies_find_back(&self, phone: &str, number: &str) -> Result<(), End> {
        let key = lookup_key(phone, number);
        let expiration = self.host.settings().number_expiration;
        let user_id = &self.claim.user_id;
        let now = self.host.now();
        let former = read_kv(self.host, (&key, Lookup::read), self.deadline).await?;
        if former
            .as_ref()
            .is_some_and(|entry| entry.serves(user_id, now, expiration))
        {
            return Ok(());
        }
        if let Some(other) = former.filter(|entry| entry.user_id != *user_id) {
            self.host.disown(&other.user_id, phone, number).await?;
        }
        // Noted first, so that an erasure finds every entry that may have been written.
        self.host.turn(|record| record.note_lookup(phone, number))?;
        let entry = Lookup::new(user_id, now, expiration);
        let lifetime = Some(entry.lifetime_seconds(now));
        Ok(write_kv(self.host, key, &entry, (lifetime, self.deadline)).await?)
    }

    async fn send(&self, number: &str, phone: &str, body: &str) -> Result<TextOutcome, End> {
        if self.host.now() >= self.deadline {
            return Err(failed("preparing the text took too long"));
        }
        let may_leave = self
            .host
            .turn(|record| record.may_leave(self.claim, number, phone))?;
        if !may_leave {
            return Err(End::Void);
        }
        let sms = gsm::sms(body);
        let account = &self.host.settings().nexmo;
        let call = send(account, number, phone, &sms, &self.claim.message_id);
        let answer = read_answer(&self.host.call(call, self.deadline).await);
        Ok(outcome(answer, number))
    }
}

fn outcome(answer: SendAnswer, number: &str) -> TextOutcome {
    match answer {
        SendAnswer::Accepted { .. } => TextOutcome::Accepted {
            number: number.to_owned(),
        },
        SendAnswer::TryAgain { why } => TextOutcome::Failed(why),
        SendAnswer::Throttled { wait, why } => TextOutcome::Throttled { wait, why },
        SendAnswer::OperatorFault { why } => TextOutcome::OperatorFault(why),
        SendAnswer::Refused { why } => TextOutcome::Refused {
            number: number.to_owned(),
            why,
        },
    }
}
