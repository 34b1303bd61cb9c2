//! One attempt to text about unread messages of a conversation: the recheck, the recipient, whether to text now, the
//! senders, the words, the number, the introduction, the reverse lookup, and the request to Nexmo, in this order. If
//! Nexmo may have taken an earlier try, it is asked after the recheck whether it responds at all.

mod gathering;
mod people;
mod restraint;
mod sending;
mod words;

use std::cell::RefCell;

use serde_json::Value;

use super::{
    LONGEST_ATTEMPT, Turns,
    effects::{Effects, Introduction},
};
use crate::{
    digest,
    kv::KvError,
    layer::api::{Resource, get_conversation, read_resource},
    record::{
        claim::TextClaim,
        covered::Covered,
        ending::Dropped,
        outcome::{Ended, TextOutcome},
    },
    sms::control::is_blank,
    storage::StoreError,
    template::Context,
    time::Timestamp,
};

/// Why an attempt ends before the text is sent.
enum End {
    /// The claim is void, or a turn has ended or held back its notices: there is nothing to store.
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

/// Texts the user about claimed messages and stores the outcome.
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
        covered: RefCell::new(claim.covered()),
    };
    let outcome = match attempt.text().await {
        Ok(outcome) | Err(End::With(outcome)) => outcome,
        Err(End::Void) => return Ok(()),
        Err(End::Store(error)) => return Err(error),
    };
    let random = effects.random();
    let ended = Ended {
        outcome,
        covered: attempt.covered.take(),
    };
    turns.turn(|record| record.text_ended(claim, &ended, random))
}

struct Attempt<'a, T, E> {
    turns: &'a T,
    effects: &'a E,
    claim: &'a TextClaim,
    deadline: Timestamp,
    /// What the text covers, as far as it is known.
    covered: RefCell<Covered>,
}

impl<T: Turns, E: Effects> Attempt<'_, T, E> {
    async fn text(&self) -> Result<TextOutcome, End> {
        let messages = self.gather().await?;
        if self.claim.in_doubt {
            self.wait_for_nexmo().await?;
        }
        let recipient = self.recipient().await?;
        self.preference(&recipient)?;
        let phone = self.phone(&recipient)?;
        self.consent(&phone).await?;
        self.quiet_hours(&recipient)?;
        self.cap()?;
        let messages = self.read(messages, &recipient).await?;
        let shown = match self.digest_shows("conversation") {
            true => Some(self.conversation().await?),
            false => None,
        };
        let parts = self.parts(&messages, &recipient, shown.as_ref());
        self.not_blank(&parts)?;
        let from = self.number()?;
        let introduction = match from.introduced {
            true => String::new(),
            false => self.introduction(&messages, shown.as_ref()).await?,
        };
        let sms = self.words(&digest::Parts {
            introduction: &introduction,
            ..parts
        })?;
        self.quiet_by_now(&recipient)?;
        self.write_reverse_lookup(&phone, &from.number).await?;
        self.quiet_by_now(&recipient)?;
        self.send(&from.number, &phone, &sms).await
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

    async fn conversation(&self) -> Result<Value, End> {
        let layer = &self.effects.settings().layer;
        let request = get_conversation(layer, &self.claim.conversation_id);
        match read_resource(&self.effects.call(request, self.deadline).await) {
            Resource::Found(conversation) => Ok(conversation),
            Resource::Gone => Err(Dropped::Deleted.into()),
            Resource::Failed { why } => Err(failed(format!("conversation: {why}"))),
        }
    }

    /// What stands before the first text of a link; empty if there is no introduction. It is made for the first
    /// message. Fetches the conversation if that is not done yet.
    async fn introduction(
        &self,
        messages: &[words::Message],
        conversation: Option<&Value>,
    ) -> Result<String, End> {
        let (Some(first), true) = (messages.first(), self.effects.introduces()) else {
            return Ok(String::new());
        };
        let fetched = match conversation {
            Some(conversation) => conversation.clone(),
            None => self.conversation().await?,
        };
        let context: Context = first.context.clone().with_conversation(Some(&fetched));
        match self.effects.introduction(&context, self.deadline).await {
            Introduction::Text(text) if !is_blank(&text) => Ok(format!("{text}\n\n")),
            Introduction::Text(_) | Introduction::None => Ok(String::new()),
            Introduction::Failed { why } => Err(failed(format!("introduction: {why}"))),
        }
    }
}
