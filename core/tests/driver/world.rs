//! What outlives an instance of the object.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use texting::{
    chat::status::ReportOn,
    log::Entry,
    phone::Number,
    record::policy::Policy,
    settings::{self, Settings, Var},
    statistics::report::Report,
    time::{DAY, HOUR, MINUTE, Span, Timestamp},
};

use crate::{journal::Journal, kv::FakeKv, services::Services, storage::Storage, tasks::Tasks};

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

/// The statistics, which store reports or do not.
pub struct Statistics {
    pub store: Cell<bool>,
    pub told: RefCell<Vec<Report>>,
}

pub struct World {
    pub now: Cell<Timestamp>,
    /// How many random numbers were drawn: they are small, but all differ.
    pub drawn: Cell<u32>,
    pub policy: RefCell<Policy>,
    pub settings: Settings,
    pub journal: Rc<Journal>,
    pub storage: Storage,
    pub kv: FakeKv,
    pub services: Services,
    pub statistics: Statistics,
    pub tasks: Tasks,
    /// The calls of alarms that have not returned.
    pub ringing: Tasks,
    /// Every setting of the alarm.
    pub alarms: RefCell<Vec<Timestamp>>,
    /// How many alarms the runtime lets ring again, because their handler failed.
    pub failed_alarms: Cell<u32>,
    /// Whether the alarm can be set.
    pub alarm_works: Cell<bool>,
    logged: RefCell<Vec<&'static str>>,
}

impl World {
    pub fn new() -> Self {
        let journal = Rc::new(Journal::default());
        Self {
            now: Cell::new(START),
            drawn: Cell::default(),
            policy: RefCell::new(policy()),
            settings: settings::read(&setting).unwrap(),
            storage: Storage::new(journal.clone()),
            kv: FakeKv::new(journal.clone()),
            journal,
            services: Services::new(),
            statistics: Statistics {
                store: Cell::new(true),
                told: RefCell::default(),
            },
            tasks: Tasks::default(),
            ringing: Tasks::default(),
            alarms: RefCell::default(),
            failed_alarms: Cell::default(),
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

fn setting(name: &str) -> Option<Var> {
    let (_, value) = SETTINGS.iter().find(|(known, _)| *known == name)?;
    Some(Var::from(*value))
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
        digest: None,
        max_texts_per_day: None,
        spreads_numbers: false,
        answers_help: false,
        same_reply_limit: None,
        receipts: None,
        mark_read: false,
    }
}

fn number(last: u32) -> Number {
    Number::from_digits(format!("12025550{last}"))
}
