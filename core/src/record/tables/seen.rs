//! What is remembered of messages without a notice: how their notice ended, or a receipt that came before the
//! message. Ended replies and verdicts on texts have a row too, so that they are
//! counted.
//!
//! Keys begin with the hour (the column `span`: hours since the epoch), so that old rows are deleted by range
//! and no index is needed.

use super::{Rows, Store, made::Table};
use crate::{
    chat::status::Status,
    ids::{ConversationId, MessageId, TextId, TextReference},
    params,
    record::ending::{Dropped, Ending},
    sms::receipt::Verdict,
    storage::{Columns, FromRow, StoreError},
};

/// The table's definition.
pub const CREATE: [&str; 1] = ["CREATE TABLE seen (
        span INTEGER, message_id TEXT, state TEXT NOT NULL,
        PRIMARY KEY (span, message_id)) WITHOUT ROWID"];

/// The last state of the message `?1` in the hours `?2` to `?4`, as a query of its own.
pub(super) const STATE: &str = "SELECT state FROM seen WHERE span IN (?2, ?3, ?4)
     AND message_id = ?1 ORDER BY span DESC LIMIT 1";

/// Prefix of the state of a message of which only a receipt has arrived; the status follows.
const HEARD: &str = "heard ";
/// Prefix of the state of a notice for which no number was free; its conversation follows.
const NO_NUMBER: &str = "no_number ";

/// The last thing known of a message without a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Only a receipt with this status has arrived so far.
    Heard(Status),
    /// The notice ended.
    Ended(Ending),
}

/// How a reply ended. The words are stored and counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyEnding {
    /// It was posted.
    Posted,
    /// It was given up.
    Failed,
}

/// How often something ended in one way within one hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndingCount {
    /// Hours since the epoch.
    pub hour: i64,
    /// The word for the ending: the first word of the state.
    pub word: String,
    /// How often.
    pub count: i64,
}

impl Seen {
    /// Reads a stored state.
    pub(super) fn read(state: &str) -> Self {
        if let Some(status) = state.strip_prefix(HEARD).and_then(Status::read) {
            return Self::Heard(status);
        }
        let word = state.split_once(' ').map_or(state, |(word, _)| word);
        Self::Ended(Ending::read(word))
    }

    fn stored(self) -> String {
        match self {
            Self::Heard(status) => format!("{HEARD}{}", status.word()),
            Self::Ended(ending) => ending.word().to_owned(),
        }
    }
}

/// The table.
pub struct SeenMessages<'a>(Rows<'a>);

impl<'a> SeenMessages<'a> {
    /// The table in a record's store.
    pub fn new(store: &'a Store<'a>) -> Self {
        Self(Rows::of(store, Table::Seen))
    }

    /// Remembers the last thing known of a message.
    pub fn insert(&self, hour: i64, id: &MessageId, seen: Seen) -> Result<(), StoreError> {
        self.store(hour, id, &seen.stored())
    }

    /// Remembers how the notice of a message ended. If no number was free, also remembers the conversation.
    pub fn insert_ended(
        &self,
        hour: i64,
        id: &MessageId,
        conversation_id: &ConversationId,
        ending: Ending,
    ) -> Result<(), StoreError> {
        match ending {
            Ending::Dropped(Dropped::NoNumber) => {
                self.store(hour, id, &format!("{NO_NUMBER}{conversation_id}"))
            }
            _ => self.insert(hour, id, Seen::Ended(ending)),
        }
    }

    /// Remembers how a reply ended. The key is prefixed, so that it cannot be that of a message.
    pub fn insert_reply(
        &self,
        hour: i64,
        id: &TextId,
        ending: ReplyEnding,
    ) -> Result<(), StoreError> {
        let state = match ending {
            ReplyEnding::Posted => "reply_posted",
            ReplyEnding::Failed => "reply_failed",
        };
        self.store(hour, &format!("reply {id}"), state)
    }

    /// Remembers what became of a text, so that it is counted. The key is prefixed like that of a reply.
    pub fn insert_verdict(
        &self,
        hour: i64,
        reference: &TextReference,
        verdict: Verdict,
    ) -> Result<(), StoreError> {
        self.store(hour, &format!("text {reference}"), verdict.word())
    }

    /// The text about a message was taken after all, although its notice ended as perhaps sent.
    pub fn correct_to_texted(&self, id: &MessageId) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE seen SET state = ?2 WHERE message_id = ?1 AND state = ?3",
            params![id, Ending::Texted.word(), Ending::PerhapsSent.word()],
        )
    }

    /// Remembers for longer how the notice of a message ended, if the last that is known of it is of one of the two hours
    /// before.
    pub fn keep(&self, id: &MessageId, hour: i64) -> Result<(), StoreError> {
        for before in [hour - 1, hour - 2] {
            self.0.write(
                "UPDATE OR IGNORE seen SET span = ?3 WHERE span = ?2 AND message_id = ?1",
                params![id, before, hour],
            )?;
        }
        Ok(())
    }

    fn store(&self, hour: i64, key: &str, state: &str) -> Result<(), StoreError> {
        self.0.insert(
            "INSERT OR REPLACE INTO seen (span, message_id, state) VALUES (?1, ?2, ?3)",
            params![hour, key, state],
        )
    }

    /// The oldest hour of which something is remembered.
    pub fn oldest_hour(&self) -> Result<Option<i64>, StoreError> {
        let oldest: Option<Option<i64>> = self.0.first("SELECT min(span) FROM seen", params![])?;
        Ok(oldest.flatten())
    }

    /// How many notices and replies ended in each way, for each hour up to `through_hour`.
    pub fn counts(&self, through_hour: i64) -> Result<Vec<EndingCount>, StoreError> {
        self.0.all(
            "SELECT span, substr(state, 1, instr(state || ' ', ' ') - 1) AS word, count(*)
             FROM seen WHERE span <= ?1 AND substr(state, 1, length(?2)) <> ?2
             GROUP BY span, word ORDER BY span, word",
            params![through_hour, HEARD],
        )
    }

    /// The conversations for which no number was free, up to `through_hour`.
    pub fn without_number(&self, through_hour: i64) -> Result<Vec<ConversationId>, StoreError> {
        self.0.all(
            "SELECT DISTINCT substr(state, length(?2) + 1) FROM seen
             WHERE span <= ?1 AND substr(state, 1, length(?2)) = ?2",
            params![through_hour, NO_NUMBER],
        )
    }

    /// Deletes everything up to an hour, this one included.
    pub fn delete_through(&self, hour: i64) -> Result<(), StoreError> {
        self.0
            .write("DELETE FROM seen WHERE span <= ?1", params![hour])
    }
}

impl FromRow for EndingCount {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, StoreError> {
        Ok(EndingCount {
            hour: columns.next()?,
            word: columns.next()?,
            count: columns.next()?,
        })
    }
}
