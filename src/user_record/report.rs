//! A record's reports to the statistics, beside its events.

use std::rc::Rc;

use texting::{
    log::{Entry, Level},
    record::{Record, store::StoreError},
    statistics::report::Report,
    time::HOUR,
};

use super::{Object, log_storage};
use crate::{edge, statistics};

impl Object {
    /// Tells the statistics of hours that are over, beside whatever the record is awake for, and at
    /// most once an hour.
    pub(super) fn report(self: &Rc<Self>) {
        if !self.look_this_hour() {
            return;
        }
        let object = self.clone();
        self.state.wait_until(async move {
            if let Err(error) = object.report_hours().await {
                log_storage(&error);
            }
        });
    }

    /// Whether nobody has looked yet in this hour for something to report; now somebody has.
    pub(super) fn look_this_hour(&self) -> bool {
        let hour = edge::now().div_euclid(HOUR);
        self.looked.replace(Some(hour)) != Some(hour)
    }

    async fn report_hours(&self) -> std::result::Result<(), StoreError> {
        let Some(configured) = self.configured() else {
            return Ok(());
        };
        self.turn(|record| record.forget_old())?;
        let record = Record::new(&self.sql, &configured.policy, edge::now());
        let Some(due) = record.report_due()? else {
            return Ok(());
        };
        // What is stored there and not noted here, because this object crashes in between, is counted
        // twice: the other choice is to lose it.
        if self.tell_statistics(&due.report).await {
            self.turn(|record| record.reported(&due))
        } else {
            self.turn(|record| record.not_reported())
        }
    }

    pub(super) async fn tell_statistics(&self, report: &Report) -> bool {
        if report.is_empty() {
            return true;
        }
        let told = statistics::tell(&self.env, report).await;
        if let Err(error) = &told {
            edge::log(&Entry::new(Level::Warn, "record.not_reported").with("why", error));
        }
        told.is_ok()
    }
}
