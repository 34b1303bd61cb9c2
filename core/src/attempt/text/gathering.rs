//! The recheck: which of the claimed messages are still unread, and what they say now.

use serde_json::Value;

use super::{Attempt, End, failed};
use crate::{
    attempt::{Turns, effects::Effects},
    chat::recheck::{Recheck, Rechecked},
    ids::MessageId,
    json,
    layer::api::{get_message, read_recheck},
    record::claim::ClaimedMessage,
    time::{SECOND, Span, Timestamp},
    words::with_parts,
};

/// How long the chat is asked about the messages of one digest, all in all.
const LONGEST_ASKING: Span = SECOND.times(10);

/// A message that is still unread, as it is now.
pub(super) struct Unread {
    /// The message.
    pub message_id: MessageId,
    /// Its JSON.
    pub message: Value,
}

impl<T: Turns, E: Effects> Attempt<'_, T, E> {
    /// Asks the chat whether the messages are still unread, because the webhook with a receipt may be lost or late.
    /// Returns those that the text may show.
    pub(super) async fn gather(&self) -> Result<Vec<Unread>, End> {
        let answers = self.ask().await;
        let statuses: Vec<Recheck> = answers.iter().map(|answer| answer.recheck).collect();
        let asked = self.claim.asked.iter().zip(answers);
        let messages = asked.map(|(asked, answer)| current(asked, answer));
        let mut messages: Vec<Current> = messages.collect::<Result<_, _>>()?;
        let covered = self.turns.turn(|record| {
            let covered = record.still_unread(self.claim, &statuses)?;
            let changed = messages.iter().filter(|it| it.has_changed);
            changed
                .map(|it| it.unread.stored())
                .try_for_each(|it| record.mended(&it))?;
            Ok(covered)
        })?;
        let covered = covered.ok_or(End::Void)?;
        messages.retain(|it| covered.shown.contains(&it.unread.message_id));
        self.covered.replace(covered);
        Ok(messages.into_iter().map(|it| it.unread).collect())
    }

    /// Asks about one message after the other. If that takes too long, the rest are not asked about: the text only
    /// counts them.
    async fn ask(&self) -> Vec<Rechecked> {
        let until = self.deadline.min(self.claim.claimed_at + LONGEST_ASKING);
        let mut answers = Vec::new();
        for asked in &self.claim.asked {
            if !answers.is_empty() && self.effects.now() >= until {
                break;
            }
            answers.push(self.recheck(&asked.message_id, until).await);
        }
        answers
    }

    async fn recheck(&self, message_id: &MessageId, until: Timestamp) -> Rechecked {
        let layer = &self.effects.settings().layer;
        let request = get_message(layer, &self.claim.conversation_id, message_id);
        let response = self.effects.call(request, until).await;
        read_recheck(&response, &self.claim.user_id)
    }
}

/// A message as it is now, and whether that differs from what is stored.
struct Current {
    unread: Unread,
    has_changed: bool,
}

impl Unread {
    /// What a later try begins with.
    fn stored(&self) -> ClaimedMessage {
        ClaimedMessage {
            message_id: self.message_id.clone(),
            message: self.message.to_string(),
        }
    }
}

/// A message with the parts that the chat has now, else with the stored ones.
fn current(asked: &ClaimedMessage, answer: Rechecked) -> Result<Current, End> {
    let stored =
        json::value(&asked.message).ok_or_else(|| failed("the stored message is unreadable"))?;
    let known = stored.get("parts").and_then(Value::as_array);
    let has_changed = answer.parts.is_some() && answer.parts.as_ref() != known;
    Ok(Current {
        unread: Unread {
            message_id: asked.message_id.clone(),
            message: with_parts(stored, answer.parts),
        },
        has_changed,
    })
}
