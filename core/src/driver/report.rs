//! When a record reports to the statistics: beside whatever it is awake for, at most once an hour.

use std::{cell::Cell, rc::Rc};

use super::{Driver, Object};
use crate::{
    record::Record,
    statistics::report::Report,
    storage::StoreError,
    time::{HOUR, Timestamp},
};

/// The hour in which this instance last looked for something to report.
#[derive(Default)]
pub(super) struct ReportClock(Cell<Option<i64>>);

impl ReportClock {
    /// Whether this is the first look in the hour of `now`; the next one is not.
    fn is_first_look(&self, now: Timestamp) -> bool {
        let hour = Some(now.index_of(HOUR));
        self.0.replace(hour) != hour
    }
}

impl<O: Object> Driver<O> {
    pub(super) fn is_first_look_this_hour(&self) -> bool {
        self.reports.is_first_look(self.object.now())
    }

    /// Reports the hours that are over, unless it was done in this hour.
    pub(super) fn report(self: &Rc<Self>) {
        if !self.is_first_look_this_hour() {
            return;
        }
        let driver = self.clone();
        self.object.spawn(Box::pin(async move {
            if let Err(error) = driver.report_hours().await {
                driver.log_storage_error(&error);
            }
        }));
    }

    async fn report_hours(&self) -> Result<(), StoreError> {
        self.turn(|record| record.forget_old())?;
        let policy = self.object.policy()?;
        let record = Record::new(self.object.sql(), &policy, self.object.now());
        let Some(due) = record.report_due()? else {
            return Ok(());
        };
        // If this object crashes after the statistics stored the report and before that is noted here,
        // the report is counted twice: the alternative is to lose it.
        if self.tell(&due.report).await {
            self.turn(|record| record.reported(&due))
        } else {
            self.turn(|record| record.not_reported())
        }
    }

    /// Tells the statistics a report; one that changes nothing counts as told.
    pub(super) async fn tell(&self, report: &Report) -> bool {
        report.is_empty() || self.object.tell_statistics(report).await
    }
}
