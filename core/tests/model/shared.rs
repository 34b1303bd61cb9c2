//! What the object, its attempts and the history share.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeSet, HashMap, HashSet},
    rc::Rc,
};

use texting::{
    chat::port::Chat,
    driver::Claim,
    ids::ConversationId,
    log::Entry,
    pace::Pace,
    phone::{Number, Phone},
    record::{command::Outcome, policy::Policy},
    time::{HOUR, MINUTE, SECOND, Span, Timestamp},
};

use crate::{
    alarm::{Alarm, SHORTEST_PAUSE, SLACK},
    event::Event,
    names::number_of,
    network::{Attempt, Network},
    parties::{kv::Kv, layer::Layer, nexmo::Nexmo},
    random::Random,
    rows::Rows,
    setup::Setup,
    spec::{self, LEASE, Moment, Spec},
    storage::Storage,
    trace::Trace,
};

const DROPPED: [(&str, &str); 13] = [
    ("dropped: read", "read"),
    ("dropped: deleted", "deleted"),
    ("dropped: left", "left"),
    ("dropped: not reported", "not_reported"),
    ("dropped: blank", "blank"),
    ("dropped: no phone", "no_phone"),
    ("dropped: opted out", "opted_out"),
    ("dropped: no number", "no_number"),
    ("dropped: unwanted", "unwanted"),
    ("dropped: capped", "capped"),
    ("dropped: read or muted", "read_or_muted"),
    ("dropped: too old", "too_old"),
    ("dropped: unreachable", "unreachable"),
];

/// Something that the driver did, of which the specification does not know yet.
pub enum Happened {
    /// A turn, which may be an attempt's, was stored and logged this.
    Turned(Vec<Entry>, Option<Attempt>),
    Claimed(Attempt, Box<Claim>),
}

pub struct Shared {
    pub setup: Setup,
    pub policy: RefCell<Rc<Policy>>,
    pub random: Random,
    pub clock: Cell<Timestamp>,
    pub storage: Storage,
    pub alarm: Alarm,
    /// How many attempts there were.
    attempts: Cell<Attempt>,
    pub network: RefCell<Network>,
    pub nexmo: RefCell<Nexmo>,
    pub layer: RefCell<Layer>,
    pub kv: RefCell<Kv>,
    /// The paces of numbers.
    pub paces: RefCell<HashMap<Number, Pace>>,
    pub spec: RefCell<Spec>,
    /// When another user took over a phone and number.
    pub others: RefCell<HashMap<(Phone, Number), Timestamp>>,
    /// Keys of writes that were on their way to KV when the user was erased.
    pub late_puts: RefCell<HashSet<String>>,
    pub trace: Rc<Trace>,
    pub happened: RefCell<Vec<Happened>>,
}

impl Shared {
    pub fn new(seed: u64, trace: Rc<Trace>, now: Timestamp) -> Self {
        let random = Random::new(seed);
        let setup = Setup::new(&random);
        let policy = Policy::from(&setup.settings);
        Self {
            setup,
            policy: RefCell::new(Rc::new(policy)),
            random,
            clock: Cell::new(now),
            storage: Storage::new(),
            alarm: Alarm::default(),
            attempts: Cell::new(0),
            network: RefCell::default(),
            nexmo: RefCell::new(Nexmo::new()),
            layer: RefCell::new(Layer::new()),
            kv: RefCell::new(Kv::new()),
            paces: RefCell::default(),
            spec: RefCell::default(),
            others: RefCell::default(),
            late_puts: RefCell::default(),
            trace,
            happened: RefCell::default(),
        }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.get()
    }

