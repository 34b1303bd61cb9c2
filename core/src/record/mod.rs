//! The user record: everything that is stored of one user, and the rules that read and change it.
//!
//! It is a state machine. A *turn* gets an event and the time, reads and writes the few rows that it needs,
//! and returns what is to be done next. The [`driver`](crate::driver) runs each turn as one transaction, and
//! never two turns of a record at once.

pub mod allocation;
pub mod apply;
pub mod arrival;
mod cap;
pub mod check;
pub mod claim;
pub mod command;
pub mod conversation;
pub mod covered;
pub mod delivery;
mod doubt;
pub mod ending;
pub mod envelope;
pub mod failure;
mod hold;
pub mod inbound;
pub mod link;
pub mod notice;
pub mod opt_out;
pub mod order;
mod other_number;
pub mod outcome;
pub mod parts;
pub mod policy;
mod received;
mod repeated;
pub mod reply;
pub mod report;
pub mod retry;
pub mod schema;
pub mod show;
pub mod tables;
mod taken;
pub mod unreachable;
pub mod wake;

use std::cell::{Cell, RefCell};

use crate::{
    ids::{MessageId, UserId},
    log::Entry,
    storage::{Sql, StoreError},
    time::{HOUR, Span, Timestamp},
};
use policy::Policy;
use tables::{
    Store,
    failures::Failures,
    heard::HeardTexts,
    links::Links,
    lookups::Lookups,
    made::Made,
    notices::{Notice, Notices},
    parts::Parts,
    profile::Profiles,
    ranges::Ranges,
    replies::Replies,
    seen::SeenMessages,
    texts::Texts,
};
use wake::{KnownWake, Served};

/// Ended notices and early receipts are stored by the hour in which they came. The current hour and the
/// [`HOURS_REMEMBERED`] before it count, so each is remembered for two to three hours.
const REMEMBERED_BY: Span = HOUR;
/// How many hours before the current one are remembered.
const HOURS_REMEMBERED: i64 = 2;

/// A user record during one turn.
///
/// All methods that read or write rows return [`StoreError`] if storage fails. The turn must then be rolled
/// back as a whole and may be repeated.
pub struct Record<'a> {
    store: Store<'a>,
    policy: &'a Policy,
    now: Timestamp,
    entries: RefCell<Vec<Entry>>,
    served: Option<Served>,
    wake: Cell<Option<KnownWake>>,
    /// The notice that was looked for last, and how many writes there were before.
    found: RefCell<Option<(u32, Notice)>>,
}

impl<'a> Record<'a> {
    /// Begins a turn at the time `now`, given the tables that [`schema::migrate`] found.
    pub fn new(sql: &'a dyn Sql, made: Made, policy: &'a Policy, now: Timestamp) -> Self {
        Self {
            store: Store::new(sql, made),
            policy,
            now,
            entries: RefCell::default(),
            served: None,
            wake: Cell::default(),
            found: RefCell::default(),
        }
    }

    /// How many log entries there are so far.
    pub fn logged(&self) -> usize {
        self.entries.borrow().len()
    }

    /// The same turn, given a wake-up that serves all that waits.
    #[must_use]
    pub fn served(self, served: Option<Served>) -> Self {
        Self { served, ..self }
    }

    /// The tables that the record has by now.
    pub fn made(&self) -> Made {
        self.store.made()
    }

    /// Ends the turn. Returns its log entries, to be written once the transaction has succeeded.
    pub fn into_entries(self) -> Vec<Entry> {
        self.entries.into_inner()
    }

    /// Inserts the profile row, with the user's id, if there is none yet.
    pub fn ensure_profile(&self, user_id: &UserId) -> Result<(), StoreError> {
        match self.profiles().find()? {
            Some(_) => Ok(()),
            None => self.profiles().insert(user_id),
        }
    }

    /// The id of the record's user; empty before [`ensure_profile`](Self::ensure_profile).
    fn user_id(&self) -> Result<UserId, StoreError> {
        let profile = self.profiles().find()?;
        Ok(profile.map(|profile| profile.user_id).unwrap_or_default())
    }

    /// The notice of a message. Reads it once as long as nothing is written.
    fn found(&self, id: &MessageId) -> Result<Option<Notice>, StoreError> {
        let writes = self.store.writes();
        if let Some((then, notice)) = &*self.found.borrow()
            && (*then, &notice.message_id) == (writes, id)
        {
            return Ok(Some(notice.clone()));
        }
        let notice = self.notices().find(id)?;
        let found = notice.clone().map(|notice| (writes, notice));
        self.found.replace(found);
        Ok(notice)
    }

    fn log(&self, entry: Entry) {
        self.entries.borrow_mut().push(entry);
    }

    /// The current hour, counted from the epoch.
    fn hour(&self) -> i64 {
        self.now.index_of(REMEMBERED_BY)
    }

    /// The first hour that is remembered.
    fn first_hour(&self) -> i64 {
        self.hour() - HOURS_REMEMBERED
    }
}

/// The tables.
impl Record<'_> {
    fn notices(&self) -> Notices<'_> {
        Notices::new(&self.store)
    }

    fn seen(&self) -> SeenMessages<'_> {
        SeenMessages::new(&self.store)
    }

    fn ranges(&self) -> Ranges<'_> {
        Ranges::new(&self.store)
    }

    fn links(&self) -> Links<'_> {
        Links::new(&self.store)
    }

    fn lookups(&self) -> Lookups<'_> {
        Lookups::new(&self.store)
    }

    fn replies(&self) -> Replies<'_> {
        Replies::new(&self.store)
    }

    fn heard(&self) -> HeardTexts<'_> {
        HeardTexts::new(&self.store)
    }

    fn parts(&self) -> Parts<'_> {
        Parts::new(&self.store)
    }

    fn failures(&self) -> Failures<'_> {
        Failures::new(&self.store)
    }

    fn texts(&self) -> Texts<'_> {
        Texts::new(&self.store)
    }

    fn profiles(&self) -> Profiles<'_> {
        Profiles::new(&self.store)
    }
}
