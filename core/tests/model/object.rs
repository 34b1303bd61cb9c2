//! The object around the record: storage, one alarm, tasks. The scheduling is the shipped driver's. A crash
//! drops every task and everything that is not stored.

use std::{
    cell::{Cell, RefCell},
    pin::{Pin, pin},
    rc::Rc,
    task::{Context, Poll, Waker},
};

use texting::{
    driver::{self, AlarmNotSet, Claim, Driver, Task},
    ids::UserId,
    kv::{Kv, KvEntry, KvError},
    log::Entry,
    record::{command::Outcome, policy::Policy},
    statistics::report::Report,
    storage::{Sql, StoreError},
    time::{HOUR, SECOND, Timestamp},
};

use crate::{
    event::Event,
    host::FakeEffects,
    names::USER,
    network::{Attempt, Request, Response},
    parties::Luck,
    rows::{FailureRow, Rows},
    shared::{Happened, Shared},
    spec::texts::Why,
};

/// The object of our user, with its running tasks.
pub struct Object {
    pub shared: Rc<Shared>,
    driver: Rc<Driver<Instance>>,
    running: Vec<Running>,
    /// The call of the alarm's handler, until it returns.
    ringing: Option<Ringing>,
}

type Ringing = Pin<Box<dyn Future<Output = Result<(), AlarmNotSet>>>>;

/// A running task, with the number of its attempt.
struct Running {
    attempt: Attempt,
    task: Task,
}

/// One instance of the object, as the driver sees it.
struct Instance {
    shared: Rc<Shared>,
    started: RefCell<Vec<Running>>,
    /// The attempt whose effects were made last; the next task is its task.
    prepared: Cell<Option<Attempt>>,
    /// The attempt whose task is being polled.
    polled: Cell<Attempt>,
    /// The hour of the last report.
    reported: Cell<Option<i64>>,
    /// Whether it has crashed, after which it sets no alarm.
    crashed: Cell<bool>,
}

impl Instance {
    fn new(shared: Rc<Shared>) -> Self {
        Self {
            shared,
            started: RefCell::default(),
            prepared: Cell::new(None),
            polled: Cell::new(0),
            reported: Cell::new(None),
            crashed: Cell::new(false),
        }
    }

    fn crashes(&self) {
        self.crashed.set(true);
    }
}

impl driver::Object for Instance {
    type Effects = FakeEffects;

    fn now(&self) -> Timestamp {
        self.shared.now()
    }

    fn policy(&self) -> Result<Rc<Policy>, StoreError> {
        Ok(self.shared.policy.borrow().clone())
    }

    fn sql(&self) -> &dyn Sql {
        &self.shared.storage
    }

    fn transaction(
        &self,
        work: &mut dyn FnMut() -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.shared.tell_of_attempts();
        let done = self.shared.storage.transaction(work);
        match &done {
            Ok(()) => self.shared.alarm.turn_stored(self.shared.now()),
            Err(_) => self.shared.alarm.turn_broke(),
        }
        done
    }

    fn set_alarm(&self, at: Timestamp) -> bool {
        let shared = &self.shared;
        if self.crashed.get() {
            return false;
        }
        if shared.setup.faults && shared.random.below(400) == 0 && shared.alarm.refuse() {
            shared.trace.count("faults: alarms that could not be set");
            return false;
        }
        shared.alarm.set(at, shared.now());
        true
    }

    fn log(&self, entry: &Entry) {
        self.shared.trace.count(entry.message);
    }

    fn log_stored(&self, entries: &[Entry]) {
        let turned = Happened::Turned(entries.to_vec(), None);
        self.shared.happened.borrow_mut().push(turned);
    }

    fn effects(&self, claim: &Claim) -> Option<FakeEffects> {
        let effects = FakeEffects {
            shared: self.shared.clone(),
            attempt: self.shared.next_attempt(),
        };
        self.prepared.set(Some(effects.attempt));
        let claimed = Happened::Claimed(effects.attempt, Box::new(claim.clone()));
        self.shared.happened.borrow_mut().push(claimed);
        Some(effects)
    }

