//! The one row about the user: id, opt-out, what was last reported to the statistics, and the texts of the last day.

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::{Rows, Store, made::Table};
use crate::{
    consent::OptOut,
    ids::{MessageId, UserId},
    params,
    phone::Phone,
    storage::{Columns, FromRow, StoreError},
    time::Timestamp,
};

/// The table's definition.
pub const CREATE: [&str; 1] = ["CREATE TABLE profile (
        id INTEGER PRIMARY KEY CHECK (id = 1), user_id TEXT NOT NULL,
        opted_out_at INTEGER, opted_out_phone TEXT,
        without_number INTEGER NOT NULL DEFAULT 0,
        reported_links INTEGER, reported_demand INTEGER, recent_texts TEXT,
        unreachable_at INTEGER, unreachable_phone TEXT)"];

/// From version 2 to version 3.
pub const TO_VERSION_3: [&str; 1] = ["ALTER TABLE profile ADD COLUMN recent_texts TEXT"];

/// From version 4 to version 5.
pub const TO_VERSION_5: [&str; 2] = [
    "ALTER TABLE profile ADD COLUMN unreachable_at INTEGER",
    "ALTER TABLE profile ADD COLUMN unreachable_phone TEXT",
];

/// The one row about the user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// The user.
    pub user_id: UserId,
    /// When they sent STOP, and from which phone; `None` while they want texts.
    pub opted_out: Option<OptOut>,
    /// Notices that were dropped because no number was free.
    pub without_number: i64,
    /// What was last reported to the statistics.
    pub reported: Reported,
    /// The phone that no text reaches; `None` if texts arrive, as far as is known.
    pub unreachable: Option<Unreachable>,
}

/// A phone that no text reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreachable {
    /// When that was found.
    pub at: Timestamp,
    /// The phone.
    pub phone: Phone,
}

/// A text that counts against the cap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecentText {
    /// When its first try left.
    pub since: Timestamp,
    /// When its last try left.
    pub at: Timestamp,
    /// The messages that its tries covered.
    pub about: Vec<MessageId>,
}

/// How many numbers the user needed, as last reported; `None` before the first report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reported {
    /// Conversations with a number.
    pub links: Option<i64>,
    /// Conversations with a number, and those for which none was free.
    pub demand: Option<i64>,
}

/// The table.
pub struct Profiles<'a>(Rows<'a>);

impl<'a> Profiles<'a> {
    /// The table in a record's store.
    pub fn new(store: &'a Store<'a>) -> Self {
        Self(Rows::of(store, Table::Profile))
    }

    /// The row; `None` if the record was never used.
    pub fn find(&self) -> Result<Option<Profile>, StoreError> {
        self.0.first(
            "SELECT user_id, opted_out_at, opted_out_phone, without_number, reported_links,
                reported_demand, unreachable_at, unreachable_phone FROM profile",
            params![],
        )
    }

    /// Inserts the row.
    pub fn insert(&self, user_id: &UserId) -> Result<(), StoreError> {
        self.0.insert(
            "INSERT INTO profile (id, user_id) VALUES (1, ?1)",
            params![user_id],
        )
    }

    /// Stores that the user wants no texts.
    pub fn opt_out(&self, at: Timestamp, phone: &Phone) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE profile SET opted_out_at = ?1, opted_out_phone = ?2",
            params![at, phone],
        )
    }

    /// Stores that the user wants texts.
    pub fn opt_in(&self) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE profile SET opted_out_at = NULL, opted_out_phone = NULL
             WHERE opted_out_at IS NOT NULL",
            params![],
        )
    }

    /// Stores that no text reaches a phone.
    pub fn set_unreachable(&self, at: Timestamp, phone: &Phone) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE profile SET unreachable_at = ?1, unreachable_phone = ?2",
            params![at, phone],
        )
    }

    /// Stores that texts may reach the user again.
    pub fn set_reachable(&self) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE profile SET unreachable_at = NULL, unreachable_phone = NULL
             WHERE unreachable_at IS NOT NULL",
            params![],
        )
    }

    /// Counts a notice for which no number was free.
    pub fn count_without_number(&self) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE profile SET without_number = without_number + 1",
            params![],
        )
    }

    /// The texts that count against the cap, the oldest first. None is stored without a cap. What is unreadable
    /// counts as none.
    pub fn recent_texts(&self) -> Result<Vec<RecentText>, StoreError> {
        let stored: Option<Option<String>> = self
            .0
            .first("SELECT recent_texts FROM profile", params![])?;
        let stored = stored.flatten();
        Ok(stored
            .and_then(|stored| recent_texts(&stored))
            .unwrap_or_default())
    }

    /// Stores the texts that count against the cap.
    pub fn set_recent_texts(&self, texts: &[RecentText]) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE profile SET recent_texts = ?1",
            params![json!(texts).to_string()],
        )
    }

    /// Stores what was reported, if it differs.
    pub fn set_reported(&self, reported: Reported) -> Result<(), StoreError> {
        self.0.write(
            "UPDATE profile SET reported_links = ?1, reported_demand = ?2
             WHERE reported_links IS NOT ?1 OR reported_demand IS NOT ?2",
            params![reported.links, reported.demand],
        )
    }
}

impl FromRow for Profile {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, StoreError> {
        Ok(Profile {
            user_id: columns.next()?,
            opted_out: opted_out(columns.next()?, columns.next()?),
            without_number: columns.next()?,
            reported: Reported {
                links: columns.next()?,
                demand: columns.next()?,
            },
            unreachable: unreachable(columns.next()?, columns.next()?),
        })
    }
}

fn opted_out(at: Option<Timestamp>, phone: Option<Phone>) -> Option<OptOut> {
    Some(OptOut {
        at: at?,
        phone: phone?,
    })
}

fn unreachable(at: Option<Timestamp>, phone: Option<Phone>) -> Option<Unreachable> {
    Some(Unreachable {
        at: at?,
        phone: phone?,
    })
}

/// Reads a list of [`RecentText`]s; `None` if it is unreadable.
fn recent_texts(stored: &str) -> Option<Vec<RecentText>> {
    let stored: Json = serde_json::from_str(stored).ok()?;
    let moment = |value: &Json| Some(Timestamp::from_millis(value.as_i64()?));
    let text = |text: &Json| {
        let about = text.get("about")?.as_array()?.iter();
        Some(RecentText {
            since: moment(text.get("since")?)?,
            at: moment(text.get("at")?)?,
            about: about
                .map(|id| id.as_str().map(MessageId::new))
                .collect::<Option<_>>()?,
        })
    };
    stored.as_array()?.iter().map(text).collect()
}
