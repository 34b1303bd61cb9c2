//! Replies on their way out of the record: texts to post into a conversation, and keywords to obey.
//!
//! They leave one after another within a lane: a conversation, or all keywords of the user together.

use super::{
    Record,
    claim::LEASE,
    command::InboundText,
    seen::{REPLY_FAILED, REPLY_POSTED},
    store::{Row, StoreError},
};
use crate::{
    backoff::{self, LONGEST_POSTING, LONGEST_TRYING},
    log::{Entry, Level},
    params,
    time::Millis,
};

/// What is to be done about a text that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Post it into the conversation.
    Post,
    /// The user wants no more texts: tell the other users of the phone, confirm.
    Stop,
    /// The user wants texts again.
    Start,
    /// The user asks what this is.
    Help,
}

const KINDS: [(Kind, &str); 4] = [
    (Kind::Post, "post"),
    (Kind::Stop, "stop"),
    (Kind::Start, "start"),
    (Kind::Help, "help"),
];

impl Kind {
    /// Its word in storage and logs.
    pub fn word(self) -> &'static str {
        KINDS
            .iter()
            .find(|(kind, _)| *kind == self)
            .map_or("", |(_, word)| word)
    }

    fn read(word: &str) -> Option<Self> {
        KINDS
            .iter()
            .find(|(_, known)| *known == word)
            .map(|(kind, _)| *kind)
    }

    /// How long it is tried: an answer to a keyword is not wanted the next day.
    fn longest(self) -> Millis {
        if self == Self::Post {
            LONGEST_POSTING
        } else {
            LONGEST_TRYING
        }
    }
}

/// The right to act on one reply, until the lease ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyClaim {
    /// Its place in the order of arrival.
    pub seq: i64,
    /// Which claim of the reply this is.
    pub claim: i64,
    /// What is to be done.
    pub kind: Kind,
    /// Nexmo's id of the text, of the lowest part that was held.
    pub message_id: String,
    /// UUID of the conversation; empty for keywords.
    pub lane: String,
    /// The phone that it came from.
    pub phone: String,
    /// The number that it went to.
    pub number: String,
    /// What it says.
    pub body: String,
    /// When the claim was taken.
    pub claimed_at: Millis,
    /// When the reply came in.
    pub received_at: Millis,
    /// The user that the record is of.
    pub user_id: String,
    /// Tries that failed so far.
    pub tries: i64,
}

/// What came of a try to act on a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplyOutcome {
    /// It is done.
    Done,
    /// It failed; trying again may help.
    Failed(String),
    /// It failed until an operator mends something.
    OperatorFault(String),
    /// It will never be accepted.
    Refused(String),
}

const COLUMNS: &str =
    "seq, claims, kind, message_id, lane, phone, number, body, received_at, tries";

