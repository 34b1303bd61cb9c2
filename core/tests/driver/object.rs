//! A Durable Object, and what outlives an instance of it.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use texting::{
    chat::status::ReportOn,
    driver::{Claim, Object, Task},
    kv::Kv,
    log::Entry,
    phone::Number,
    record::policy::Policy,
    settings::{self, Settings},
    statistics::report::Report,
    storage::{Sql, StoreError},
    time::{DAY, HOUR, MINUTE, Span, Timestamp},
};

use crate::{effects::FakeEffects, kv::FakeKv, services::Services, storage::Storage, tasks::Tasks};

pub const PHONE: &str = "15550102030";
pub const DELAY: Span = MINUTE.times(10);
/// The first moment of an hour.
pub const START: Timestamp = Timestamp::from_millis(HOUR.times(472_222).as_millis());

const SETTINGS: [(&str, &str); 8] = [
    ("LAYER_APP_ID", "24f43c32-4d95-11e4-b3a2-0fd00000020d"),
    ("LAYER_BEARER_TOKEN", "layer-token"),
    ("LAYER_WEBHOOK_SECRET", "webhook-secret"),
    ("NEXMO_KEY", "nexmo-key"),
    ("NEXMO_SECRET", "nexmo-secret"),
    ("NEXMO_NUMBERS", "12025550101"),
    ("SERVER_URL", "https://texts.example.com"),
    ("DELAY", "10 minutes"),
];

/// What storage and KV were told, in order.
#[derive(Default)]
pub struct Journal(RefCell<Vec<String>>);

impl Journal {
    pub fn note(&self, line: &str) {
        self.0.borrow_mut().push(line.to_owned());
    }

    /// How many lines begin with these words.
    pub fn count(&self, beginning: &str) -> usize {
        let lines = self.0.borrow();
        lines
            .iter()
            .filter(|line| line.starts_with(beginning))
            .count()
    }

    /// Where the first line is that begins with these words.
    pub fn place_of(&self, beginning: &str) -> usize {
        let lines = self.0.borrow();
        let place = lines.iter().position(|line| line.starts_with(beginning));
        place.unwrap()
    }
}

/// The statistics, which store reports or do not.
pub struct Statistics {
    pub store: Cell<bool>,
    pub told: RefCell<Vec<Report>>,
}

pub struct World {
    pub now: Cell<Timestamp>,
    pub policy: RefCell<Policy>,
    pub settings: Settings,
    pub journal: Rc<Journal>,
    pub storage: Storage,
    pub kv: FakeKv,
    pub services: Services,
    pub statistics: Statistics,
    pub tasks: Tasks,
    /// Every setting of the alarm.
    pub alarms: RefCell<Vec<Timestamp>>,
    /// Whether the alarm can be set.
    pub alarm_works: Cell<bool>,
    logged: RefCell<Vec<&'static str>>,
}

impl World {
    pub fn new() -> Self {
        let journal = Rc::new(Journal::default());
        Self {
            now: Cell::new(START),
            policy: RefCell::new(policy()),
            settings: settings::read(setting).unwrap(),
            storage: Storage::new(journal.clone()),
            kv: FakeKv::new(journal.clone()),
            journal,
            services: Services::new(),
            statistics: Statistics {
                store: Cell::new(true),
                told: RefCell::default(),
            },
            tasks: Tasks::default(),
            alarms: RefCell::default(),
            alarm_works: Cell::new(true),
            logged: RefCell::default(),
        }
    }

    pub fn log(&self, entry: &Entry) {
        self.logged.borrow_mut().push(entry.message);
    }

    /// How often an entry was logged.
    pub fn logged(&self, message: &str) -> usize {
        let logged = self.logged.borrow();
        logged.iter().filter(|one| **one == message).count()
    }
}

fn setting(name: &str) -> Option<String> {
    let (_, value) = SETTINGS.iter().find(|(known, _)| *known == name)?;
    Some((*value).to_owned())
}

fn policy() -> Policy {
    Policy {
        delay: DELAY,
        number_expiration: DAY * 7,
        numbers: (101..120).map(number).collect(),
        report_on: ReportOn {
            sent: true,
            delivered: true,
        },
        answers_help: false,
    }
}

fn number(last: u32) -> Number {
    Number::from_digits(format!("12025550{last}"))
}

/// One instance of the object.
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

    fn stored(&self, entries: &[Entry]) {
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
