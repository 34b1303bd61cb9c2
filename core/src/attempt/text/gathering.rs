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
        let covered = self
            .turns
            .turn(|record| record.still_unread(self.claim, &statuses))?;
        let covered = covered.ok_or(End::Void)?;
        let asked = self.claim.asked.iter().zip(answers);
        let shown = asked.filter(|(asked, _)| covered.shown.contains(&asked.message_id));
        let messages = shown.map(|(asked, answer)| self.message(asked, answer));
        let messages = messages.collect::<Result<_, _>>()?;
        self.covered.replace(covered);
        Ok(messages)
    }

    /// Asks about one message after the other. If the chat does not respond about one, or all takes too long, the
    /// rest are not asked about: what the webhooks said counts.
    async fn ask(&self) -> Vec<Rechecked> {
        let until = self.deadline.min(self.claim.claimed_at + LONGEST_ASKING);
        let mut answers = Vec::new();
        let mut responds = true;
        for asked in &self.claim.asked {
            let answer = match responds && self.effects.now() < until {
                true => self.recheck(&asked.message_id, until).await,
                false => None,
            };
            responds = answer.is_some();
            answers.push(answer.unwrap_or(Rechecked::without_parts(Recheck::Unknown)));
        }
        answers
    }

    /// The chat's answer about one message; `None` if there is no response.
    async fn recheck(&self, message_id: &MessageId, until: Timestamp) -> Option<Rechecked> {
        let layer = &self.effects.settings().layer;
        let request = get_message(layer, &self.claim.conversation_id, message_id);
        let response = self.effects.call(request, until).await;
        response.status()?;
        Some(read_recheck(&response, &self.claim.user_id))
    }

    /// The message with its newest parts, which are kept for the next try.
    fn message(&self, asked: &ClaimedMessage, answer: Rechecked) -> Result<Unread, End> {
        let stored = json::value(&asked.message)
            .ok_or_else(|| failed("the stored message is unreadable"))?;
        let has_changed = answer
            .parts
            .as_ref()
            .is_some_and(|parts| stored.get("parts").and_then(Value::as_array) != Some(parts));
        let message = with_parts(stored, answer.parts);
        if has_changed {
            let newer = message.to_string();
            self.newer.borrow_mut().push(ClaimedMessage {
                message_id: asked.message_id.clone(),
                message: newer,
            });
        }
        Ok(Unread {
            message_id: asked.message_id.clone(),
            message,
        })
    }
}
