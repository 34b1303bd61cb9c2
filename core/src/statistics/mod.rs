//! What happened over all users, by the hour and by the day, and how many numbers users need.
//!
//! One store takes what the users' records report (see [`crate::record::report`]). Hours and days are
//! those of UTC. An hour's counts are complete once every user who did something in it did something
//! again three hours later; they may be too high by what a record reported twice, because it crashed
//! after its report was stored and before it noted that.

pub mod advice;
pub mod report;
pub mod schema;

mod show;

use crate::{
    params,
    record::store::{Sql, StoreError},
    time::{DAY, HOUR, Millis},
};
use report::{Count, Move, Report};

/// So many hours are kept one by one.
const HOURS_KEPT: i64 = 48;
/// So many days are kept.
const DAYS_KEPT: i64 = 400;
/// Hours in a day. Statements say `24` themselves: a Durable Object binds numbers as floating-point
/// ones, and a quotient by one of those is no integer.
const DAY_HOURS: i64 = DAY / HOUR;
/// Users who need more numbers than this count as needing this many.
const MOST_NUMBERS: i64 = 1_000;
/// No word for how something ended is longer, in characters.
const LONGEST_WORD: usize = 32;

/// One turn of the statistics.
pub struct Statistics<'a> {
    sql: &'a dyn Sql,
    now: Millis,
}

/// Two histograms over the users.
#[derive(Clone, Copy)]
enum Histogram {
    /// How many conversations have a number.
    Links,
    /// How many need one.
    Demand,
}

impl Histogram {
    fn word(self) -> &'static str {
        match self {
            Self::Links => "links",
            Self::Demand => "demand",
        }
    }
}

impl<'a> Statistics<'a> {
    /// Opens a turn at a moment. The schema must be there: see [`schema::migrate`].
    pub fn new(sql: &'a dyn Sql, now: Millis) -> Self {
        Self { sql, now }
    }

    /// Adds what a user's record reports.
    pub fn add(&self, report: &Report) -> Result<(), StoreError> {
        for count in report
            .counts
            .iter()
            .filter(|count| self.is_plausible(count))
        {
            self.sql.exec(
                "INSERT INTO hours (hour, what, count) VALUES (?1, ?2, ?3)
                 ON CONFLICT (hour, what) DO UPDATE SET count = count + excluded.count",
                params![count.hour, &count.what, count.count],
            )?;
        }
        self.shift(Histogram::Links, report.links)?;
        self.shift(Histogram::Demand, report.demand)?;
        self.roll_up()
    }

    fn is_plausible(&self, count: &Count) -> bool {
        let hour = self.hour();
        (hour - DAYS_KEPT * DAY_HOURS..=hour + 1).contains(&count.hour)
            && count.count > 0
            && count.what.chars().count() <= LONGEST_WORD
    }

    /// Moves one user from one place of a histogram to another.
    fn shift(&self, histogram: Histogram, by: Move) -> Result<(), StoreError> {
        let capped = |numbers: Option<i64>| numbers.map(|numbers| numbers.clamp(0, MOST_NUMBERS));
        let (from, to) = (capped(by.from), capped(by.to));
        if from == to {
            return Ok(());
        }
        if let Some(from) = from {
            self.sql.exec(
                "UPDATE users SET users = users - 1
                 WHERE histogram = ?1 AND numbers = ?2 AND users > 0",
                params![histogram.word(), from],
            )?;
        }
        if let Some(to) = to {
            self.sql.exec(
                "INSERT INTO users (histogram, numbers, users) VALUES (?1, ?2, 1)
                 ON CONFLICT (histogram, numbers) DO UPDATE SET users = users + 1",
                params![histogram.word(), to],
            )?;
        }
        Ok(())
    }

    /// Adds old hours up to days, and forgets old days.
    pub fn roll_up(&self) -> Result<(), StoreError> {
        let oldest = self.hour() - HOURS_KEPT + 1;
        let row = self.sql.exec("SELECT min(hour) FROM hours", params![])?;
        let first = row
            .first()
            .map(|row| row.maybe_integer(0))
            .transpose()?
            .flatten();
        if first.is_none_or(|first| first >= oldest) {
            return Ok(());
        }
        self.sql.exec(
            "INSERT INTO days (day, what, count)
             SELECT hour / 24, what, sum(count) FROM hours WHERE hour < ?1 GROUP BY 1, 2
             ON CONFLICT (day, what) DO UPDATE SET count = count + excluded.count",
            params![oldest],
        )?;
        self.sql
            .exec("DELETE FROM hours WHERE hour < ?1", params![oldest])?;
        self.sql.exec(
            "DELETE FROM days WHERE day < ?1",
            params![self.hour().div_euclid(DAY_HOURS) - DAYS_KEPT + 1],
        )?;
        Ok(())
    }

    fn hour(&self) -> i64 {
        self.now.div_euclid(HOUR)
    }
}
