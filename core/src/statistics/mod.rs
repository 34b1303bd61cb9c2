//! What happened over all users, by the hour and by the day, and how many numbers users need.
//!
//! One store takes what the users' records report (see [`crate::record::report`]). Hours and days are
//! those of UTC. An hour's counts are complete once every user who did something in it did something
//! again three hours later. They may be too high by what a record reported twice, because it crashed
//! after its report was stored and before it noted that.

pub mod advice;
pub mod report;
pub mod schema;
pub mod tables;

mod show;

use crate::{
    storage::{Sql, StoreError},
    time::{DAY, HOUR, Timestamp},
};
use report::{Count, Move, Report};
use tables::{Histogram, Tables};

/// So many hours are kept one by one.
const HOURS_KEPT: i64 = 48;
/// So many days are kept.
const DAYS_KEPT: i64 = 400;
/// Hours in a day.
const DAY_HOURS: i64 = DAY.as_millis() / HOUR.as_millis();
/// Users who need more numbers than this count as needing this many.
const MOST_NUMBERS: i64 = 1_000;
/// No word for how something ended is longer, in characters.
const LONGEST_WORD: usize = 32;

/// One turn of the statistics.
pub struct Statistics<'a> {
    tables: Tables<'a>,
    now: Timestamp,
}

impl<'a> Statistics<'a> {
    /// Opens a turn at a moment. The schema must be there: see [`schema::migrate`].
    pub fn new(sql: &'a dyn Sql, now: Timestamp) -> Self {
        Self {
            tables: Tables(sql),
            now,
        }
    }

    /// Adds what a user's record reports.
    ///
    /// # Errors
    /// [`StoreError`] when storage fails, as in every turn.
    pub fn add(&self, report: &Report) -> Result<(), StoreError> {
        for count in &report.counts {
            if self.is_plausible(count) {
                self.tables.add(count.hour, &count.what, count.count)?;
            }
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

    /// Moves one user from one bar of a histogram to another.
    fn shift(&self, histogram: Histogram, by: Move) -> Result<(), StoreError> {
        let capped = |numbers: Option<i64>| numbers.map(|numbers| numbers.clamp(0, MOST_NUMBERS));
        let (from, to) = (capped(by.from), capped(by.to));
        if from == to {
            return Ok(());
        }
        if let Some(from) = from {
            self.tables.remove_user(histogram, from)?;
        }
        if let Some(to) = to {
            self.tables.add_user(histogram, to)?;
        }
        Ok(())
    }

    /// Adds old hours up to days, and forgets old days.
    ///
    /// # Errors
    /// [`StoreError`] when storage fails.
    pub fn roll_up(&self) -> Result<(), StoreError> {
        let oldest = self.hour() - HOURS_KEPT + 1;
        let first = self.tables.oldest_hour()?;
        if first.is_none_or(|first| first >= oldest) {
            return Ok(());
        }
        self.tables.roll_up_before(oldest)?;
        self.tables.delete_days_before(self.day() - DAYS_KEPT + 1)
    }

    /// The hour that it is, counted from the epoch.
    fn hour(&self) -> i64 {
        self.now.index_of(HOUR)
    }

    /// The day that it is, counted from the epoch.
    fn day(&self) -> i64 {
        self.now.index_of(DAY)
    }
}
