//! Which of the claimed messages are still unread, and what they say now.

use serde_json::Value;

use super::{Attempt, End, failed, questions::Answers};
use crate::{
    attempt::{Turns, effects::Effects},
    chat::recheck::{self, AskAgain, Rechecked},
    ids::MessageId,
    json,
    record::{Record, claim::ClaimedMessage, outcome::TextOutcome},
    words::with_parts,
};

/// A message that is still unread, as it is now.
pub(super) struct Unread {
    /// The message.
    pub message_id: MessageId,
    /// Its JSON.
    pub message: Value,
}

impl From<&AskAgain> for End {
    fn from(ask_again: &AskAgain) -> Self {
        let why = format!("chat: {}", ask_again.why);
        Self::With(match ask_again.wait {
            None => TextOutcome::Failed(why),
            wait => TextOutcome::Throttled {
                asked: wait,
                paced: None,
                why,
            },
        })
    }
}

impl<T: Turns, E: Effects> Attempt<'_, T, E> {
    /// Stores what the chat says of the messages. Returns those that the text may show.
    pub(super) fn gather(
        &self,
        record: &Record<'_>,
        answers: &Answers,
    ) -> Result<Vec<Unread>, End> {
        let rechecked = match &answers.rechecked {
            Some(Ok(rechecked)) => rechecked,
            Some(Err(ask_again)) => return Err(ask_again.into()),
            None => &recheck::Answers::default(),
        };
        let covered = record.still_unread(self.claim, rechecked)?;
        let covered = covered.ok_or(End::Void)?;
        let asked = self.claim.asked.iter().enumerate();
        let shown = asked.filter(|(_, asked)| covered.shown.contains(&asked.message_id));
        let unread = shown.map(|(index, asked)| current(record, asked, rechecked.shown.get(index)));
        let unread = unread.collect();
        self.covered.replace(covered);
        unread
    }
}

/// A message with the parts that the chat has now, else with the stored ones. If they differ, a later try begins with
/// those of now.
fn current(
    record: &Record<'_>,
    asked: &ClaimedMessage,
    answer: Option<&Rechecked>,
) -> Result<Unread, End> {
    let stored =
        json::value(&asked.message).ok_or_else(|| failed("the stored message is unreadable"))?;
    let known = stored.get("parts").and_then(Value::as_array);
    let parts = answer.and_then(|answer| answer.parts.clone());
    let has_changed = parts.is_some() && parts.as_ref() != known;
    let unread = Unread {
        message_id: asked.message_id.clone(),
        message: with_parts(stored, parts),
    };
    if has_changed {
        record.mended(&unread.message_id, &unread.message.to_string())?;
    }
    Ok(unread)
}
