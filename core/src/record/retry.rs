//! What was given up, tried again because an operator asks for it.

use serde_json::value::RawValue;

use super::{
    Record,
    command::{InboundText, Outcome, Sent},
    failure::KEPT_FOR,
    reply::Kind,
    store::{Row, StoreError},
};
use crate::{
    keyword::{Keyword, keyword},
    layer::status::Status,
    params,
};

impl Record<'_> {
    /// Puts a kept failure back: a text as a notice that is due now, a reply at the end of its lane.
    pub fn retry(&self, seq: i64) -> Result<Outcome, StoreError> {
        let row = self.first(
            "SELECT kind, message_id, conversation_id, number, body, status, position, sent_at, phone
             FROM failures WHERE seq = ?1 AND failed_at >= ?2",
            params![seq, self.now - KEPT_FOR],
        )?;
        let Some(row) = row else {
            return Ok(Outcome::NoSuchFailure);
        };
        if row.text(0)? == "text" {
            self.retry_text(&row)?;
        } else {
            self.retry_reply(&row)?;
        }
        self.exec("DELETE FROM failures WHERE seq = ?1", params![seq])?;
        self.note(
            self.info("failure.retried")
                .with("message_id", row.text(1)?),
        );
        Ok(Outcome::Stored)
    }

    fn retry_text(&self, row: &Row) -> Result<(), StoreError> {
        let message_id = row.text(1)?;
        // Layer may have sent it again since: then it waits already.
        if self.notice(&message_id)?.is_some() {
            return Ok(());
        }
        let message = RawValue::from_string(row.text(4)?).map_err(|_| StoreError::Column {
            column: 4,
            expected: "a message as JSON",
        })?;
        let status = row.maybe_text(5)?.as_deref().and_then(Status::read);
        let sent = Sent {
            message_id,
            conversation_id: row.text(2)?,
            position: None,
            sent_at: row.maybe_integer(7)?.unwrap_or(0),
            status: status.unwrap_or(Status::Sent),
            message,
        };
        self.wait(&sent, (sent.status, row.maybe_text(6)?), self.now)
    }

    /// The de-duplication ids at Layer follow from Nexmo's id, so that nothing is posted twice.
    fn retry_reply(&self, row: &Row) -> Result<(), StoreError> {
        let text = InboundText {
            message_id: row.text(1)?,
            phone: row.maybe_text(8)?.unwrap_or_default(),
            number: row.maybe_text(3)?.unwrap_or_default(),
            text: row.text(4)?,
            part: None,
        };
        let lane = row.text(2)?;
        let kind = match keyword(&text.text) {
            // Only keywords are of no conversation.
            Some(word) if lane.is_empty() => match word {
                Keyword::Stop => Kind::Stop,
                Keyword::Start => Kind::Start,
                Keyword::Help => Kind::Help,
            },
            _ => Kind::Post,
        };
        // What the user wants may have changed since: their last word stands.
        let taken_back = match kind {
            Kind::Stop => self.opted_out()?.is_none(),
            Kind::Start => self.opted_out()?.is_some(),
            Kind::Post | Kind::Help => false,
        };
        if taken_back {
            return Ok(());
        }
        self.queue(kind, &text, &lane, &text.text)
    }
}
