//! What an operator may see of the statistics.

use serde_json::{Map, Value as Json, json};

use super::{DAY_HOURS, HOURS_KEPT, Histogram, Statistics, advice};
use crate::{
    params,
    record::store::{Row, StoreError},
    time::{DAY, HOUR, Millis},
};

/// Records keep this many hours to themselves, the current one not counted.
const UNREPORTED: i64 = 2;
/// Days over which notices without a number are added up.
const MONTH: i64 = 30;

impl Statistics<'_> {
    /// Everything: hours and days in which something ended, the histograms, the advice.
    pub fn show(&self) -> Result<Json, StoreError> {
        let (links, demand) = (
            self.users(Histogram::Links)?,
            self.users(Histogram::Demand)?,
        );
        Ok(json!({
            "now": self.now,
            "complete_to": (self.hour() - UNREPORTED) * HOUR,
            "hours": self.hours()?,
            "days": self.days()?,
            "users": advice::total(&links),
            "links_per_user": places(&links),
            "demand_per_user": places(&demand),
            "without_number": self.without_number()?,
            "advice": advice::advise(&links, &demand),
        }))
    }

    fn hours(&self) -> Result<Vec<Json>, StoreError> {
        let rows = self.sql.exec(
            "SELECT hour, what, count FROM hours WHERE hour > ?1 ORDER BY hour, what",
            params![self.hour() - HOURS_KEPT],
        )?;
        spans(&rows, HOUR)
    }

    /// Days are those rolled up, and of the hours that are not yet.
    fn days(&self) -> Result<Vec<Json>, StoreError> {
        let rows = self.sql.exec(
            "SELECT day, what, sum(count) FROM (
                SELECT day, what, count FROM days
                UNION ALL SELECT hour / 24, what, count FROM hours)
             GROUP BY day, what ORDER BY day, what",
            params![],
        )?;
        spans(&rows, DAY)
    }

    /// Notices that were dropped in the last 30 days because no number was left.
    fn without_number(&self) -> Result<i64, StoreError> {
        let rows = self.sql.exec(
            "SELECT coalesce(sum(count), 0) FROM (
                SELECT count FROM days WHERE what = 'no_number' AND day > ?1
                UNION ALL SELECT count FROM hours WHERE what = 'no_number' AND hour / 24 > ?1)",
            params![self.hour().div_euclid(DAY_HOURS) - MONTH],
        )?;
        rows.first().map_or(Ok(0), |row| row.integer(0))
    }

    fn users(&self, histogram: Histogram) -> Result<Vec<(u32, u32)>, StoreError> {
        let rows = self.sql.exec(
            "SELECT numbers, users FROM users WHERE histogram = ?1 AND users > 0 ORDER BY numbers",
            params![histogram.word()],
        )?;
        let count = |row: &Row, column| Ok(u32::try_from(row.integer(column)?).unwrap_or(u32::MAX));
        rows.iter()
            .map(|row| Ok((count(row, 0)?, count(row, 1)?)))
            .collect()
    }
}

fn places(histogram: &advice::Histogram) -> Vec<Json> {
    let place = |(numbers, users): &(u32, u32)| json!({ "numbers": numbers, "users": users });
    histogram.iter().map(place).collect()
}

/// Rows of span, word and count, in order, as one object for each span.
fn spans(rows: &[Row], length: Millis) -> Result<Vec<Json>, StoreError> {
    let mut spans: Vec<(i64, Map<String, Json>)> = Vec::new();
    for row in rows {
        let (span, what, count) = (row.integer(0)?, row.text(1)?, row.integer(2)?);
        match spans.last_mut().filter(|(last, _)| *last == span) {
            Some((_, counts)) => {
                counts.insert(what, count.into());
            }
            None => spans.push((span, Map::from_iter([(what, count.into())]))),
        }
    }
    let shown = |(span, counts)| json!({ "from": span * length, "counts": Json::Object(counts) });
    Ok(spans.into_iter().map(shown).collect())
}
