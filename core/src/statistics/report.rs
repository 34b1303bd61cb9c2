//! What a user's record reports, as JSON between objects. Old and new ones talk to each other during a
//! deploy: unknown fields are ignored, missing ones are empty.

use serde::Serialize;

use crate::fields::{Fields, Problem};

/// How one user's notices and replies ended, and how many numbers the user needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How many ended how, by the hour.
    pub counts: Vec<Count>,
    /// Conversations of the user that have a number.
    pub links: Move,
    /// These, and those that got none.
    pub demand: Move,
}

impl Report {
    /// Reads a report; none when it is not what this version knows.
    pub fn read(json: &str) -> Option<Self> {
        let report = Fields::read("", json).ok()?;
        let counts = report.objects("counts").ok()?.unwrap_or_default();
        Some(Self {
            counts: counts.iter().map(count).collect::<Result<_, _>>().ok()?,
            links: moved(&report, "links").ok()?,
            demand: moved(&report, "demand").ok()?,
        })
    }

    /// Whether it would change nothing.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
            && self.links.from == self.links.to
            && self.demand.from == self.demand.to
    }
}

/// What ended in one way within one hour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Hours since the epoch.
    pub hour: i64,
    /// The word for how it ended, such as `texted`.
    pub what: String,
    /// How many.
    pub count: i64,
}

/// A user's move from one place of a histogram to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Move {
    /// What was reported last; nothing for a user who is new.
    pub from: Option<i64>,
    /// What holds now; nothing for a user who was erased.
    pub to: Option<i64>,
}

fn count(fields: &Fields) -> Result<Count, Problem> {
    Ok(Count {
        hour: fields.must("hour", fields.integer("hour"))?,
        what: fields.owned("what")?,
        count: fields.must("count", fields.integer("count"))?,
    })
}

fn moved(report: &Fields, name: &str) -> Result<Move, Problem> {
    let Some(fields) = report.object(name)? else {
        return Ok(Move::default());
    };
    Ok(Move {
        from: fields.integer("from")?,
        to: fields.integer("to")?,
    })
}
