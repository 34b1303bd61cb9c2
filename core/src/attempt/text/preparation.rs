//! What the first text of a link needs before it leaves: an introduction, and the reverse lookup of its phone and number.

use futures_util::future::join;

use super::{
    Attempt, End,
    draft::{Draft, Leaving},
    failed,
    questions::{Answers, found},
    words::Message,
};
use crate::{
    attempt::{
        Turns,
        effects::{Effects, Introduction},
        readable,
    },
    kv::{Kv, KvEntry, KvError},
    lookup::Lookup,
    phone::{Number, Phone},
    record::Record,
    sms::control::is_blank,
    template::Context,
};

impl<T: Turns, E: Effects> Attempt<'_, T, E> {
    /// Completes a text and writes its reverse lookup.
    pub(super) async fn prepare(&self, draft: Draft, answers: &Answers) -> Result<Leaving, End> {
        let (introduction, written) = join(
            self.introduction(&draft, answers),
            self.write_lookup(&draft, answers),
        )
        .await;
        let introduction = introduction?;
        written?;
        self.leaving(draft, &introduction, answers)
    }

    /// What stands before the first text of a link; empty if there is no introduction. It is made for the first
    /// message.
    async fn introduction(&self, draft: &Draft, answers: &Answers) -> Result<String, End> {
        let (Some(first), true) = (draft.messages.first(), draft.is_introduced) else {
            return Ok(String::new());
        };
        let context = self.with_conversation(first, answers).await?;
        match self.effects.introduction(&context, self.deadline).await {
            Introduction::Text(text) if !is_blank(&text) => Ok(format!("{text}\n\n")),
            Introduction::Text(_) | Introduction::None => Ok(String::new()),
            Introduction::Failed { why } => Err(failed(format!("introduction: {why}"))),
        }
    }

    /// The values of a message and its conversation, which is asked for if it was not yet.
    async fn with_conversation(
        &self,
        message: &Message,
        answers: &Answers,
    ) -> Result<Context, End> {
        let context = message.context.clone();
        let fetched;
        let conversation = match &answers.conversation {
            Some(conversation) => conversation,
            None => {
                fetched = self.conversation().await;
                &fetched
            }
        };
        Ok(context.with_conversation(Some(found(conversation)?)))
    }

    /// Writes to KV, before the text is sent, that texts from the phone to the number are this user's. If KV
    /// names another user, that user's record is told first, because KV may still return the old entry for a
    /// minute.
    async fn write_lookup(&self, draft: &Draft, answers: &Answers) -> Result<(), End> {
        let Draft { phone, number, .. } = draft;
        if !draft.is_looked_up {
            return Ok(());
        }
        let expected = answers.reach()?.expected.as_ref();
        let current = match expected.filter(|it| it.number == *number) {
            Some(expected) => expected.entry.clone(),
            None => self.lookup(phone, number).await?,
        };
        let expiration = self.effects.settings().number_expiration;
        let user_id = &self.claim.user_id;
        let now = self.effects.now();
        match current {
            Some(entry) if entry.serves(user_id, now, expiration) => return Ok(()),
            Some(entry) if entry.user_id != *user_id => {
                self.effects.disown(&entry.user_id, phone, number).await?;
            }
            _ => {}
        }
        let lookup = Lookup::new(user_id, now, expiration);
        let lifetime = Some(lookup.lifetime(now));
        let entry = KvEntry::of(Lookup::key(phone, number), &lookup, lifetime)?;
        Ok(self.effects.kv().put(entry, self.deadline).await?)
    }

    /// The entry of a phone and a number.
    async fn lookup(&self, phone: &Phone, number: &Number) -> Result<Option<Lookup>, KvError> {
        let keys = Lookup::keys(phone, number);
        let found = self.effects.kv().get(&keys, self.deadline).await?;
        Ok(Lookup::find(readable(self.effects, found, Lookup::read)))
    }

    /// Looks at the record once more, as time has passed since the decision.
    pub(super) fn last_look(
        &self,
        record: &Record<'_>,
        leaving: Leaving,
        answers: &Answers,
    ) -> Result<Leaving, End> {
        self.quiet_by_now(record, answers.recipient()?)?;
        let Leaving { number, phone, .. } = &leaving;
        let may_leave = record.may_leave(self.claim, &self.covered.borrow(), number, phone)?;
        match may_leave {
            true => self.leave(record, &leaving).map(|()| leaving),
            false => Err(End::Void),
        }
    }
}
