//! What a record tells the statistics, from rows that are there anyway: how each notice and reply
//! ended, hour by hour, once those hours need not be remembered any more.
//!
//! A record reports when it is awake for another reason, at most once per hour, and deletes what it
//! reported once that is stored. So a quiet user's last hours arrive with their next activity, in the
//! right hour; and a crash between the two counts these hours twice.

use super::{
    Record,
    seen::{HEARD, SPAN, SPANS_KEPT},
    store::StoreError,
};
use crate::{
    params,
    statistics::report::{Count, Move, Report},
    time::{DAY, Millis},
};

/// Hours that nobody took are dropped after this long.
const KEPT_FOR: Millis = 30 * DAY;
/// Hours in one report; more wait for the next.
const MOST_HOURS: i64 = 240;

/// A report, and what to note once it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// What the statistics are to be told.
    pub report: Report,
    /// The last hour that it covers.
    through: i64,
}

impl Record<'_> {
    /// The hour that it is: a record looks once in each whether there is something to report.
    pub fn hour(&self) -> i64 {
        self.now.div_euclid(SPAN)
    }

    /// What is to be reported, if there are hours that need not be remembered any more.
    pub fn report_due(&self) -> Result<Option<Due>, StoreError> {
        let last = self.hour() - SPANS_KEPT - 1;
        let oldest = self.first("SELECT min(span) FROM seen", params![])?;
        match oldest
            .map(|row| row.maybe_integer(0))
            .transpose()?
            .flatten()
        {
            Some(oldest) if oldest <= last => self
                .report_through(last.min(oldest + MOST_HOURS - 1))
                .map(Some),
            _ => Ok(None),
        }
    }

    fn report_through(&self, through: i64) -> Result<Due, StoreError> {
        let (links, demand) = self.reported_before()?;
        let live = self.live_links()?;
        let wanted = live + self.conversations_without_number(through)?;
        let report = Report {
            counts: self.counts(through)?,
            links: Move {
                from: links,
                to: Some(live),
            },
            demand: Move {
                from: demand,
                to: Some(wanted),
            },
        };
        Ok(Due { report, through })
    }

    /// Everything that was not reported yet, for a record that is about to be erased: the user counts
    /// no more.
    pub fn last_report(&self) -> Result<Report, StoreError> {
        let (links, demand) = self.reported_before()?;
        Ok(Report {
            counts: self.counts(i64::MAX)?,
            links: Move {
                from: links,
                to: None,
            },
            demand: Move {
                from: demand,
                to: None,
            },
        })
    }

    /// The statistics have stored a report.
    pub fn reported(&self, due: &Due) -> Result<(), StoreError> {
        self.exec("DELETE FROM seen WHERE span <= ?1", params![due.through])?;
        let (links, demand) = (due.report.links.to, due.report.demand.to);
        self.exec(
            "UPDATE profile SET reported_links = ?1, reported_demand = ?2
             WHERE reported_links IS NOT ?1 OR reported_demand IS NOT ?2",
            params![links, demand],
        )?;
        Ok(())
    }

    /// The statistics did not take a report: its hours stay for the next time, but not for ever.
    pub fn not_reported(&self) -> Result<(), StoreError> {
        let oldest = (self.now - KEPT_FOR).div_euclid(SPAN);
        self.exec("DELETE FROM seen WHERE span < ?1", params![oldest])?;
        Ok(())
    }

    fn counts(&self, through: i64) -> Result<Vec<Count>, StoreError> {
        // What follows the first word of a state is not counted apart.
        let rows = self.exec(
            "SELECT span, substr(state, 1, instr(state || ' ', ' ') - 1) AS what, count(*)
             FROM seen WHERE span <= ?1 AND substr(state, 1, ?2) <> ?3
             GROUP BY span, what ORDER BY span, what",
            params![through, i64::try_from(HEARD.len()).unwrap_or(0), HEARD],
        )?;
        let read = |row: &super::store::Row| {
            Ok(Count {
                hour: row.integer(0)?,
                what: row.text(1)?,
                count: row.integer(2)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Conversations that have a number now.
    fn live_links(&self) -> Result<i64, StoreError> {
        let row = self.first(
            "SELECT count(DISTINCT conversation_id) FROM links WHERE expires_at >= ?1",
            params![self.now],
        )?;
        row.map_or(Ok(0), |row| row.integer(0))
    }

    /// Conversations that got no number in the hours that are reported, and still have none.
    fn conversations_without_number(&self, through: i64) -> Result<i64, StoreError> {
        let row = self.first(
            "SELECT count(DISTINCT substr(state, 11)) FROM seen
             WHERE span <= ?1 AND substr(state, 1, 10) = 'no_number ' AND substr(state, 11) NOT IN
                (SELECT conversation_id FROM links WHERE expires_at >= ?2)",
            params![through, self.now],
        )?;
        row.map_or(Ok(0), |row| row.integer(0))
    }

    fn reported_before(&self) -> Result<(Option<i64>, Option<i64>), StoreError> {
        let row = self.first(
            "SELECT reported_links, reported_demand FROM profile",
            params![],
        )?;
        row.map_or(Ok((None, None)), |row| {
            Ok((row.maybe_integer(0)?, row.maybe_integer(1)?))
        })
    }
}
