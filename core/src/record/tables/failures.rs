//! Texts and replies that were given up, kept where an operator can see and retry them.

use strum::{EnumString, IntoStaticStr};

use super::{Rows, Store, made::Table, notices::Remains, replies::Reply};
use crate::{
    chat::status::Status,
    ids::{ConversationId, MessageId, Position, TextId},
    params,
    phone::{Number, Phone},
    storage::{Columns, FromRow, StoreError, stored_as_word},
    time::Timestamp,
};

/// The table's definition.
pub const CREATE: [&str; 1] = ["CREATE TABLE failures (
        seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, message_id TEXT NOT NULL,
        conversation_id TEXT NOT NULL, number TEXT, reason TEXT NOT NULL, body TEXT NOT NULL,
        failed_at INTEGER NOT NULL, status TEXT, position TEXT, sent_at INTEGER, phone TEXT)"];

/// What failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum FailureKind {
    /// A text about a message.
    Text,
    /// A reply or a keyword.
    Reply,
}

stored_as_word!(FailureKind, "a kind of failure");

/// What an operator sees of a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Its number in the record, increasing with each failure.
    pub seq: i64,
    /// What failed.
    pub kind: FailureKind,
    /// The message's id, or Nexmo's id of the reply.
    pub message_id: String,
    /// The conversation; empty for a keyword.
    pub conversation_id: String,
    /// The number, where one was chosen.
    pub number: Option<Number>,
    /// Why it was given up.
    pub reason: String,
    /// When it was given up.
    pub failed_at: Timestamp,
}

/// A failure, with everything that another try needs.
pub enum Retryable {
    /// A text about a message.
    Text(FailedText),
    /// A reply or a keyword.
    Reply(FailedReply),
}

/// A text that was given up.
pub struct FailedText {
    /// The message.
    pub message_id: MessageId,
    /// The conversation of the message.
    pub conversation_id: ConversationId,
    /// What was kept of its notice.
    pub remains: Remains,
}

/// A reply that was given up.
pub struct FailedReply {
    /// Nexmo's id of the text.
    pub message_id: TextId,
    /// The conversation that it was to be posted into; `None` for a keyword.
    pub conversation_id: Option<ConversationId>,
    /// The phone that it came from.
    pub phone: Phone,
    /// The number that it went to.
    pub number: Number,
    /// What it says.
    pub body: String,
}

/// The table.
pub struct Failures<'a>(Rows<'a>);

impl<'a> Failures<'a> {
    /// The table in a record's store.
    pub fn new(store: &'a Store<'a>) -> Self {
        Self(Rows::of(store, Table::Failures))
    }

    /// Keeps a text that was given up.
    pub fn insert_text(
        &self,
        failed: &FailedText,
        number: Option<&Number>,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let remains = &failed.remains;
        self.0.insert(
            "INSERT INTO failures
                (kind, message_id, conversation_id, number, reason, body, failed_at,
                    status, position, sent_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                FailureKind::Text,
                &failed.message_id,
                &failed.conversation_id,
                number,
                reason,
                &remains.message,
                now,
                remains.status,
                remains.position,
                remains.sent_at
            ],
        )
    }

    /// Keeps a reply that was given up.
    pub fn insert_reply(
        &self,
        reply: &Reply,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.0.insert(
            "INSERT INTO failures
                (kind, message_id, conversation_id, number, reason, body, failed_at, phone)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                FailureKind::Reply,
                &reply.message_id,
                reply.action.conversation(),
                &reply.number,
                reason,
                &reply.body,
                now,
                &reply.phone
            ],
        )
    }

    /// The failures at or after `moment`, newest first.
    pub fn since(&self, moment: Timestamp) -> Result<Vec<Failure>, StoreError> {
        self.0.all(
            "SELECT seq, kind, message_id, conversation_id, number, reason, failed_at
             FROM failures WHERE failed_at >= ?1 ORDER BY seq DESC",
            params![moment],
        )
    }

    /// One failure, unless it is older than `since`.
    pub fn find(&self, seq: i64, since: Timestamp) -> Result<Option<Retryable>, StoreError> {
        self.0.first(
            "SELECT kind, message_id, conversation_id, body, status, position, sent_at, phone, number
             FROM failures WHERE seq = ?1 AND failed_at >= ?2",
            params![seq, since],
        )
    }

    /// Deletes a failure.
    pub fn delete(&self, seq: i64) -> Result<(), StoreError> {
        self.0
            .write("DELETE FROM failures WHERE seq = ?1", params![seq])
    }

    /// Deletes the failures of texts about a message.
    pub fn delete_text(&self, id: &MessageId) -> Result<(), StoreError> {
        self.0.write(
            "DELETE FROM failures WHERE message_id = ?1 AND kind = ?2",
            params![id, FailureKind::Text],
        )
    }

    /// Deletes the failures before `before`, and keeps at most the newest `most` of the others.
    pub fn forget(&self, before: Timestamp, most: i64) -> Result<(), StoreError> {
        self.0
            .write("DELETE FROM failures WHERE failed_at < ?1", params![before])?;
        self.0.write(
            "DELETE FROM failures WHERE seq <= (SELECT max(seq) FROM failures) - ?1",
            params![most],
        )
    }
}

impl FromRow for Failure {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, StoreError> {
        Ok(Failure {
            seq: columns.next()?,
            kind: columns.next()?,
            message_id: columns.next()?,
            conversation_id: columns.next()?,
            number: columns.next()?,
            reason: columns.next()?,
            failed_at: columns.next()?,
        })
    }
}

impl FromRow for Retryable {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, StoreError> {
        let kind: FailureKind = columns.next()?;
        let (message_id, conversation_id): (String, String) = (columns.next()?, columns.next()?);
        let body = columns.next()?;
        let (status, position): (Option<String>, Option<Position>) =
            (columns.next()?, columns.next()?);
        // A status that this version does not know is as good as none.
        let status = status.as_deref().and_then(Status::read);
        let sent_at: Option<Timestamp> = columns.next()?;
        let (phone, number): (Option<Phone>, Option<Number>) = (columns.next()?, columns.next()?);
        Ok(match kind {
            FailureKind::Text => Retryable::Text(FailedText {
                message_id: MessageId::new(message_id),
                conversation_id: ConversationId::new(conversation_id),
                remains: Remains {
                    message: body,
                    status: status.unwrap_or(Status::Sent),
                    position,
                    sent_at: sent_at.unwrap_or_default(),
                },
            }),
            FailureKind::Reply => Retryable::Reply(FailedReply {
                message_id: TextId::new(message_id),
                conversation_id: (!conversation_id.is_empty())
                    .then(|| ConversationId::new(conversation_id)),
                phone: phone.unwrap_or_default(),
                number: number.unwrap_or_default(),
                body,
            }),
        })
    }
}
