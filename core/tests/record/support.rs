//! A record on a real SQLite, and the events that tests give it.

use rusqlite::Connection;
use serde_json::value::RawValue;
use strum::VariantArray;
use texting::{
    chat::{
        recheck::{Answers, Recheck, Rechecked},
        status::{ReportOn, Status},
    },
    ids::{ConversationId, MessageId, TextId, TextReference, UserId},
    phone::{Number, Phone},
    record::{
        Record,
        allocation::Choice,
        claim::TextClaim,
        command::{Outcome, Sent},
        covered::Covered,
        delivery::Departure,
        outcome::{Ended, TextOutcome, Trace},
        policy::Policy,
        schema,
        tables::{
            Store,
            failures::Failure,
            joint::Known,
            links::{Link, Links},
            made::{Made, Table},
            notices::{Notice, Notices},
            profile::{Profile, Profiles},
            seen::Seen,
            texts::Texts,
        },
        wake::Room,
    },
    sms::inbound::{InboundText, Part},
    storage::StoreError,
    time::{DAY, HOUR, MINUTE, Span, Timestamp},
};

use crate::sqlite::Sqlite;

pub const PHONE: &str = "15550102030";
pub const NUMBERS: [&str; 3] = ["12025550101", "12025550102", "12025550103"];
pub const EVERYTHING: Room = Room {
    texts: true,
    replies: true,
};

/// A claim whose text may leave, and the number that it leaves from.
#[derive(Debug, PartialEq, Eq)]
pub struct Dispatched {
    pub claim: TextClaim,
    pub number: Number,
}

/// One user's record, with a clock that tests move.
pub struct User {
    pub sql: Sqlite,
    pub policy: Policy,
    pub now: Timestamp,
    /// How many parts texts have.
    pub parts: usize,
}

impl User {
    pub fn new() -> Self {
        let user = Self::from_script("");
        user.turn(|record| record.ensure_profile(&UserId::new("ben")));
        user
    }

