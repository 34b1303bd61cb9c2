//! One instance of the object.

use std::rc::Rc;

use texting::{
    driver::{Claim, Object, Task},
    kv::Kv,
    log::Entry,
    record::policy::Policy,
    statistics::report::Report,
    storage::{Sql, StoreError},
    time::Timestamp,
};

use crate::{effects::FakeEffects, world::World};

pub struct Instance(pub Rc<World>);

impl Object for Instance {
    type Effects = FakeEffects;

    fn now(&self) -> Timestamp {
        self.0.now.get()
    }

    fn policy(&self) -> Result<Rc<Policy>, StoreError> {
        Ok(Rc::new(self.0.policy.borrow().clone()))
    }

    fn sql(&self) -> &dyn Sql {
        &self.0.storage
    }

    fn transaction(
        &self,
        work: &mut dyn FnMut() -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.0.storage.transaction(work)
    }

    fn set_alarm(&self, at: Timestamp) -> bool {
        let works = self.0.alarm_works.get();
        if works {
            self.0.alarms.borrow_mut().push(at);
        }
        works
    }

    fn log(&self, entry: &Entry) {
        self.0.log(entry);
    }

    fn log_stored(&self, entries: &[Entry]) {
        entries.iter().for_each(|entry| self.0.log(entry));
    }

    fn effects(&self, _: &Claim) -> Option<FakeEffects> {
        Some(FakeEffects(self.0.clone()))
    }

    fn spawn(&self, task: Task) {
        self.0.tasks.spawn(task);
    }

    fn kv(&self) -> &impl Kv {
        &self.0.kv
    }

    async fn tell_statistics(&self, report: &Report) -> bool {
        self.0.statistics.told.borrow_mut().push(report.clone());
        self.0.statistics.store.get()
    }
}
