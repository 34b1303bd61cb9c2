//! What a user's record reports, as JSON between objects. Old and new ones talk to each other during a
//! deploy: unknown fields are ignored, missing ones are empty.

use serde::{Deserialize, Serialize};

/// How one user's notices and replies ended, and how many numbers the user needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// How many ended how, by the hour.
    pub counts: Vec<Count>,
    /// Conversations of the user that have a number.
    pub links: Move,
    /// These, and those that got none.
    pub demand: Move,
}

impl Report {
    /// Reads a report; `None` when it is not what this version knows.
    pub fn read(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// Whether it would change nothing.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
            && self.links.from == self.links.to
            && self.demand.from == self.demand.to
    }
}

/// What ended in one way within one hour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Hours since the epoch.
    pub hour: i64,
    /// The word for how it ended, such as `texted`.
    pub what: String,
    /// How many.
    pub count: i64,
}

/// A user's move from one place of a histogram to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Move {
    /// What was reported last; nothing for a user who is new.
    pub from: Option<i64>,
    /// What holds now; nothing for a user who was erased.
    pub to: Option<i64>,
}
