//! What a record reports to the statistics, from rows that are there anyway: how each notice and reply
//! ended, hour by hour, once those hours need not be remembered any more.
//!
//! A record reports when it is awake for another reason, at most once per hour, and deletes what it
//! reported once that is stored. So a quiet user's last hours arrive with their next activity, in the
//! right hour; and a crash between the two counts these hours twice.

use std::collections::BTreeSet;

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

/// Hours that were never reported are dropped after this long.
const KEPT_FOR: Span = DAY.times(30);
/// Hours in one report; more wait for the next.
const MOST_HOURS: i64 = 240;

/// A report, and what to note once it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// What the statistics are to be told.
    pub report: Report,
    /// The last hour that it covers.
    through_hour: i64,
}

impl Record<'_> {
    /// What is to be reported, if there are hours that need not be remembered any more.
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

    /// Everything that was not reported yet, for a record that is about to be erased: the user is no
    /// longer counted.
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

    /// Notes that the statistics have stored a report.
    pub fn reported(&self, due: &Due) -> Result<(), StoreError> {
        self.seen().delete_through(due.through_hour)?;
        self.profiles().set_reported(Reported {
            links: due.report.links.to,
            demand: due.report.demand.to,
        })
    }

    /// Notes that the statistics did not take a report: its hours stay for the next time, but not for
    /// ever.
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

    fn conversations_with_number(&self) -> Result<BTreeSet<ConversationId>, StoreError> {
        let links = self.links().all()?.into_iter();
        let current = links.filter(|link| link.expires_at >= self.now);
        Ok(current.map(|link| link.conversation_id).collect())
    }

    fn reported_before(&self) -> Result<Reported, StoreError> {
        let profile: Option<Profile> = self.profiles().find()?;
        Ok(profile.map(|profile| profile.reported).unwrap_or_default())
    }
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
