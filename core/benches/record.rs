//! Turns of a user's record on SQLite in memory, while few and very many notices wait.
//!
//! Each step is what the Durable Object does for it: one transaction with the event, the look for
//! due work and the next wake-up. The number of waiting notices is the same before each one.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a benchmark fails by panicking"
)]

#[path = "../tests/support/sqlite.rs"]
mod sqlite;

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
    sync::atomic::{AtomicU32, Ordering},
};

use divan::Bencher;
use rusqlite::Connection;
use serde_json::value::RawValue;
use sqlite::Sqlite;
use texting::{
    chat::{
        recheck::Answers,
        status::{ReportOn, Status},
    },
    ids::{ConversationId, MessageId, TextReference, UserId},
    phone::{Number, Phone},
    record::{
        Record,
        allocation::Choice,
        command::{Outcome, Sent},
        delivery::Departure,
        outcome::{Ended, TextOutcome},
        policy::Policy,
        tables::made::Made,
        wake::Room,
    },
    storage::StoreError,
    time::{DAY, MINUTE, Span, Timestamp},
};

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);
const DELAY: Span = MINUTE.times(10);
const WAITING: [u32; 3] = [10, 1_000, 100_000];
const CONVERSATIONS: u32 = 10;
const ROOM: Room = Room {
    texts: true,
    replies: true,
};

fn main() {
    divan::main();
}

struct User {
    sql: Sqlite,
    policy: Policy,
    made: Cell<Made>,
}

thread_local! {
    static USERS: RefCell<HashMap<u32, Rc<User>>> = RefCell::default();
}

/// The user for whom so many notices wait, made once.
fn user(waiting: u32) -> Rc<User> {
    USERS.with_borrow_mut(|users| {
        users
            .entry(waiting)
            .or_insert_with(|| Rc::new(User::with(waiting)))
            .clone()
    })
}

impl User {
    fn with(waiting: u32) -> Self {
        let sql = Sqlite(Connection::open_in_memory().unwrap());
        sql.0.set_prepared_statement_cache_capacity(100);
        let policy = Policy {
            delay: DELAY,
            number_expiration: DAY * 7,
            numbers: ["12025550101", "12025550102"]
                .map(Number::from_digits)
                .to_vec(),
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
        };
        let made = Cell::default();
        let user = Self { sql, policy, made };
        user.turn(NOW, |record| {
            record.ensure_profile(&UserId::new("ben"))?;
            (0..waiting).try_for_each(|number| {
                record
                    .message(&message(number, number % CONVERSATIONS))
                    .map(|_| ())
            })
        });
        user
    }

    /// One transaction, as in the Durable Object.
    fn turn<T>(
        &self,
        now: Timestamp,
        decide: impl FnOnce(&Record<'_>) -> Result<T, StoreError>,
    ) -> T {
        let transaction = self.sql.0.unchecked_transaction().unwrap();
        let record = Record::new(&self.sql, self.made.get(), &self.policy, now);
        let decided = decide(&record).unwrap();
        record.next_wake(ROOM).unwrap();
        self.made.set(record.made());
        transaction.commit().unwrap();
        decided
    }

    /// The turn of an event that changes something and after which nothing is due.
    fn event(&self, tell: impl FnOnce(&Record<'_>) -> Result<Outcome, StoreError>) {
        self.turn(NOW, |record| {
            record.ensure_profile(&UserId::new("ben"))?;
            assert_eq!(tell(record)?, Outcome::Stored);
            assert!(record.claim_text()?.is_none() && record.claim_reply()?.is_none());
            Ok(())
        });
    }

    fn hear(&self, message: &Sent) {
        self.event(|record| record.message(message));
    }

    fn read(&self, message_id: &MessageId) {
        self.event(|record| record.receipt(message_id, Status::Read));
    }
}

fn uuid(kind: u32, number: u32) -> String {
    format!("{kind:08x}-0000-4000-8000-{number:012x}")
}

fn message(number: u32, conversation: u32) -> Sent {
    Sent {
        message_id: MessageId::new(uuid(1, number)),
        conversation_id: ConversationId::new(uuid(2, conversation)),
        position: None,
        sent_at: NOW + Span::from_millis(i64::from(number)),
        status: Status::Sent,
        message: RawValue::from_string(format!(r#"{{"parts":"{}"}}"#, "x".repeat(1_500))).unwrap(),
    }
}

/// A message that nobody has heard of yet.
fn fresh() -> Sent {
    static NUMBER: AtomicU32 = AtomicU32::new(1_000_000);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    message(number, number % CONVERSATIONS)
}

#[divan::bench(args = WAITING, sample_size = 1, sample_count = 500)]
fn a_message_arrives(bencher: Bencher, waiting: u32) {
    let user = user(waiting);
    let mut last = None::<MessageId>;
    let next = || {
        last.iter().for_each(|last| user.read(last));
        let next = fresh();
        last = Some(next.message_id.clone());
        next
    };
    bencher
        .with_inputs(next)
        .bench_local_values(|message| user.hear(&message));
    last.iter().for_each(|last| user.read(last));
}

#[divan::bench(args = WAITING, sample_size = 1, sample_count = 500)]
fn a_receipt_cancels(bencher: Bencher, waiting: u32) {
    let user = user(waiting);
    let next = || {
        let next = fresh();
        user.hear(&next);
        next
    };
    bencher
        .with_inputs(next)
        .bench_local_values(|message| user.read(&message.message_id));
}

/// All five turns of a text that Nexmo accepts, on a link that is there.
#[divan::bench(args = WAITING, sample_size = 1, sample_count = 500)]
fn a_text_is_claimed_and_sent(bencher: Bencher, waiting: u32) {
    let user = user(waiting);
    let due = || {
        let due = Sent {
            conversation_id: ConversationId::new(uuid(3, 0)),
            ..fresh()
        };
        user.turn(NOW - DELAY, |record| record.message(&due));
    };
    bencher
        .with_inputs(due)
        .bench_local_values(|()| text(&user));
}

fn text(user: &User) {
    let claim = user.turn(NOW, |record| record.claim_text()).unwrap();
    let covered = user.turn(NOW, |record| {
        record.still_unread(&claim, &Answers::default())
    });
    let covered = covered.unwrap();
    let number = match user.turn(NOW, |record| record.number_for(&claim, &covered)) {
        Some(Choice::Keep { number, .. } | Choice::Take { number }) => number,
        other => panic!("{other:?}"),
    };
    let departure = Departure {
        reference: &TextReference::draw(NOW, || 1),
        number: &number,
        phone: &Phone::from_digits("15550102030"),
        parts: 1,
    };
    user.turn(NOW, |record| record.leaves(&claim, &covered, &departure));
    let ended = Ended {
        outcome: TextOutcome::Accepted { number },
        covered,
        trace: None,
    };
    user.turn(NOW, |record| record.text_ended(&claim, &ended, 0));
}
