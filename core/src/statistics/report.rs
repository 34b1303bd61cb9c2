//! The report of a user record, sent as JSON between objects. Old and new versions exchange reports during a
//! deploy: unknown fields are ignored, missing ones are empty.

use serde::Serialize;
use serde_json::Value as Json;

use crate::time::{HOUR, Timestamp};

/// How one user's notices and replies ended, and how many numbers the user needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Counts by hour and ending.
    pub counts: Vec<Count>,
    /// The user's conversations that have a number.
    pub links: Move,
    /// The user's conversations that have or need a number.
    pub demand: Move,
}

impl Report {
    /// Reads a report; `None` when it is unreadable.
    pub fn read(json: &str) -> Option<Self> {
        let report: Json = serde_json::from_str(json).ok()?;
        let report = report.as_object()?;
        let counts = match report.get("counts") {
            Some(counts) => counts.as_array()?.as_slice(),
            None => &[],
        };
        Some(Self {
            counts: counts.iter().map(Count::read).collect::<Option<_>>()?,
            links: Move::read(report.get("links"))?,
            demand: Move::read(report.get("demand"))?,
        })
    }

    /// A report of one count, of the hour of `now`.
    pub fn of(what: &str, count: usize, now: Timestamp) -> Self {
        let count = Count {
            hour: now.index_of(HOUR),
            what: what.to_owned(),
            count: i64::try_from(count).unwrap_or(i64::MAX),
        };
        Self {
            counts: vec![count],
            ..Self::default()
        }
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
            && self.links.from == self.links.to
            && self.demand.from == self.demand.to
    }
}

/// How many notices or replies ended in one way within one hour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Hours since the epoch.
    pub hour: i64,
    /// The word for the ending, such as `texted`.
    pub what: String,
    /// How many.
    pub count: i64,
}

/// The change of a user's value in a histogram.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Move {
    /// The value reported last; `None` for a new user.
    pub from: Option<i64>,
    /// The present value; `None` for an erased user.
    pub to: Option<i64>,
}

impl Count {
    fn read(json: &Json) -> Option<Self> {
        Some(Self {
            hour: json.get("hour")?.as_i64()?,
            what: json.get("what")?.as_str()?.to_owned(),
            count: json.get("count")?.as_i64()?,
        })
    }
}

impl Move {
    /// `None` if it is there and unreadable.
    fn read(json: Option<&Json>) -> Option<Self> {
        let Some(json) = json else {
            return Some(Self::default());
        };
        let value = |name: &str| match json.get(name) {
            None | Some(Json::Null) => Some(None),
            Some(value) => value.as_i64().map(Some),
        };
        Some(Self {
            from: value("from")?,
            to: value("to")?,
        })
    }
}
