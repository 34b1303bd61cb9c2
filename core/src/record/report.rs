//! What a record reports to the statistics: how many of its notices and replies ended in each way, by hour.
//! The counts come from the table `seen`, whose rows recognise duplicates; only replies have a row there just
//! to be counted. An hour is reported when its rows are no longer needed.
//!
//! A record reports at most once an hour and only when it is awake for another reason, so an inactive user's
//! last hours are reported with the user's next activity. It deletes the rows of an hour once the statistics
//! have stored the report; a crash in between counts the hour twice.

use super::{
    HOURS_REMEMBERED, REMEMBERED_BY, Record,
    tables::profile::{Profile, Reported},
};
use crate::{
    ids::ConversationId,
    statistics::report::{Count, Move, Report},
    storage::StoreError,
    time::{DAY, Span},
};

/// Hours that could not be reported are deleted after this long.
const KEPT_FOR: Span = DAY.times(30);
/// The most hours that one report covers. More hours wait for the next report.
const MOST_HOURS: i64 = 240;

/// A report that is due. Once the statistics have stored it, it goes back to [`Record::reported`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The report.
    pub report: Report,
    /// The last hour that it covers.
    through_hour: i64,
}

impl Record<'_> {
    /// The report of all hours that are no longer needed; `None` if there is nothing to report.
    pub fn report_due(&self) -> Result<Option<Due>, StoreError> {
        let last = self.hour() - HOURS_REMEMBERED - 1;
        match self.seen().oldest_hour()? {
            Some(oldest) if oldest <= last => self
                .report_through(last.min(oldest + MOST_HOURS - 1))
                .map(Some),
            _ => Ok(None),
        }
    }

    fn report_through(&self, hour: i64) -> Result<Due, StoreError> {
        let before = self.reported_before()?;
        let linked = self.conversations_with_number()?;
        let without = self.seen().without_number(hour)?;
        let without = without.iter().filter(|id| !linked.contains(*id)).count();
        let links = count(linked.len());
        let report = Report {
            counts: self.counts(hour)?,
            links: Move {
                from: before.links,
                to: Some(links),
            },
            demand: Move {
                from: before.demand,
                to: Some(links + count(without)),
            },
        };
        Ok(Due {
            report,
            through_hour: hour,
        })
    }

    /// The last report of a record that is about to be erased: everything not reported yet. It also takes the
    /// user out of the histograms of needed numbers.
    pub fn last_report(&self) -> Result<Report, StoreError> {
        let before = self.reported_before()?;
        Ok(Report {
            counts: self.counts(i64::MAX)?,
            links: Move {
                from: before.links,
                to: None,
            },
            demand: Move {
                from: before.demand,
                to: None,
            },
        })
    }

    /// The statistics have stored a report: deletes the rows that it covers.
    pub fn reported(&self, due: &Due) -> Result<(), StoreError> {
        self.seen().delete_through(due.through_hour)?;
        self.profiles().set_reported(Reported {
            links: due.report.links.to,
            demand: due.report.demand.to,
        })
    }

    /// The statistics have not stored a report. Its hours stay for the next report, unless they are too old.
    pub fn not_reported(&self) -> Result<(), StoreError> {
        let oldest_kept = (self.now - KEPT_FOR).index_of(REMEMBERED_BY);
        self.seen().delete_through(oldest_kept - 1)
    }

    fn counts(&self, through_hour: i64) -> Result<Vec<Count>, StoreError> {
        let counts = self.seen().counts(through_hour)?;
        let reported = counts.into_iter().map(|ended| Count {
            hour: ended.hour,
            what: ended.word,
            count: ended.count,
        });
        Ok(reported.collect())
    }

    fn conversations_with_number(&self) -> Result<Vec<ConversationId>, StoreError> {
        let links = self.links().all()?.into_iter();
        let current = links.filter(|link| link.expires_at >= self.now);
        let mut conversations: Vec<ConversationId> =
            current.map(|link| link.conversation_id).collect();
        conversations.sort();
        conversations.dedup();
        Ok(conversations)
    }

    fn reported_before(&self) -> Result<Reported, StoreError> {
        let profile: Option<Profile> = self.profiles().find()?;
        Ok(profile.map(|profile| profile.reported).unwrap_or_default())
    }
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
