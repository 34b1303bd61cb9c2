//! The object's one alarm, as the runtime keeps it. It survives crashes, but it may get lost, or refuse to be
//! set.

use std::cell::Cell;

use texting::{
    driver::AlarmNotSet,
    time::{MINUTE, SECOND, Span, Timestamp},
};

use crate::spec::LEASE;

/// A wake-up that changed nothing is not repeated sooner than this.
pub const SHORTEST_PAUSE: Span = SECOND;
/// No wake-up is later than this, and none is moved for less.
pub const SLACK: Span = Span::from_millis(250);
/// An alarm that should have rung this long ago is lost.
const LOST_AFTER: Span = MINUTE;
/// When the runtime lets an alarm ring again whose handler crashed.
const RINGS_AGAIN_AFTER: Span = SECOND.times(2);

#[derive(Default)]
pub struct Alarm {
    rings_at: Cell<Option<Timestamp>>,
    /// When it began to ring, until the object's handler returns.
    rang_at: Cell<Option<Timestamp>>,
    /// For how long the whole process has stood still since then.
    stood_still: Cell<Span>,
    /// When a lost alarm should have rung.
    lost: Cell<Option<Timestamp>>,
    /// What this instance of the object set it to and has not heard ring.
    known: Cell<Option<Timestamp>>,
    /// When the last turn was stored.
    last_turn: Cell<Timestamp>,
    /// Whether a turn broke off since then.
    broke: Cell<bool>,
    /// Whether it could not be set since then.
    refused: Cell<bool>,
    /// Whether it can be set from now on, whatever happens.
    mended: Cell<bool>,
}

impl Alarm {
    pub fn rings_at(&self) -> Option<Timestamp> {
        self.rings_at.get()
    }

    /// When it rings next. One that is set while another rings waits for the handler of that.
    pub fn next_ring(&self) -> Option<Timestamp> {
        self.rings_at.get().filter(|_| !self.is_ringing())
    }

    /// When it rings as far as the last turn could know. One that is ringing need not be set before the leases end of
    /// what it has claimed.
    pub fn seems_to_ring_at(&self) -> Option<Timestamp> {
        let last_turn = self.last_turn.get();
        let lost = self.lost.get().filter(|at| *at + LOST_AFTER >= last_turn);
        let rang_at = self.rang_at.get().filter(|_| self.known.get().is_none());
        let held = rang_at.map(|rang_at| rang_at + LEASE + SLACK);
        self.rings_at.get().or(lost).or(held)
    }

    /// It is set: never in the past, and never moved unless it would be late or seems to be lost.
    pub fn set(&self, at: Timestamp, now: Timestamp) {
        assert!(at > now, "the alarm is set in the past");
        if let Some(known) = self.known.replace(Some(at)) {
            assert!(
                at + SLACK < known || known + LOST_AFTER < now,
                "the alarm is moved from {known:?} to {at:?}, now {now:?}"
            );
        }
        self.rings_at.set(Some(at));
        self.lost.set(None);
    }

    /// It cannot be set; `false` once it is mended.
    pub fn refuse(&self) -> bool {
        let refuses = !self.mended.get();
        self.refused.set(refuses);
        refuses
    }

    /// It can always be set from now on.
    pub fn mend(&self) {
        self.mended.set(true);
    }

    /// Whether it could not be set since the last turn was stored.
    pub fn is_refused(&self) -> bool {
        self.refused.get()
    }

    /// A turn is stored, and makes up now for an alarm that could not be set or is lost.
    pub fn turn_stored(&self, now: Timestamp) {
        self.last_turn.set(now);
        self.broke.set(false);
        self.refused.set(false);
    }

    /// A turn broke off: the alarm stays as it was set before the turn.
    pub fn turn_broke(&self) {
        self.broke.set(true);
    }

    /// Whether a turn broke off since the last that was stored.
    pub fn has_broken_turn(&self) -> bool {
        self.broke.get()
    }

    /// It rings.
    pub fn ring(&self, now: Timestamp) {
        self.rings_at.set(None);
        self.rang_at.set(Some(now));
        self.stood_still.set(Span::ZERO);
        self.unknown();
    }

    /// It rings, and the handler has not returned yet.
    pub fn is_ringing(&self) -> bool {
        self.rang_at.get().is_some()
    }

    /// The whole process stands still.
    pub fn stands_still(&self, span: Span) {
        self.stood_still.set(self.stood_still.get() + span);
    }

    /// The handler has returned. It never waits for longer than an attempt takes. If it failed, the alarm rings again.
    pub fn handled(&self, handled: Result<(), AlarmNotSet>, now: Timestamp) {
        let rang_at = self.rang_at.take();
        let longest = LEASE + self.stood_still.get();
        assert!(
            rang_at.is_some_and(|rang_at| now <= rang_at + longest),
            "the alarm rang at {rang_at:?} and is held until {now:?}"
        );
        if handled.is_err() {
            self.ring_again(now);
        }
    }

    /// The object crashes. The runtime lets an alarm ring again whose handler has not returned.
    pub fn crash(&self, now: Timestamp) {
        self.unknown();
        if self.rang_at.take().is_some() {
            self.ring_again(now);
        }
    }

    /// It rings again, if no other is set.
    fn ring_again(&self, now: Timestamp) {
        if self.rings_at.get().is_none() {
            self.rings_at.set(Some(now + RINGS_AGAIN_AFTER));
        }
    }

    /// The object knows nothing of it: the next turn sets it.
    pub fn unknown(&self) {
        self.lost.set(None);
        self.known.set(None);
        self.refused.set(false);
    }

    /// It will not ring, and nobody knows.
    pub fn lose(&self) {
        if let Some(at) = self.rings_at.take() {
            self.lost.set(Some(at));
        }
    }
}
