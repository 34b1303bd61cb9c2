//! The tables of the statistics: definitions, statements and rows.

use strum::IntoStaticStr;

use crate::{
    params,
    storage::{Columns, FromRow, Row, Sql, StoreError, Value},
};

/// Version 1 of the tables.
pub const CREATE: [&str; 3] = [
    "CREATE TABLE hours (
        hour INTEGER, what TEXT, count INTEGER NOT NULL,
        PRIMARY KEY (hour, what)) WITHOUT ROWID",
    "CREATE TABLE days (
        day INTEGER, what TEXT, count INTEGER NOT NULL,
        PRIMARY KEY (day, what)) WITHOUT ROWID",
    "CREATE TABLE users (
        histogram TEXT, numbers INTEGER, users INTEGER NOT NULL,
        PRIMARY KEY (histogram, numbers)) WITHOUT ROWID",
];

/// A count of one hour or one day.
pub struct SpanCount {
    /// Hours or days since the epoch.
    pub span: i64,
    /// What happened.
    pub what: String,
    /// How often.
    pub count: i64,
}

/// The histograms over users.
#[derive(Clone, Copy, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Histogram {
    /// By conversations that have a number.
    Links,
    /// By conversations that have or need a number.
    Demand,
}

/// One bar of a histogram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// How many numbers a user has or needs.
    pub numbers: u32,
    /// How many users.
    pub users: u32,
}

/// The tables. Statements contain the literal `24`: a Durable Object binds numbers as floating-point, and a
/// division by a bound number would not be an integer division.
pub struct Tables<'a>(pub(super) &'a dyn Sql);

impl Tables<'_> {
    /// Adds to the count of an hour.
    pub fn add(&self, hour: i64, what: &str, count: i64) -> Result<(), StoreError> {
        self.write(
            "INSERT INTO hours (hour, what, count) VALUES (?1, ?2, ?3)
             ON CONFLICT (hour, what) DO UPDATE SET count = count + excluded.count",
            params![hour, what, count],
        )
    }

    /// The oldest hour that is kept separately.
    pub fn oldest_hour(&self) -> Result<Option<i64>, StoreError> {
        let row = self.0.first("SELECT min(hour) FROM hours", params![])?;
        row.map_or(Ok(None), |row| row.read())
    }

    /// Adds the hours before `hour` to their days.
    pub fn roll_up_before(&self, hour: i64) -> Result<(), StoreError> {
        self.write(
            "INSERT INTO days (day, what, count)
             SELECT hour / 24, what, sum(count) FROM hours WHERE hour < ?1 GROUP BY 1, 2
             ON CONFLICT (day, what) DO UPDATE SET count = count + excluded.count",
            params![hour],
        )?;
        self.write("DELETE FROM hours WHERE hour < ?1", params![hour])
    }

    /// Deletes the days before `day`.
    pub fn delete_days_before(&self, day: i64) -> Result<(), StoreError> {
        self.write("DELETE FROM days WHERE day < ?1", params![day])
    }

    /// The counts of the hours after `hour`.
    pub fn hours_after(&self, hour: i64) -> Result<Vec<SpanCount>, StoreError> {
        self.all(
            "SELECT hour, what, count FROM hours WHERE hour > ?1 ORDER BY hour, what",
            params![hour],
        )
    }

    /// The counts of all days, including hours that are not rolled up yet.
    pub fn days(&self) -> Result<Vec<SpanCount>, StoreError> {
        self.all(
            "SELECT day, what, sum(count) FROM (
                SELECT day, what, count FROM days
                UNION ALL SELECT hour / 24, what, count FROM hours)
             GROUP BY day, what ORDER BY day, what",
            params![],
        )
    }

    /// The total count of `what` after `day`.
    pub fn total_after(&self, day: i64, what: &str) -> Result<i64, StoreError> {
        let row = self.0.first(
            "SELECT coalesce(sum(count), 0) FROM (
                SELECT count FROM days WHERE what = ?2 AND day > ?1
                UNION ALL SELECT count FROM hours WHERE what = ?2 AND hour / 24 > ?1)",
            params![day, what],
        )?;
        row.map_or(Ok(0), |row| row.read())
    }

    /// Removes a user from a bar.
    pub fn remove_user(&self, histogram: Histogram, numbers: i64) -> Result<(), StoreError> {
        self.write(
            "UPDATE users SET users = users - 1
             WHERE histogram = ?1 AND numbers = ?2 AND users > 0",
            params![<&str>::from(histogram), numbers],
        )
    }

    /// Adds a user to a bar.
    pub fn add_user(&self, histogram: Histogram, numbers: i64) -> Result<(), StoreError> {
        self.write(
            "INSERT INTO users (histogram, numbers, users) VALUES (?1, ?2, 1)
             ON CONFLICT (histogram, numbers) DO UPDATE SET users = users + 1",
            params![<&str>::from(histogram), numbers],
        )
    }

    /// The bars of a histogram that have users, in order.
    pub fn bars(&self, histogram: Histogram) -> Result<Vec<Bar>, StoreError> {
        self.all(
            "SELECT numbers, users FROM users WHERE histogram = ?1 AND users > 0 ORDER BY numbers",
            params![<&str>::from(histogram)],
        )
    }

    fn all<T: FromRow>(&self, statement: &str, params: &[Value]) -> Result<Vec<T>, StoreError> {
        let rows = self.0.exec(statement, params)?;
        rows.iter().map(Row::read).collect()
    }

    fn write(&self, statement: &str, params: &[Value]) -> Result<(), StoreError> {
        self.0.exec(statement, params).map(|_| ())
    }
}

impl FromRow for SpanCount {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, StoreError> {
        Ok(SpanCount {
            span: columns.next()?,
            what: columns.next()?,
            count: columns.next()?,
        })
    }
}

impl FromRow for Bar {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, StoreError> {
        let (numbers, users): (i64, i64) = (columns.next()?, columns.next()?);
        let capped = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(Bar {
            numbers: capped(numbers),
            users: capped(users),
        })
    }
}
