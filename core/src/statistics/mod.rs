//! Statistics over all users: counts by the hour and by the day, and how many numbers users need.
//!
//! One store adds up the reports of the user records (see [`crate::record::report`]). Hours and days are in
//! UTC. The counts of an hour are complete once every user active in it was active again three hours later.
//! They may be too high: a record that crashes after its report was stored, before it notes that, reports
//! again.

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

/// How many hours are kept separately.
const HOURS_KEPT: i64 = 48;
/// How many days are kept.
const DAYS_KEPT: i64 = 400;
/// Hours in a day.
const DAY_HOURS: i64 = DAY.as_millis() / HOUR.as_millis();
/// The last bar of the histograms; users with more numbers count there.
const MOST_NUMBERS: i64 = 1_000;
/// The longest accepted word for what happened, in characters.
const LONGEST_WORD: usize = 32;

/// One turn of the statistics.
pub struct Statistics<'a> {
    tables: Tables<'a>,
    now: Timestamp,
}

impl<'a> Statistics<'a> {
    /// Opens a turn. The schema must exist: see [`schema::migrate`].
    pub fn new(sql: &'a dyn Sql, now: Timestamp) -> Self {
        Self {
            tables: Tables(sql),
            now,
        }
    }

    /// Adds the report of a user record.
    ///
    /// # Errors
    /// [`StoreError`] when storage fails.
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

    /// Adds old hours to their days and deletes old days.
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

    /// The present hour, counted from the epoch.
    fn hour(&self) -> i64 {
        self.now.index_of(HOUR)
    }

    /// The present day, counted from the epoch.
    fn day(&self) -> i64 {
        self.now.index_of(DAY)
    }
}
