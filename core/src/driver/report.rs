//! When a record reports to the statistics: when it is awake for another reason, at most once an hour.

use std::cell::Cell;

use super::{Driver, Object};
use crate::{
    record::{Record, report::Due},
    statistics::report::Report,
    storage::StoreError,
    time::{HOUR, Timestamp},
};

/// The hour in which this instance last checked whether there is something to report.
#[derive(Default)]
pub(super) struct ReportClock(Cell<Option<i64>>);

impl ReportClock {
    /// Whether it has not checked yet in the hour of `now`.
    fn is_due(&self, now: Timestamp) -> bool {
        self.0.get() != Some(now.index_of(HOUR))
    }

    /// Notes a check at `now`. The next one is due in the next hour.
    pub fn looked(&self, now: Timestamp) {
        self.0.set(Some(now.index_of(HOUR)));
    }
}

impl<O: Object> Driver<O> {
    /// Deletes old rows and looks for a report that is due, unless a turn that was stored did so in the current
    /// hour. Logs an error: what else the turn does is to be stored.
    pub(super) fn find_report(&self, record: &Record<'_>) -> Option<Due> {
        let now = self.object.now();
        if !self.reports.is_due(now) {
            return None;
        }
        let found = record.forget_old().and_then(|()| record.report_due());
        found.unwrap_or_else(|error| {
            self.log_storage_error(&error);
            None
        })
    }

    /// Reports what is due, and stores whether that was done.
    pub(super) async fn report(&self, due: Due) -> Result<(), StoreError> {
        // If this object crashes after the statistics stored the report and before the next turn, the report
        // is counted twice. The other order could lose it.
        if self.tell(&due.report).await {
            self.turn(|record| record.reported(&due))
        } else {
            self.turn(|record| record.not_reported())
        }
    }

    /// Sends a report to the statistics, unless it is empty. Returns `false` if they did not store it.
    pub(super) async fn tell(&self, report: &Report) -> bool {
        report.is_empty() || self.object.tell_statistics(report).await
    }
}
