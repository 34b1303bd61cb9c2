//! Tries to send a text, by which delivery receipts find what they are about. Kept for some days. Without receipts there
//! are none.

use super::{Rows, Store, links::LinkKey, made::Table};
use crate::{
    ids::{ConversationId, MessageId, TextId, TextReference},
    params,
    phone::{Number, Phone},
    record::covered::Covered,
    sms::receipt::{ErrorCode, Verdict},
    storage::{Columns, FromRow, StoreError},
    time::Timestamp,
};

/// The table's definition.
pub const CREATE: [&str; 1] = ["CREATE TABLE texts (
        reference TEXT PRIMARY KEY, message_id TEXT NOT NULL, claim INTEGER NOT NULL,
        number TEXT NOT NULL, conversation_id TEXT NOT NULL, phone TEXT NOT NULL,
        shown TEXT NOT NULL, counted TEXT NOT NULL, last_shown TEXT, parts INTEGER NOT NULL, taken INTEGER NOT NULL DEFAULT 0,
        part_ids TEXT, delivered TEXT, verdict TEXT, code INTEGER) WITHOUT ROWID"];

const COLUMNS: &str = "reference, message_id, claim, number, conversation_id, phone, shown, counted, last_shown, \
     parts, taken, part_ids, delivered, verdict, code";

/// One try to send a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentText {
    /// Its name in receipts.
    pub reference: TextReference,
    /// The message whose notice held its claim.
    pub message_id: MessageId,
    /// The number of the claim among the notice's claims.
    pub claim: i64,
    /// The link that it left on.
    pub link: LinkKey,
    /// The phone that it went to.
    pub phone: Phone,
    /// The messages that it was about.
    pub covered: Covered,
    /// How many parts it has.
    pub parts: i64,
    /// Whether Nexmo has surely taken it.
    pub is_taken: bool,
    /// Nexmo's ids of its parts, if Nexmo answered.
    pub part_ids: Vec<TextId>,
    /// The parts that were delivered.
    pub delivered: Vec<TextId>,
    /// What is known of its delivery.
    pub verdict: Option<Verdict>,
    /// Why it was not delivered.
    pub code: Option<ErrorCode>,
}

impl SentText {
    /// Whether it left after a moment, if there was one.
    pub fn left_after(&self, moment: Option<Timestamp>) -> bool {
        let left_at = self.reference.began();
        moment.is_none_or(|moment| left_at.is_some_and(|left_at| left_at > moment))
    }
}

/// The table.
pub struct Texts<'a>(Rows<'a>);

impl<'a> Texts<'a> {
    /// The table in a record's store.
    pub fn new(store: &'a Store<'a>) -> Self {
        Self(Rows::of(store, Table::Texts))
    }

