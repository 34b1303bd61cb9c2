//! A notice: one unread message waiting to be texted to the user.

use super::{
    Record,
    seen::Ending,
    store::{Row, StoreError},
};
use crate::{
    layer::status::Status,
    log::{Entry, Level},
    params,
    time::Millis,
};

/// A notice as it is stored, without the message itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// UUID of the message.
    pub message_id: String,
    /// UUID of the conversation.
    pub conversation_id: String,
    /// The furthest state that is known.
    pub status: Status,
    /// When it is to be texted, or tried again.
    pub due_at: Millis,
    /// Set on the conversation's active notice: when it wants to be looked at.
    pub wake_at: Option<Millis>,
    /// The end of its open claim.
    pub lease_until: Option<Millis>,
    /// How often it was claimed; names the open claim.
    pub claims: i64,
    /// Failed tries that count.
    pub tries: i64,
    /// Tries in a row that Nexmo throttled.
    pub throttled: i64,
    /// When it was first claimed.
    pub first_try_at: Option<Millis>,
    /// Why nothing should come of it, found out while a claim was open.
    pub gone: Option<Dropped>,
}

/// Why a notice was dropped without a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropped {
    /// The user read the message.
    Read,
    /// The message was deleted, or the conversation with it.
    Deleted,
    /// The user left the conversation.
    Left,
    /// Its state at the end of the delay is not one that is reported on.
    NotReported,
    /// There is no text in it, or its text renders blank.
    Blank,
    /// Nobody has an identity or a plausible phone under that user id.
    NoPhone,
    /// The user wants no texts.
    OptedOut,
    /// Every number stands for another conversation of the user.
    NoNumber,
}

const REASONS: [(Dropped, &str); 8] = [
    (Dropped::Read, "read"),
    (Dropped::Deleted, "deleted"),
    (Dropped::Left, "left"),
    (Dropped::NotReported, "not_reported"),
    (Dropped::Blank, "blank"),
    (Dropped::NoPhone, "no_phone"),
    (Dropped::OptedOut, "opted_out"),
    (Dropped::NoNumber, "no_number"),
];

impl Dropped {
    /// Its word in storage, logs and answers.
    pub fn word(self) -> &'static str {
        REASONS
            .iter()
            .find(|(reason, _)| *reason == self)
            .map_or("", |(_, word)| word)
    }

    pub(super) fn read(word: &str) -> Option<Self> {
        REASONS
            .iter()
            .find(|(_, known)| *known == word)
            .map(|(reason, _)| *reason)
    }
}

/// The columns that [`notice`] reads.
pub(super) const COLUMNS: &str = "message_id, conversation_id, status, due_at, wake_at, \
     lease_until, claims, tries, throttled, first_try_at, gone";

pub(super) fn notice(row: &Row) -> Result<Notice, StoreError> {
    let status = Status::read(&row.text(2)?).ok_or(StoreError::Column {
        column: 2,
        expected: "a status",
    })?;
    Ok(Notice {
        message_id: row.text(0)?,
        conversation_id: row.text(1)?,
        status,
        due_at: row.integer(3)?,
        wake_at: row.maybe_integer(4)?,
        lease_until: row.maybe_integer(5)?,
        claims: row.integer(6)?,
        tries: row.integer(7)?,
        throttled: row.integer(8)?,
        first_try_at: row.maybe_integer(9)?,
        gone: row.maybe_text(10)?.as_deref().and_then(Dropped::read),
    })
}

impl Record<'_> {
    /// The notice that waits for a message, if one does.
    pub fn notice(&self, message_id: &str) -> Result<Option<Notice>, StoreError> {
        let statement = format!("SELECT {COLUMNS} FROM notices WHERE message_id = ?1");
        self.first(&statement, params![message_id])?
            .map(|row| notice(&row))
            .transpose()
    }

    /// Drops a notice. One that is being sent is only marked: its attempt stops at the next look.
    pub(super) fn drop_notice(&self, notice: &Notice, why: Dropped) -> Result<(), StoreError> {
        if notice.lease_until.is_some_and(|lease| lease > self.now) {
            self.exec(
                "UPDATE notices SET gone = ?1 WHERE message_id = ?2",
                params![why.word(), &notice.message_id],
            )?;
            return Ok(());
        }
        self.end_dropped(notice, why)
    }

    /// Ends a notice without a text, whoever holds its claim.
    pub(super) fn end_dropped(&self, notice: &Notice, why: Dropped) -> Result<(), StoreError> {
        let level = if why == Dropped::NoNumber {
            Level::Error
        } else {
            Level::Info
        };
        self.note(
            self.about(notice, level, "notice.dropped")
                .with("reason", why.word()),
        );
        if why == Dropped::NoNumber {
            self.count_without_number()?;
        }
        self.end_without_text(notice, Ending::Dropped(why))
    }

    /// Ends a notice that no text came of: its conversation's new link is given back.
    pub(super) fn end_without_text(
        &self,
        notice: &Notice,
        ending: Ending,
    ) -> Result<(), StoreError> {
        if notice.claims > 0 {
            let own_claim = notice.lease_until.unwrap_or_default().max(self.now);
            self.release(&notice.conversation_id, own_claim)?;
        }
        self.end(notice, ending)
    }

    pub(super) fn end(&self, notice: &Notice, ending: Ending) -> Result<(), StoreError> {
        self.exec(
            "DELETE FROM notices WHERE message_id = ?1",
            params![&notice.message_id],
        )?;
        self.remember_end(notice, ending)?;
        if notice.wake_at.is_some() {
            self.activate_first(&notice.conversation_id)?;
        }
        Ok(())
    }

    pub(super) fn about(&self, notice: &Notice, level: Level, message: &'static str) -> Entry {
        Entry::new(level, message)
            .with("message_id", &notice.message_id)
            .with("conversation_id", &notice.conversation_id)
    }
}