impl Record<'_> {
    pub(super) fn queue(
        &self,
        kind: Kind,
        text: &InboundText,
        lane: &str,
        body: &str,
    ) -> Result<(), StoreError> {
        let alone = self
            .first(
                "SELECT 1 FROM replies WHERE lane = ?1 LIMIT 1",
                params![lane],
            )?
            .is_none();
        self.exec(
            "INSERT INTO replies
                (kind, message_id, lane, phone, number, body, received_at, due_at, wake_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8)",
            params![
                kind.word(),
                &text.message_id,
                lane,
                &text.phone,
                &text.number,
                body,
                self.now,
                alone.then_some(self.now)
            ],
        )?;
        Ok(())
    }

    /// Claims the reply that is due first, if one is.
    pub fn claim_reply(&self) -> Result<Option<ReplyClaim>, StoreError> {
        let statement = format!(
            "SELECT {COLUMNS} FROM replies WHERE wake_at <= ?1 ORDER BY wake_at, seq LIMIT 1"
        );
        let Some(row) = self.first(&statement, params![self.now])? else {
            return Ok(None);
        };
        let claim = self.reply_claim(&row)?;
        self.exec(
            "UPDATE replies SET claims = claims + 1, wake_at = ?1, lease_until = ?1
             WHERE seq = ?2",
            params![self.now + LEASE, claim.seq],
        )?;
        Ok(Some(claim))
    }

    fn reply_claim(&self, row: &Row) -> Result<ReplyClaim, StoreError> {
        let kind = Kind::read(&row.text(2)?).ok_or(StoreError::Column {
            column: 2,
            expected: "a kind of reply",
        })?;
        Ok(ReplyClaim {
            seq: row.integer(0)?,
            claim: row.integer(1)? + 1,
            kind,
            message_id: row.text(3)?,
            lane: row.text(4)?,
            phone: row.text(5)?,
            number: row.text(6)?,
            body: row.text(7)?,
            claimed_at: self.now,
            received_at: row.integer(8)?,
            user_id: self
                .profile()?
                .map(|profile| profile.user_id)
                .unwrap_or_default(),
            tries: row.integer(9)?,
        })
    }

    /// Whether a claim still stands; asked before each effect.
    pub fn may_act(&self, claim: &ReplyClaim) -> Result<bool, StoreError> {
        let row = self.first(
            "SELECT 1 FROM replies WHERE seq = ?1 AND message_id = ?2 AND claims = ?3
             AND lease_until > ?4",
            params![claim.seq, &claim.message_id, claim.claim, self.now],
        )?;
        Ok(row.is_some())
    }

    /// Stores what came of a try. `random` spreads the next one.
    pub fn reply_ended(
        &self,
        claim: &ReplyClaim,
        outcome: ReplyOutcome,
        random: u32,
    ) -> Result<(), StoreError> {
        let row = self.first(
            "SELECT claims FROM replies WHERE seq = ?1 AND message_id = ?2",
            params![claim.seq, &claim.message_id],
        )?;
        let Some(claims) = row.map(|row| row.integer(0)).transpose()? else {
            return Ok(());
        };
        if outcome == ReplyOutcome::Done {
            self.note(about(claim, Level::Info, "reply.done"));
            return self.end_reply(claim, REPLY_POSTED);
        }
        if claims != claim.claim {
            return Ok(());
        }
        let failures = claim.tries + 1;
        match outcome {
            ReplyOutcome::Done => Ok(()),
            ReplyOutcome::Refused(why) => self.fail_reply(claim, &why),
            ReplyOutcome::OperatorFault(why) => {
                let wait = backoff::after_failed_post(failures, random);
                self.postpone_reply(
                    claim,
                    wait.max(backoff::OPERATORS_PAUSE),
                    (Level::Error, &why),
                )
            }
            ReplyOutcome::Failed(why) => {
                let wait = backoff::after_failed_post(failures, random);
                self.postpone_reply(claim, wait, (Level::Warn, &why))
            }
        }
    }

    fn postpone_reply(
        &self,
        claim: &ReplyClaim,
        wait: Millis,
        (level, why): (Level, &str),
    ) -> Result<(), StoreError> {
        if self.now - claim.received_at >= claim.kind.longest() {
            return self.fail_reply(claim, why);
        }
        self.note(
            about(claim, level, "reply.postponed")
                .with("why", why)
                .with("wait_ms", wait),
        );
        self.exec(
            "UPDATE replies SET tries = tries + 1, due_at = ?1, wake_at = ?1, lease_until = NULL
             WHERE seq = ?2",
            params![self.now + wait, claim.seq],
        )?;
        Ok(())
    }

    fn fail_reply(&self, claim: &ReplyClaim, why: &str) -> Result<(), StoreError> {
        self.note(about(claim, Level::Error, "reply.failed").with("why", why));
        self.keep_failed_reply(claim, why)?;
        self.end_reply(claim, REPLY_FAILED)
    }

    fn end_reply(&self, claim: &ReplyClaim, how: &str) -> Result<(), StoreError> {
        if claim.kind == Kind::Post {
            self.remember_reply(&claim.message_id, how)?;
        }
        self.exec("DELETE FROM replies WHERE seq = ?1", params![claim.seq])?;
        self.exec(
            "UPDATE replies SET wake_at = due_at WHERE wake_at IS NULL AND seq =
                (SELECT min(seq) FROM replies WHERE lane = ?1)",
            params![&claim.lane],
        )?;
        Ok(())
    }
}

fn about(claim: &ReplyClaim, level: Level, message: &'static str) -> Entry {
    Entry::new(level, message)
        .with("kind", claim.kind.word())
        .with("nexmo_id", &claim.message_id)
        .with("conversation_id", &claim.lane)
}