    /// Stores a try that begins, and deletes those before `oldest`.
    pub fn insert(&self, text: &SentText, oldest: &TextReference) -> Result<(), StoreError> {
        self.0.insert(
            "INSERT INTO texts
                (reference, message_id, claim, number, conversation_id, phone, shown, counted,
                    last_shown, parts)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                &text.reference,
                &text.message_id,
                text.claim,
                &text.link.number,
                &text.link.conversation_id,
                &text.phone,
                lines(text.covered.shown.iter().map(MessageId::as_str)),
                lines(text.covered.counted.iter().map(MessageId::as_str)),
                text.covered.last_shown.as_ref(),
                text.parts
            ],
        )?;
        self.0
            .write("DELETE FROM texts WHERE reference < ?1", params![oldest])
    }

    /// The try with this name.
    pub fn find(&self, reference: &TextReference) -> Result<Option<SentText>, StoreError> {
        self.0.first(
            &format!("SELECT {COLUMNS} FROM texts WHERE reference = ?1"),
            params![reference],
        )
    }

    /// The try with a part of this id, which left from `number`.
    pub fn find_part(&self, id: &TextId, number: &Number) -> Result<Option<SentText>, StoreError> {
        let from_number: Vec<SentText> = self.0.all(
            &format!("SELECT {COLUMNS} FROM texts WHERE number = ?1 AND part_ids IS NOT NULL"),
            params![number],
        )?;
        Ok(from_number
            .into_iter()
            .find(|text| text.part_ids.contains(id)))
    }

    /// The tries that a claim made.
    pub fn of_claim(&self, id: &MessageId, claim: i64) -> Result<Vec<SentText>, StoreError> {
        self.0.all(
            &format!("SELECT {COLUMNS} FROM texts WHERE message_id = ?1 AND claim = ?2"),
            params![id, claim],
        )
    }

    /// The texts that Nexmo has taken, the newest first.
    pub fn taken(&self) -> Result<Vec<SentText>, StoreError> {
        self.0.all(
            &format!("SELECT {COLUMNS} FROM texts WHERE taken = 1 ORDER BY reference DESC"),
            params![],
        )
    }

    /// Whether a later text than this try was taken on its link.
    pub fn is_followed(&self, text: &SentText) -> Result<bool, StoreError> {
        self.0.exists(
            "SELECT 1 FROM texts WHERE number = ?1 AND conversation_id = ?2 AND taken = 1
             AND reference > ?3 LIMIT 1",
            params![
                &text.link.number,
                &text.link.conversation_id,
                &text.reference
            ],
        )
    }

    /// The notice of another message holds the claim of a try from now on, as its claim number `to.1`.
    pub fn pass_on(
        &self,
        from: (&MessageId, i64),
        to: (&MessageId, i64),
    ) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE texts SET message_id = ?3, claim = ?4 WHERE message_id = ?1 AND claim = ?2",
            params![from.0, from.1, to.0, to.1],
        )
    }

    /// Stores that Nexmo has taken a try.
    pub fn set_taken(&self, reference: &TextReference) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE texts SET taken = 1 WHERE reference = ?1",
            params![reference],
        )
    }

    /// Stores that Nexmo has taken a try, and gave its parts these ids.
    pub fn set_answered(
        &self,
        reference: &TextReference,
        ids: &[TextId],
    ) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE texts SET taken = 1, part_ids = ?2 WHERE reference = ?1",
            params![reference, lines(ids.iter().map(TextId::as_str))],
        )
    }

    /// Stores which parts were delivered.
    pub fn set_delivered(
        &self,
        reference: &TextReference,
        ids: &[TextId],
    ) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE texts SET delivered = ?2 WHERE reference = ?1",
            params![reference, lines(ids.iter().map(TextId::as_str))],
        )
    }

    /// Stores what became of a text.
    pub fn set_verdict(
        &self,
        reference: &TextReference,
        verdict: Verdict,
        code: Option<ErrorCode>,
    ) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE texts SET verdict = ?2, code = ?3 WHERE reference = ?1",
            params![reference, verdict, code.map(i64::from)],
        )
    }
}

/// Ids, each on a line.
fn lines<'a>(ids: impl Iterator<Item = &'a str>) -> String {
    ids.collect::<Vec<_>>().join("\n")
}

/// What `make` makes of each line.
fn read<T>(lines: Option<String>, make: fn(&str) -> T) -> Vec<T> {
    lines.unwrap_or_default().lines().map(make).collect()
}

/// Reads [`COLUMNS`].
impl FromRow for SentText {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, StoreError> {
        Ok(SentText {
            reference: columns.next()?,
            message_id: columns.next()?,
            claim: columns.next()?,
            link: LinkKey {
                number: columns.next()?,
                conversation_id: columns.next::<ConversationId>()?,
            },
            phone: columns.next()?,
            covered: Covered {
                shown: read(columns.next()?, |id| MessageId::new(id)),
                counted: read(columns.next()?, |id| MessageId::new(id)),
                last_shown: columns.next()?,
            },
            parts: columns.next()?,
            is_taken: columns.next()?,
            part_ids: read(columns.next()?, |id| TextId::new(id)),
            delivered: read(columns.next()?, |id| TextId::new(id)),
            verdict: columns.next()?,
            code: columns
                .next::<Option<i64>>()?
                .and_then(|code| ErrorCode::try_from(code).ok()),
        })
    }
}