    fn spawn(&self, task: Task) {
        let prepared = self.prepared.take();
        let attempt = prepared.unwrap_or_else(|| self.shared.next_attempt());
        self.started.borrow_mut().push(Running { attempt, task });
    }

    fn kv(&self) -> &impl Kv {
        self
    }

    async fn tell_statistics(&self, report: &Report) -> bool {
        let is_of_erasure = report.links.to.is_none();
        if !is_of_erasure {
            let hour = self.shared.now().index_of(HOUR);
            let last = self.reported.replace(Some(hour));
            assert_ne!(last, Some(hour), "reported twice in an hour");
        }
        self.shared.trace.count("reports");
        let effects = FakeEffects {
            shared: self.shared.clone(),
            attempt: self.polled.get(),
        };
        let deadline = self.shared.now() + SECOND.times(10);
        match effects.ask(Request::Report, deadline).await {
            Response::Done(done) => done.is_ok(),
            other => panic!("{other:?}"),
        }
    }
}

/// KV for the driver, which only needs it to erase.
impl Kv for Instance {
    async fn get(&self, keys: &[String], _: Timestamp) -> Result<Vec<Option<String>>, KvError> {
        let kv = self.shared.kv.borrow();
        kv.get(keys, self.shared.now(), &self.shared.random)
    }

    async fn put(&self, _: KvEntry, _: Timestamp) -> Result<(), KvError> {
        panic!("an erasure writes nothing")
    }

    async fn delete(&self, key: &str, _: Timestamp) -> Result<(), KvError> {
        let mut kv = self.shared.kv.borrow_mut();
        match Luck::of(kv.mood, &self.shared.random) {
            Luck::Served => {
                kv.forget(key);
                Ok(())
            }
            _ => Err(KvError("KV: unreachable".to_owned())),
        }
    }
}

impl Object {
    pub fn new(shared: Rc<Shared>) -> Self {
        Self {
            driver: Driver::new(Instance::new(shared.clone())),
            shared,
            running: Vec::new(),
            ringing: None,
        }
    }

    pub fn is_busy(&self) -> bool {
        !self.running.is_empty()
    }

    /// Stores an event and starts what is due because of it.
    pub fn event(&mut self, event: &Event) -> Result<Outcome, StoreError> {
        let told = event.told(&self.shared.layer.borrow(), self.shared.now());
        let stored = self.driver.event(&UserId::new(USER), &told);
        if let Ok(outcome) = stored {
            self.shared.told(event, outcome);
        }
        self.settle();
        stored
    }

    /// The alarm rings.
    pub fn alarm(&mut self) {
        let shared = self.shared.clone();
        shared
            .trace
            .note(shared.now(), || "the alarm goes off".to_owned());
        shared.alarm.ring(shared.now());
        let driver = self.driver.clone();
        self.ringing = Some(Box::pin(async move { driver.alarm().await }));
        self.poll_alarm();
        // What a turn has stored is checked when the specification knows of it.
        let has_stored = !shared.happened.borrow().is_empty();
        if shared.storage.is_broken() && !has_stored {
            shared.check_alarm(&Rows::read(&shared.storage));
        }
        self.settle();
    }

    /// Polls the alarm's handler.
    fn poll_alarm(&mut self) {
        let mut context = Context::from_waker(Waker::noop());
        if let Some(ringing) = &mut self.ringing
            && let Poll::Ready(handled) = ringing.as_mut().poll(&mut context)
        {
            self.ringing = None;
            let shared = &self.shared;
            shared.alarm.handled(handled, shared.now());
        }
    }

    /// The operator has due work looked for.
    pub fn wake(&mut self) {
        let shared = &self.shared;
        shared
            .trace
            .note(shared.now(), || "the operator wakes it".to_owned());
        shared.alarm.unknown();
        let held = shared.held();
        // They may be released even if the turn that follows fails.
        drop(self.driver.wake());
        let still = shared.held();
        let released: Vec<u32> = held.into_iter().filter(|it| !still.contains(it)).collect();
        shared.with_spec(|spec, at| spec.released(at.now, &released));
        self.settle();
    }

