//! One attempt to text about an unread message: the recheck, the recipient, the sender, the words, the
//! number, the introduction, the reverse lookup, and the request to Nexmo, in this order. If Nexmo may have
//! taken an earlier try, it is asked after the recheck whether it responds at all.

mod people;
mod sending;

use serde_json::Value;

use super::{
    LONGEST_ATTEMPT, Turns,
    effects::{Effects, Introduction},
};
use crate::{
    json,
    kv::KvError,
    layer::api::{Resource, get_conversation, get_message, read_recheck, read_resource},
    phone::Number,
    record::{claim::TextClaim, ending::Dropped, outcome::TextOutcome},
    sms::control::is_blank,
    storage::StoreError,
    template::Context,
    time::Timestamp,
    words::{Words, with_parts},
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
        let parts = self.recheck().await?;
        if self.claim.in_doubt {
            self.wait_for_nexmo().await?;
        }
        let recipient = self.recipient().await?;
        let phone = self.phone(&recipient)?;
        self.consent(&phone).await?;
        let message = json::value(&self.claim.message)
            .ok_or_else(|| failed("the stored message is unreadable"))?;
        let message = with_parts(message, parts);
        let sender = self.sender(&message).await?;
        let words = Words::of(&message, self.effects.settings().attachments);
        if is_blank(&words.text) {
            return Err(Dropped::Blank.into());
        }
        let context = |conversation: Option<&Value>| {
            Context::new(
                &message,
                &sender,
                &recipient,
                &words.text,
                &words.attachments_json(),
                conversation,
            )
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
    /// late. Returns the message's parts as they are now, if the response has any.
    async fn recheck(&self) -> Result<Option<Vec<Value>>, End> {
        let layer = &self.effects.settings().layer;
        let request = get_message(layer, &self.claim.conversation_id, &self.claim.message_id);
        let response = self.effects.call(request, self.deadline).await;
        let rechecked = read_recheck(&response, &self.claim.user_id);
        let is_unread = self
            .turns
            .turn(|record| record.still_unread(self.claim, rechecked.recheck))?;
        if is_unread {
            Ok(rechecked.parts)
        } else {
            Err(End::Void)
        }
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
}
