//! What the object, its attempts and the history share.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeSet, HashMap, HashSet},
    rc::Rc,
};

use texting::{
    log::Entry,
    phone::{Number, Phone},
    record::{command::Outcome, policy::Policy},
    time::{MINUTE, SECOND, Span, Timestamp},
};

use crate::{
    event::Event,
    network::{Attempt, Network},
    parties::{kv::Kv, layer::Layer, nexmo::Nexmo},
    random::Random,
    rows::Rows,
    setup::Setup,
    spec::{Moment, Spec},
    storage::Storage,
    trace::Trace,
};

/// If work is due already, the alarm may be this long from now.
const SHORTEST_PAUSE: Span = SECOND;
/// No alarm may be set later than this after its work is due.
const LATEST_WAKE_UP: Span = Span::from_millis(250);

const DROPPED: [(&str, &str); 8] = [
    ("dropped: read", "read"),
    ("dropped: deleted", "deleted"),
    ("dropped: left", "left"),
    ("dropped: not reported", "not_reported"),
    ("dropped: blank", "blank"),
    ("dropped: no phone", "no_phone"),
    ("dropped: opted out", "opted_out"),
    ("dropped: no number", "no_number"),
];

pub struct Shared {
    pub setup: Setup,
    pub policy: RefCell<Rc<Policy>>,
    pub random: Random,
    pub clock: Cell<Timestamp>,
    pub storage: Storage,
    /// When the alarm rings. Survives crashes.
    pub alarm: Cell<Option<Timestamp>>,
    /// How many attempts there were.
    attempts: Cell<Attempt>,
    pub network: RefCell<Network>,
    pub nexmo: RefCell<Nexmo>,
    pub layer: RefCell<Layer>,
    pub kv: RefCell<Kv>,
    pub spec: RefCell<Spec>,
    /// When another user took over a phone and number.
    pub others: RefCell<HashMap<(Phone, Number), Timestamp>>,
    /// Keys of writes that were on their way to KV when the user was erased.
    pub late_puts: RefCell<HashSet<String>>,
    pub trace: Rc<Trace>,
}

impl Shared {
    pub fn new(seed: u64, trace: Rc<Trace>, now: Timestamp) -> Self {
        let random = Random::new(seed);
        let (setup, policy) = Setup::new(&random);
        Self {
            setup,
            policy: RefCell::new(Rc::new(policy)),
            random,
            clock: Cell::new(now),
            storage: Storage::new(),
            alarm: Cell::new(None),
            attempts: Cell::new(0),
            network: RefCell::default(),
            nexmo: RefCell::new(Nexmo::new()),
            layer: RefCell::new(Layer::new()),
            kv: RefCell::new(Kv::new()),
            spec: RefCell::default(),
            others: RefCell::default(),
            late_puts: RefCell::default(),
            trace,
        }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.get()
    }

    /// Calls `ask` with the specification, the time and the rules in force.
    pub fn with_spec<T>(&self, ask: impl FnOnce(&mut Spec, Moment<'_>) -> T) -> T {
        let policy = self.policy.borrow().clone();
        let introduces = self.setup.introduces;
        let moment = Moment {
            now: self.now(),
            policy: &policy,
            introduces,
        };
        ask(&mut self.spec.borrow_mut(), moment)
    }

    /// The number of a new attempt.
    pub fn next_attempt(&self) -> Attempt {
        self.attempts.set(self.attempts.get() + 1);
        self.attempts.get()
    }

    pub fn logged(&self, entries: &[Entry], attempt: Option<Attempt>) {
        for entry in entries {
            self.trace.count(entry.message);
            let dropped = |(_, why): &&(_, &str)| {
                entry.message == "notice.dropped"
                    && entry
                        .fields
                        .iter()
                        .any(|(name, is)| *name == "reason" && is == why)
            };
            if let Some((what, _)) = DROPPED.iter().find(dropped) {
                self.trace.count(what);
            }
            let shown = entry.clone();
            self.trace
                .note(self.now(), move || format!("{attempt:?} {shown:?}"));
            self.with_spec(|spec, at| spec.logged(at, entry, attempt));
        }
    }

    pub fn told(&self, event: &Event, outcome: Outcome) {
        let rows = Rows::read(&self.storage);
        let layer = self.layer.borrow();
        self.with_spec(|spec, at| spec.told(at, event, outcome, (&layer, &rows)));
    }

    /// Checks the rows and the alarm after a turn.
    pub fn check(&self) {
        let rows = Rows::read(&self.storage);
        self.check_alarm(&rows);
        self.with_spec(|spec, at| spec.check(at, rows));
    }

    /// Checks that the alarm is not later than the work that waits.
    fn check_alarm(&self, rows: &Rows) {
        let spec = self.spec.borrow();
        let now = self.now();
        let conversations: BTreeSet<u32> =
            rows.notices.iter().map(|row| row.conversation).collect();
        let texts = conversations.into_iter().filter_map(|conversation| {
            let of_it = || {
                rows.notices
                    .iter()
                    .filter(|row| row.conversation == conversation)
            };
            let leases = || of_it().filter_map(|row| row.lease);
            let open = leases().find(|lease| *lease > now);
            let first = spec.notices.first(conversation);
            let due = of_it().find(|row| Some(row.message) == first);
            open.or(leases().next()).or(due.map(|row| row.due))
        });
        let replies = rows.replies.iter().enumerate().filter_map(|(index, row)| {
            let is_first = rows.replies[..index]
                .iter()
                .all(|other| other.lane != row.lane);
            is_first.then(|| row.lease.filter(|lease| *lease > now).unwrap_or(row.due))
        });
        let texts = texts.filter(|at| spec.room_for_texts() || *at > now);
        let replies = replies.filter(|at| spec.room_for_replies() || *at > now);
        let Some(wake) = texts.chain(replies).chain(rows.parts).min() else {
            let waits = !rows.notices.is_empty() || !rows.replies.is_empty();
            assert!(
                !waits || self.alarm.get().is_some(),
                "no wake-up, but work waits"
            );
            return;
        };
        let latest = wake.max(now + SHORTEST_PAUSE) + LATEST_WAKE_UP;
        let stands = self.alarm.get().is_some_and(|alarm| alarm <= latest);
        assert!(
            stands,
            "work waits at {wake:?}, now {now:?}, but the alarm is {:?}; {rows:?}",
            self.alarm
        );
    }

    /// How long a response takes: mostly short, sometimes longer than any timeout.
    pub fn latency(&self) -> Span {
        match self.random.below(20) {
            0 if self.setup.faults => self.random.span(SECOND.times(3), MINUTE / 2),
            1..4 => self
                .random
                .span(Span::from_millis(500), Span::from_millis(2_900)),
            _ => self
                .random
                .span(Span::from_millis(5), Span::from_millis(400)),
        }
    }
}