    /// The operator retries a failure.
    pub fn retry(&mut self, failure: &FailureRow) {
        // The retry may be stored even if the turn that follows it fails.
        drop(self.driver.retry(failure.seq));
        let is_retried = |happened: &Happened| match happened {
            Happened::Turned(entries, _) => {
                entries.iter().any(|it| it.message == "failure.retried")
            }
            Happened::Claimed(..) => false,
        };
        let retried = self.shared.happened.borrow().iter().any(is_retried);
        if retried {
            self.shared.with_spec(|spec, at| spec.retried(at, failure));
        }
        self.settle();
    }

    /// The operator erases the user: the entries in KV first.
    pub fn erase(&mut self) {
        let user = UserId::new(USER);
        let mut context = Context::from_waker(Waker::noop());
        let driver = self.driver.clone();
        let erasure = pin!(driver.erase(&user));
        let Poll::Ready(erased) = Future::poll(erasure, &mut context) else {
            panic!("an erasure waits for nothing here")
        };
        if erased.is_ok() {
            self.shared.with_spec(|spec, at| spec.erase(at.now));
        }
        self.settle();
        if erased.is_ok() {
            // Writes that are on their way to KV arrive after the erasure: their entries may remain.
            let puts = self.shared.network.borrow().puts();
            self.shared.late_puts.borrow_mut().extend(puts);
            self.shared.check_forgotten();
        }
    }

    /// Polls an attempt's task.
    pub fn poll(&mut self, attempt: Attempt) {
        let is_it = |running: &Running| running.attempt == attempt;
        let Some(index) = self.running.iter().position(is_it) else {
            return;
        };
        self.driver.object().polled.set(attempt);
        let mut context = Context::from_waker(Waker::noop());
        if self.running[index]
            .task
            .as_mut()
            .poll(&mut context)
            .is_ready()
        {
            self.running.remove(index);
            self.shared.tell_of_attempts();
            self.over(attempt);
        }
        self.settle();
    }

    /// An attempt has ended: what it has not stored is lost.
    fn over(&self, attempt: Attempt) {
        let shared = &self.shared;
        shared
            .trace
            .note(shared.now(), move || format!("[{attempt}] is over"));
        let why = match shared.storage.is_broken() {
            true => Why::NotStored,
            false => Why::Forgotten,
        };
        shared.with_spec(|spec, _| spec.attempt_over(attempt, why));
    }

    /// Tells the specification what the driver did, polls new tasks for the first time, and maybe crashes if
    /// a turn broke off.
    fn settle(&mut self) {
        let has_broken = self.shared.storage.has_broken();
        self.shared.tell();
        if !has_broken {
            self.shared.check(None);
        }
        let started = self.driver.object().started.take();
        let attempts: Vec<Attempt> = started.iter().map(|running| running.attempt).collect();
        self.running.extend(started);
        if has_broken && self.may_crash() {
            return;
        }
        attempts.into_iter().for_each(|attempt| self.poll(attempt));
        self.poll_alarm();
    }

    /// A turn broke off: the object may crash with it. Returns whether it does.
    fn may_crash(&mut self) -> bool {
        self.shared.trace.count("faults: turns that broke off");
        let crashes = self.shared.random.percent(70);
        if crashes {
            self.crash();
        }
        crashes
    }

    /// Drops all tasks and everything that is not stored, and starts a new instance.
    pub fn crash(&mut self) {
        let shared = self.shared.clone();
        shared.trace.count("faults: crashes");
        shared
            .trace
            .note(shared.now(), || "the object crashes".to_owned());
        self.driver.object().crashes();
        self.ringing = None;
        for running in self.running.drain(..) {
            let attempt = running.attempt;
            drop(running);
            shared.with_spec(|spec, _| spec.attempt_over(attempt, Why::Crash));
        }
        shared.alarm.crash(shared.now());
        self.driver = Driver::new(Instance::new(shared));
    }
}
