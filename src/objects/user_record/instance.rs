//! The core's trait [`Object`], implemented by an instance of the Durable Object.

use std::rc::Rc;

use serde_json::{Value, json};
use texting::{
    driver::{Claim, Object, Task},
    kv::Kv,
    log::{Entry, Level},
    record::policy::Policy,
    statistics::report::Report,
    storage::{Sql, StoreError},
    time::Timestamp,
};
use worker::{
    Env, Error, State, js_sys::Promise, wasm_bindgen::JsValue, wasm_bindgen_futures::JsFuture,
};

use super::{
    connections::Connections,
    cost::{Cost, CountedKv},
    effects::ObjectEffects,
};
use crate::{
    configuration::{self, Configuration},
    objects::statistics,
    platform::{clock, kv::KvNamespace, log::log, storage::ObjectStorage},
};

/// An instance of the object.
pub struct Instance {
    state: State,
    env: Env,
    configuration: Configuration,
    storage: ObjectStorage,
    kv: KvNamespace,
    cost: Rc<Cost>,
    connections: Rc<Connections>,
}

impl Instance {
    /// A new instance.
    pub fn new(state: State, env: Env) -> Self {
        Self {
            storage: ObjectStorage::new(state.storage()),
            configuration: configuration::read(&env),
            kv: KvNamespace::new(&env),
            cost: Rc::default(),
            connections: Rc::default(),
            state,
            env,
        }
    }

    /// Whether the settings are usable.
    pub fn is_configured(&self) -> bool {
        self.configuration.is_ok()
    }

    /// The object's id, as log events have it.
    pub fn id(&self) -> String {
        self.state.id().to_string()
    }

    /// What Cloudflare bills for this instance so far, as JSON. `tests/costs` reads it.
    pub fn cost(&self) -> Value {
        json!({
            "rows_read": self.storage.rows_read(),
            "rows_written": self.storage.rows_written(),
            "alarms_set": self.cost.alarms_set.get(),
            "kv_reads": self.cost.kv_reads.get(),
            "kv_writes": self.cost.kv_writes.get(),
            "waited_ms": self.cost.waited_ms.get(),
        })
    }

    /// The name by which the Worker calls the object: the user's id.
    #[cfg(feature = "deliberate-panic")]
    pub fn name(&self) -> String {
        self.state.id().name().unwrap_or_default()
    }

    /// Logs if the alarm could not be written.
    fn watch_alarm(&self, write: Promise) {
        self.state.wait_until(async move {
            if let Err(error) = JsFuture::from(write).await {
                log_alarm(error);
            }
        });
    }
}

impl Object for Instance {
    type Effects = ObjectEffects;

    fn now(&self) -> Timestamp {
        clock::now()
    }

    fn policy(&self) -> Result<Rc<Policy>, StoreError> {
        match &self.configuration {
            Ok(configured) => Ok(configured.policy.clone()),
            Err(_) => Err(StoreError::Refused("misconfigured: see /health".to_owned())),
        }
    }

    fn sql(&self) -> &dyn Sql {
        &self.storage
    }

    fn transaction(
        &self,
        work: &mut dyn FnMut() -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.storage.transaction(work)
    }

    fn set_alarm(&self, at: Timestamp) -> bool {
        match self.storage.set_alarm(at) {
            Ok(write) => {
                self.cost.alarms_set.count();
                self.watch_alarm(write);
                true
            }
            Err(error) => {
                log_alarm(error);
                false
            }
        }
    }

    fn log(&self, entry: &Entry) {
        log(entry);
    }

    fn log_stored(&self, entries: &[Entry]) {
        entries.iter().for_each(log);
    }

    fn effects(&self, _claim: &Claim) -> Option<ObjectEffects> {
        let configured = self.configuration.as_ref().ok()?;
        Some(ObjectEffects {
            env: self.env.clone(),
            configured: configured.clone(),
            kv: CountedKv {
                kv: self.kv.clone(),
                cost: self.cost.clone(),
                connections: self.connections.clone(),
            },
            connections: self.connections.clone(),
        })
    }

    fn spawn(&self, task: Task) {
        let (cost, began) = (self.cost.clone(), clock::now());
        self.state.wait_until(async move {
            task.await;
            let took = (clock::now() - began).as_millis();
            cost.waited_ms.add(usize::try_from(took).unwrap_or(0));
        });
    }

    fn kv(&self) -> &impl Kv {
        &self.kv
    }

    async fn tell_statistics(&self, report: &Report) -> bool {
        let added = statistics::client::add(&self.env, report).await;
        if let Err(error) = &added {
            log(&Entry::new(Level::Warn, "record.not_reported").with("why", error));
        }
        added.is_ok()
    }
}

fn log_alarm(error: JsValue) {
    log(&Entry::new(Level::Error, "record.alarm_not_set").with("why", Error::from(error)));
}
