//! What the object, its attempts and the history share.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeSet, HashMap, HashSet},
    rc::Rc,
};

use texting::{
    log::Entry,
    record::{Record, command::Outcome, policy::Policy, store::StoreError, wake::Room},
    time::{MINUTE, Millis},
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

/// As in the Worker's `user_record`.
pub const MOST_TEXTS: usize = 4;
pub const MOST_REPLIES: usize = 2;
const SHORTEST_PAUSE: Millis = 1_000;
pub const ALARM_SLACK: Millis = 250;

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
    pub policy: RefCell<Policy>,
    pub random: Random,
    pub clock: Cell<Millis>,
    pub storage: Storage,
    /// When the runtime wakes the object; survives crashes.
    pub alarm: Cell<Option<Millis>>,
    /// When this instance set the alarm to.
    pub known_alarm: Cell<Option<Millis>>,
    /// Whether this instance knows that the record knows whose it is.
    pub introduced: Cell<bool>,
    pub texts: Cell<usize>,
    pub replies: Cell<usize>,
    pub network: RefCell<Network>,
    pub nexmo: RefCell<Nexmo>,
    pub layer: RefCell<Layer>,
    pub kv: RefCell<Kv>,
    pub spec: RefCell<Spec>,
    /// When another user took over a phone and number.
    pub others: RefCell<HashMap<(String, String), Millis>>,
    /// Keys that were on their way to KV when the user was erased.
    pub late_puts: RefCell<HashSet<String>>,
    pub trace: Rc<Trace>,
}

impl Shared {
    pub fn new(seed: u64, trace: Rc<Trace>, now: Millis) -> Self {
        let random = Random::new(seed);
        let (setup, policy) = Setup::new(&random);
        Self {
            setup,
            policy: RefCell::new(policy),
            random,
            clock: Cell::new(now),
            storage: Storage::new(),
            alarm: Cell::new(None),
            known_alarm: Cell::new(None),
            introduced: Cell::new(false),
            texts: Cell::new(0),
            replies: Cell::new(0),
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

    pub fn now(&self) -> Millis {
        self.clock.get()
    }

    /// Runs something against the reference model at this moment.
    pub fn with_spec<T>(&self, ask: impl FnOnce(&mut Spec, Moment<'_>) -> T) -> T {
        let policy = self.policy.borrow();
        let introduces = self.setup.introduces;
        let moment = Moment {
            now: self.now(),
            policy: &policy,
            introduces,
        };
        ask(&mut self.spec.borrow_mut(), moment)
    }

    /// Runs one turn as a transaction, then sets the alarm; says what the log got.
    pub fn commit<T>(
        &self,
        decide: impl FnOnce(&Record<'_>) -> Result<T, StoreError>,
    ) -> Result<(T, Vec<Entry>), StoreError> {
        let policy = self.policy.borrow();
        let (done, wake, entries) = self.storage.transaction(|| {
            let record = Record::new(&self.storage, &policy, self.now());
            let done = decide(&record)?;
            let wake = record.next_wake(self.room())?;
            Ok((done, wake, record.into_entries()))
        })?;
        if let Some(wake) = wake {
            self.arm(wake);
        }
        Ok((done, entries))
    }

    /// When the record wants to be woken.
    pub fn next_wake(&self) -> Result<Option<Millis>, StoreError> {
        let policy = self.policy.borrow();
        let record = || Record::new(&self.storage, &policy, self.now());
        self.storage.transaction(|| record().next_wake(self.room()))
    }

    /// An attempt's turn.
    pub fn turn<T>(
        &self,
        attempt: Attempt,
        decide: impl FnOnce(&Record<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let (done, entries) = self.commit(decide)?;
        self.logged(&entries, Some(attempt));
        self.check();
        Ok(done)
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

    /// Looks at what is stored, after a turn.
    pub fn check(&self) {
        let rows = Rows::read(&self.storage);
        self.check_alarm(&rows);
        self.with_spec(|spec, at| spec.check(at, rows));
    }

    /// While work waits, a wake-up stands that is not later than the work.
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
        let room = self.room();
        let texts = texts.filter(|at| room.texts || *at > now);
        let replies = replies.filter(|at| room.replies || *at > now);
        let Some(wake) = texts.chain(replies).chain(rows.parts).min() else {
            let waits = !rows.notices.is_empty() || !rows.replies.is_empty();
            assert!(
                !waits || self.alarm.get().is_some(),
                "no wake-up, but work waits"
            );
            return;
        };
        let latest = wake.max(now + SHORTEST_PAUSE) + ALARM_SLACK;
        let stands = self.alarm.get().is_some_and(|alarm| alarm <= latest);
        assert!(
            stands,
            "work waits at {wake}, now {now}, but the alarm is {:?}",
            self.alarm
        );
    }

    pub fn room(&self) -> Room {
        Room {
            texts: self.texts.get() < MOST_TEXTS,
            replies: self.replies.get() < MOST_REPLIES,
        }
    }

    pub fn arm(&self, at: Millis) {
        let now = self.now();
        let at = if at <= now { now + SHORTEST_PAUSE } else { at };
        let stands = now - MINUTE..=at + ALARM_SLACK;
        let known = self.known_alarm.get();
        if known.is_some_and(|alarm| stands.contains(&alarm)) {
            return;
        }
        self.known_alarm.set(Some(at));
        self.alarm.set(Some(at));
    }

    /// A moment of waiting: mostly short, sometimes longer than anybody waits.
    pub fn latency(&self) -> Millis {
        match self.random.below(20) {
            0 if self.setup.faults => self.random.between(3_000, MINUTE / 2),
            1..4 => self.random.between(500, 2_900),
            _ => self.random.between(5, 400),
        }
    }
}
