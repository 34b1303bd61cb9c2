//! The report of a user record, sent as JSON between objects. Old and new versions exchange reports during a
//! deploy: unknown fields are ignored, missing ones are empty.

use serde::{Deserialize, Serialize};

use crate::time::{HOUR, Timestamp};

/// How one user's notices and replies ended, and how many numbers the user needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
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
        serde_json::from_str(json).ok()
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Hours since the epoch.
    pub hour: i64,
    /// The word for the ending, such as `texted`.
    pub what: String,
    /// How many.
    pub count: i64,
}

/// The change of a user's value in a histogram.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Move {
    /// The value reported last; `None` for a new user.
    pub from: Option<i64>,
    /// The present value; `None` for an erased user.
    pub to: Option<i64>,
}