    /// A user whose record holds what a script puts there.
    pub fn from_script(script: &str) -> Self {
        let sql = Sqlite(Connection::open_in_memory().unwrap());
        sql.0.execute_batch(script).unwrap();
        schema::migrate(&sql).unwrap();
        let policy = Policy {
            delay: MINUTE * 10,
            number_expiration: DAY * 7,
            numbers: NUMBERS.map(Number::from_digits).to_vec(),
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
        Self {
            sql,
            policy,
            now: Timestamp::from_millis(1_700_000_000_000),
            parts: 1,
        }
    }

    pub fn turn<T>(&self, decide: impl FnOnce(&Record<'_>) -> Result<T, StoreError>) -> T {
        decide(&Record::new(&self.sql, self.made(), &self.policy, self.now)).unwrap()
    }

    /// A new user, whose record has all tables.
    pub fn with_all_tables() -> Self {
        let user = Self::new();
        user.make_all_tables();
        user
    }

    pub fn make_all_tables(&self) {
        self.read(|store| Table::VARIANTS.iter().try_for_each(|it| store.make(*it)));
    }

    /// The tables that the record has.
    pub fn made(&self) -> Made {
        schema::migrate(&self.sql).unwrap()
    }

    pub fn sent(&self, message: u32, conversation: u32) -> Outcome {
        self.turn(|record| record.message(&message_of(message, conversation)))
    }

    pub fn later(&mut self, span: Span) -> &mut Self {
        self.now = self.now + span;
        self
    }

    pub fn wake(&self) -> Option<Timestamp> {
        self.turn(|record| record.next_wake(EVERYTHING))
    }

    pub fn claim(&self) -> Option<TextClaim> {
        self.turn(|record| record.claim_text())
    }

    /// Claims the notice that is due and brings it to the point where the text leaves.
    pub fn dispatch(&self) -> Option<Dispatched> {
        self.dispatch_to(PHONE)
    }

    pub fn dispatch_to(&self, phone: &str) -> Option<Dispatched> {
        let claim = self.claim()?;
        let covered = self.unread(&claim, Recheck::Unknown).unwrap();
        let number = match self.turn(|record| record.number_for(&claim, &covered))? {
            Choice::Keep { number, .. } | Choice::Take { number } => number,
            Choice::NoneFree => return None,
        };
        assert!(self.may_leave(&claim, &number, phone));
        Some(Dispatched { claim, number })
    }

    /// The chat says the same of each message that it is asked about.
    pub fn unread(&self, claim: &TextClaim, answer: Recheck) -> Option<Covered> {
        self.still_unread(claim, &vec![answer; claim.asked.len()])
    }

    /// The chat says this of the messages that it is asked about, in order.
    pub fn still_unread(&self, claim: &TextClaim, answers: &[Recheck]) -> Option<Covered> {
        let shown = answers.iter().copied().map(Rechecked::without_parts);
        let answers = Answers {
            shown: shown.collect(),
            counted: Vec::new(),
        };
        self.turn(|record| record.still_unread(claim, &answers))
    }

    /// Claims what is due, unless the user got enough texts.
    pub fn claim_and_cap(&self) -> Option<TextClaim> {
        let claim = self.claim()?;
        let covered = self.unread(&claim, Recheck::Unknown)?;
        let may = self.turn(|record| record.within_cap(&claim, &covered));
        may.then_some(claim)
    }

    pub fn number_for(&self, claim: &TextClaim) -> Option<Choice> {
        self.turn(|record| record.number_for(claim, &claim.covered()))
    }

    pub fn may_leave(&self, claim: &TextClaim, number: &Number, phone: &str) -> bool {
        let departure = Departure {
            reference: &reference(claim),
            number,
            phone: &Phone::from_digits(phone),
            parts: self.parts,
        };
        let covered = claim.covered();
        self.turn(|record| {
            let may_leave = record.may_leave(claim, &covered, number, departure.phone)?;
            if may_leave {
                record.leaves(claim, &covered, &departure)?;
            }
            Ok(may_leave)
        })
    }

    pub fn end(&self, claim: &TextClaim, outcome: TextOutcome) {
        self.end_randomly(claim, outcome, 0);
    }

    pub fn end_randomly(&self, claim: &TextClaim, outcome: TextOutcome, random: u32) {
        let ended = Ended {
            outcome,
            covered: claim.covered(),
            trace: Some(trace(claim)),
        };
        self.turn(|record| record.text_ended(claim, &ended, random));
    }

    /// The same for a text that showed the words of its first message.
    pub fn end_showing(&self, claim: &TextClaim, outcome: TextOutcome) {
        let ended = Ended {
            outcome,
            covered: Covered {
                last_shown: Some(claim.message_id.clone()),
                ..claim.covered()
            },
            trace: Some(trace(claim)),
        };
        self.turn(|record| record.text_ended(claim, &ended, 0));
    }

    pub fn end_with_parts(&self, claim: &TextClaim, outcome: TextOutcome, parts: &[&str]) {
        let part_ids = parts.iter().copied().map(TextId::new).collect();
        let ended = Ended {
            outcome,
            covered: claim.covered(),
            trace: Some(Trace {
                part_ids,
                ..trace(claim)
            }),
        };
        self.turn(|record| record.text_ended(claim, &ended, 0));
    }

    /// Texts what is due and has it accepted; says from which number.
    pub fn text(&self) -> Option<Number> {
        let Dispatched { claim, number } = self.dispatch()?;
        self.end(
            &claim,
            TextOutcome::Accepted {
                number: number.clone(),
            },
        );
        Some(number)
    }

    pub fn inbound(&self, text: &InboundText) -> Outcome {
        self.turn(|record| record.text(text))
    }

    fn read<T>(&self, read: impl FnOnce(&Store<'_>) -> Result<T, StoreError>) -> T {
        read(&Store::new(&self.sql, self.made())).unwrap()
    }

    pub fn texts_of<T>(&self, read: impl FnOnce(&Texts<'_>) -> Result<T, StoreError>) -> T {
        self.read(|store| read(&Texts::new(store)))
    }

    pub fn failures(&self) -> Vec<Failure> {
        self.turn(|record| record.kept_failures())
    }

    pub fn notice(&self, id: &MessageId) -> Option<Notice> {
        self.read(|store| Notices::new(store).find(id))
    }

    /// What is remembered of a message without a notice.
    pub fn seen(&self, id: &MessageId) -> Option<Seen> {
        let hour = self.now.index_of(HOUR);
        match self.read(|store| store.known(id, hour - 2)) {
            Known::Seen(seen) => seen,
            Known::Waits => panic!("a notice waits"),
        }
    }

    /// Rows that were inserted, changed or deleted so far.
    pub fn rows_written(&self) -> u64 {
        self.sql.0.total_changes()
    }

    pub fn links(&self) -> Vec<Link> {
        self.read(|store| Links::new(store).all())
    }

    pub fn profile(&self) -> Option<Profile> {
        self.read(|store| Profiles::new(store).find())
    }
}

/// A user with one message that is due.
pub fn due() -> User {
    let mut user = User::new();
    user.sent(1, 1);
    user.later(MINUTE * 10);
    user
}

/// A try that Nexmo did not take.
pub fn failed() -> TextOutcome {
    TextOutcome::Failed("HTTP 500".to_owned())
}

/// A try that Nexmo may have taken.
pub fn perhaps_taken() -> TextOutcome {
    TextOutcome::PerhapsTaken("no response in time".to_owned())
}

pub fn uuid(kind: u32, number: u32) -> String {
    format!("{kind:08x}-0000-4000-8000-{number:012x}")
}

pub fn message_id(number: u32) -> MessageId {
    MessageId::new(uuid(1, number))
}

pub fn conversation_id(number: u32) -> ConversationId {
    ConversationId::new(uuid(2, number))
}

pub fn message_of(message: u32, conversation: u32) -> Sent {
    Sent {
        message_id: message_id(message),
        conversation_id: conversation_id(conversation),
        position: None,
        sent_at: Timestamp::from_millis(i64::from(message)),
        status: Status::Sent,
        message: RawValue::from_string(r#"{"parts":[]}"#.to_owned()).unwrap(),
    }
}

/// The name that a claim's text has in receipts.
pub fn reference(claim: &TextClaim) -> TextReference {
    let digits = claim.message_id.get(24..).unwrap_or_default();
    let message = u32::from_str_radix(digits, 16).unwrap();
    let number = u32::try_from(claim.claim).unwrap();
    TextReference::draw(claim.claimed_at, || message * 100 + number)
}

/// What Nexmo's response tells of the text of a claim that it accepted.
pub fn trace(claim: &TextClaim) -> Trace {
    let reference = reference(claim);
    let part_ids = vec![TextId::new(format!("part of {reference}"))];
    Trace {
        reference,
        part_ids,
    }
}

pub fn reply(id: &str, number: &str, text: &str) -> InboundText {
    InboundText {
        message_id: TextId::new(id),
        phone: Phone::from_digits(PHONE),
        number: Number::from_digits(number),
        text: text.to_owned(),
        part: None,
    }
}

pub fn part(id: &str, number: &str, text: &str, (index, total): (u8, u8)) -> InboundText {
    let part = Part {
        reference: "7".to_owned(),
        total,
        index,
    };
    InboundText {
        part: Some(part),
        ..reply(id, number, text)
    }
}
