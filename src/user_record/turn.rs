//! One turn of a record: a transaction, then the alarm, with no await between.

use texting::{
    log::{Entry, Level},
    record::{Record, schema, store::StoreError, wake::SHORTEST_PAUSE},
    time::{MINUTE, Millis},
};
use worker::{
    js_sys::{Date, Promise},
    wasm_bindgen::JsValue,
};

use super::{Object, count};
use crate::edge;

/// An alarm that is this late, in milliseconds, is not worth the row that moving it costs.
pub(super) const ALARM_SLACK: Millis = 250;

impl Object {
    /// Runs one turn of the record as a transaction, then sets the alarm, with no await between.
    pub(super) fn turn<T>(
        &self,
        decide: impl FnOnce(&Record<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut decide = Some(decide);
        let mut decided = None;
        self.run_turn(&mut |record| {
            if let Some(decide) = decide.take() {
                decided = Some(decide(record)?);
            }
            Ok(())
        })?;
        decided.ok_or_else(|| StoreError::Refused("the turn did not run".to_owned()))
    }

    fn run_turn(
        &self,
        decide: &mut dyn FnMut(&Record<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let Some(configured) = self.configured() else {
            return Err(misconfigured());
        };
        let (mut wake, mut is_new) = (None, false);
        let mut entries = Vec::new();
        self.sql.transaction(&mut || {
            is_new = !self.migrated.get() && schema::migrate(&self.sql)?;
            let record = Record::new(&self.sql, &configured.policy, edge::now());
            decide(&record)?;
            wake = record.next_wake(self.room())?;
            entries = record.into_entries();
            Ok(())
        })?;
        self.migrated.set(true);
        if is_new {
            self.look_this_hour();
        }
        // An alarm that is not needed any more is left to ring: that is one request, deleting it would
        // be one row written, which costs seven times as much.
        if let Some(wake) = wake {
            self.arm(wake);
        }
        entries.iter().for_each(edge::log);
        Ok(())
    }

    /// When the record wants to be woken.
    pub(super) fn next_wake(&self) -> Result<Option<Millis>, StoreError> {
        let Some(configured) = self.configured() else {
            return Err(misconfigured());
        };
        schema::migrate(&self.sql)?;
        Record::new(&self.sql, &configured.policy, edge::now()).next_wake(self.room())
    }

    /// Sets the alarm, unless it stands there already, earlier, or hardly later: an early ring finds
    /// out when the next is wanted, while an alarm that each event puts off would never ring. One that
    /// should have rung a minute ago is lost.
    pub(super) fn arm(&self, at: Millis) {
        let now = edge::now();
        let at = if at <= now { now + SHORTEST_PAUSE } else { at };
        let stands = now - MINUTE..=at + ALARM_SLACK;
        if self
            .alarm
            .get()
            .is_some_and(|alarm| stands.contains(&alarm))
        {
            return;
        }
        let date = Date::new(&JsValue::from_f64(at as f64));
        match self
            .sql
            .storage()
            .as_raw()
            .set_alarm(date, JsValue::NULL.into())
        {
            Ok(promise) => {
                self.alarm.set(Some(at));
                self.watch(promise);
            }
            Err(error) => log_alarm(&error),
        }
    }

    /// The write itself is done; the output gate holds every answer until it is durable.
    fn watch(&self, promise: Promise) {
        count(&self.cost.alarms_set);
        self.state.wait_until(async move {
            if let Err(error) = wasm_bindgen_futures::JsFuture::from(promise).await {
                log_alarm(&error);
            }
        });
    }
}

fn misconfigured() -> StoreError {
    StoreError::Refused("misconfigured: see /health".to_owned())
}

fn log_alarm(error: &JsValue) {
    edge::log(&Entry::new(Level::Error, "record.alarm_not_set").with("why", format!("{error:?}")));
}