    /// Calls `ask` with the specification, the time and the rules in force.
    pub fn with_spec<T>(&self, ask: impl FnOnce(&mut Spec, Moment<'_>) -> T) -> T {
        let policy = self.policy.borrow().clone();
        let moment = Moment {
            now: self.now(),
            policy: &policy,
            setup: &self.setup,
        };
        ask(&mut self.spec.borrow_mut(), moment)
    }

    /// The number of a new attempt.
    pub fn next_attempt(&self) -> Attempt {
        self.attempts.set(self.attempts.get() + 1);
        self.attempts.get()
    }

    /// Tells the specification what the driver did, and checks the rows. An attempt's last turn claims what is due next.
    pub fn tell(&self) {
        let mut of = None;
        let happened = self.happened.take();
        if happened.is_empty() {
            return;
        }
        for one in happened {
            match one {
                Happened::Turned(entries, attempt) => {
                    self.logged(&entries, attempt);
                    of = of.or(attempt);
                    if attempt.is_some() {
                        let rows = Rows::read(&self.storage);
                        self.with_spec(|spec, _| spec.advance(&rows));
                    }
                }
                Happened::Claimed(attempt, claim) => self.claimed(attempt, &claim, of),
            }
        }
        if !self.storage.has_failed() {
            self.check(of);
        }
    }

    /// The same, if the turn was an attempt's.
    pub fn tell_of_attempts(&self) {
        let is_attempts = |it: &Happened| matches!(it, Happened::Turned(_, Some(_)));
        let tells = self.happened.borrow().iter().any(is_attempts);
        if tells {
            self.tell();
        }
    }

    fn claimed(&self, attempt: Attempt, claim: &Claim, follows: Option<Attempt>) {
        let id = match claim {
            Claim::Text(claim) => {
                self.forget_members(&claim.conversation_id);
                self.with_spec(|spec, at| spec.claimed_text(at, attempt, claim, follows));
                claim.message_id.to_string()
            }
            Claim::Reply(claim) => {
                self.with_spec(|spec, at| spec.claimed_reply(at.now, attempt, claim, follows));
                claim.reply.message_id.to_string()
            }
        };
        self.trace
            .note(self.now(), move || format!("[{attempt}] claims {id}"));
    }

    /// Each attempt asks a homeserver anew who is in the room. Others may remember it for a minute.
    fn forget_members(&self, room: &ConversationId) {
        if let Chat::Matrix(matrix) = &self.setup.settings.chat {
            matrix.members.forget(room);
        }
    }

    /// A message that the user's notifications have as unread is not dropped as if they had not.
    fn check_quiet(&self, entry: &Entry) {
        let field = |name| spec::said::field(entry, name);
        if entry.message != "notice.dropped"
            || !matches!(field("reason"), "read_or_muted" | "too_old")
        {
            return;
        }
        let layer = self.layer.borrow();
        let message = layer.message(number_of(field("message_id")));
        assert!(
            !layer.is_notified_unread(message, self.now()),
            "{entry:?}, but it is unread"
        );
        let is_old = self.now() - message.sent_at > HOUR * 23;
        assert!(is_old || field("reason") == "read_or_muted", "{entry:?}");
    }

    pub fn logged(&self, entries: &[Entry], attempt: Option<Attempt>) {
        for entry in entries {
            self.trace.count(entry.message);
            self.check_quiet(entry);
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

    /// Checks the rows and the alarm after a turn, which may be an attempt's. Without a turn, nothing has changed.
    pub fn check(&self, attempt: Option<Attempt>) {
        if !self.storage.has_turned() {
            return;
        }
        let mut rows = Rows::read(&self.storage);
        self.with_spec(|spec, at| spec.check(at, &mut rows, attempt));
        self.check_alarm(&rows);
    }

    /// Checks that the alarm is not later than the work that waits, or than the shortest pause from now. While
    /// the last turn is one that broke off, it may be as late as the end of the lease that a claim of that turn
    /// would have got.
    pub fn check_alarm(&self, rows: &Rows) {
        if self.alarm.is_refused() {
            return;
        }
        let now = self.now();
        let alarm = self.alarm.seems_to_ring_at();
        let Some(wake) = self.wake(rows) else {
            assert!(
                !rows.has_work() || alarm.is_some(),
                "no wake-up, but work waits"
            );
            return;
        };
        let pause = match self.alarm.has_broken_turn() {
            true => LEASE,
            false => SHORTEST_PAUSE,
        };
        let latest = wake.max(now + pause) + SLACK;
        assert!(
            alarm.is_some_and(|alarm| alarm <= latest),
            "work waits at {wake:?}, now {now:?}, but the alarm is {alarm:?}; {rows:?}"
        );
    }

    /// When work that has room is due, a lease ends or parts are given up: the earliest of these.
    fn wake(&self, rows: &Rows) -> Option<Timestamp> {
        let now = self.now();
        let texts = self.texts_wake(rows).into_iter();
        let spec = self.spec.borrow();
        let replies = rows.replies.iter().enumerate().filter_map(|(index, row)| {
            let is_first = rows.replies[..index]
                .iter()
                .all(|other| other.lane != row.lane);
            is_first.then(|| row.lease.filter(|lease| *lease > now).unwrap_or(row.due))
        });
        let texts = texts.filter(|at| spec.room_for_texts() || *at > now);
        let replies = replies.filter(|at| spec.room_for_replies() || *at > now);
        texts.chain(replies).chain(rows.parts.iter().copied()).min()
    }

    /// When the lease of each conversation's claim ends, or the conversation is due at the latest.
    fn texts_wake(&self, rows: &Rows) -> Vec<Timestamp> {
        let conversations: BTreeSet<u32> =
            rows.notices.iter().map(|row| row.conversation).collect();
        let (now, has_room) = (self.now(), self.spec.borrow().room_for_texts());
        let wake = |conversation: u32| {
            let of_it = rows
                .notices
                .iter()
                .filter(|row| row.conversation == conversation);
            let lease = of_it.clone().filter_map(|row| row.lease).max();
            // An attempt that ends looks at what the record takes for due while there is no room.
            let mut wakes = of_it.filter_map(|row| row.wake);
            if lease.is_none() && wakes.any(|wake| wake <= now) && !has_room {
                return None;
            }
            lease.or_else(|| self.with_spec(|spec, at| spec.due_by(at, conversation)))
        };
        conversations.into_iter().filter_map(wake).collect()
    }

    /// The messages whose texts are held back.
    pub fn held(&self) -> Vec<u32> {
        let held =
            "SELECT message_id FROM notices WHERE waits_for IS NOT NULL AND lease_until IS NULL";
        let rows = self.storage.all(held);
        let ids = rows.iter().map(|row| row.columns().next().unwrap());
        ids.map(|id: String| number_of(&id)).collect()
    }

    /// The runtime loses the alarm.
    pub fn lose_alarm(&self) {
        self.trace.count("faults: alarms lost");
        self.trace
            .note(self.now(), || "the alarm is lost".to_owned());
        self.alarm.lose();
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
