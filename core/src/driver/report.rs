//! When a record reports to the statistics: when it is awake for another reason, at most once an hour.

use std::{cell::Cell, rc::Rc};

use super::{Driver, Object};
use crate::{
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
    /// Starts a task that deletes old rows and reports what is due, unless this was done in the current hour.
    pub(super) fn report(self: &Rc<Self>) {
        let now = self.object.now();
        if !self.reports.is_due(now) {
            return;
        }
        self.reports.looked(now);
        let driver = self.clone();
        self.object.spawn(Box::pin(async move {
            if let Err(error) = driver.report_hours().await {
                driver.log_storage_error(&error);
            }
        }));
    }

    async fn report_hours(&self) -> Result<(), StoreError> {
        let due = self.turn(|record| {
            record.forget_old()?;
            record.report_due()
        })?;
        let Some(due) = due else { return Ok(()) };
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
