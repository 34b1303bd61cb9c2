//! A record on a real SQLite, and the events that tests give it.

use rusqlite::Connection;
use serde_json::value::RawValue;
use texting::{
    layer::{api::Recheck, status::Status},
    record::{
        Record,
        claim::{TextClaim, TextOutcome},
        command::{InboundText, Outcome, Part, Sent},
        link::Choice,
        policy::Policy,
        schema,
        store::StoreError,
        wake::Room,
    },
    time::{MINUTE, Millis},
};

use crate::sqlite::Sqlite;

pub const PHONE: &str = "15550102030";
pub const NUMBERS: [&str; 3] = ["12025550101", "12025550102", "12025550103"];
pub const EVERYTHING: Room = Room {
    texts: true,
    replies: true,
};

/// One user's record, with a clock that tests move.
pub struct User {
    pub sql: Sqlite,
    pub policy: Policy,
    pub now: Millis,
}

impl User {
    pub fn new() -> Self {
        let user = Self::from_script("");
        user.turn(|record| record.introduce("ben"));
        user
    }

    /// A user whose record holds what a script puts there.
    pub fn from_script(script: &str) -> Self {
        let sql = Sqlite(Connection::open_in_memory().unwrap());
        sql.0.execute_batch(script).unwrap();
        schema::migrate(&sql).unwrap();
        let policy = Policy {
            delay: 10 * MINUTE,
            number_expiration: 7 * 24 * 60 * MINUTE,
            numbers: NUMBERS.map(str::to_owned).to_vec(),
            reports_sent: true,
            reports_delivered: true,
            answers_help: false,
        };
        Self {
            sql,
            policy,
            now: 1_700_000_000_000,
        }
    }

    pub fn turn<T>(&self, decide: impl FnOnce(&Record<'_>) -> Result<T, StoreError>) -> T {
        decide(&Record::new(&self.sql, &self.policy, self.now)).unwrap()
    }

    pub fn sent(&self, message: u32, conversation: u32) -> Outcome {
        self.turn(|record| record.message(&message_of(message, conversation)))
    }

    pub fn later(&mut self, span: Millis) -> &mut Self {
        self.now += span;
        self
    }

    pub fn wake(&self) -> Option<Millis> {
        self.turn(|record| record.next_wake(EVERYTHING))
    }

    pub fn claim(&self) -> Option<TextClaim> {
        self.turn(|record| record.claim_text())
    }

    /// Claims the notice that is due and brings it to the point where the text leaves.
    pub fn dispatch(&self) -> Option<(TextClaim, String)> {
        self.dispatch_to(PHONE)
    }

    pub fn dispatch_to(&self, phone: &str) -> Option<(TextClaim, String)> {
        let claim = self.claim()?;
        assert!(self.turn(|record| record.still_unread(&claim, Recheck::Unsaid)));
        let number = match self.turn(|record| record.number_for(&claim))? {
            Choice::Keep { number, .. } | Choice::Take { number } => number,
            Choice::NoneFree => return None,
        };
        assert!(self.turn(|record| record.may_leave(&claim, &number, phone)));
        Some((claim, number))
    }

    pub fn end(&self, claim: &TextClaim, outcome: TextOutcome) {
        self.turn(|record| record.text_ended(claim, outcome, 0));
    }

    /// Texts what is due and has it accepted; says from which number.
    pub fn text(&self) -> Option<String> {
        let (claim, number) = self.dispatch()?;
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
}

pub fn uuid(kind: u32, number: u32) -> String {
    format!("{kind:08x}-0000-4000-8000-{number:012x}")
}

pub fn message_id(number: u32) -> String {
    uuid(1, number)
}

pub fn conversation_id(number: u32) -> String {
    uuid(2, number)
}

pub fn message_of(message: u32, conversation: u32) -> Sent {
    Sent {
        message_id: message_id(message),
        conversation_id: conversation_id(conversation),
        position: None,
        sent_at: i64::from(message),
        status: Status::Sent,
        message: RawValue::from_string(r#"{"parts":[]}"#.to_owned()).unwrap(),
    }
}

pub fn reply(id: &str, number: &str, text: &str) -> InboundText {
    InboundText {
        message_id: id.to_owned(),
        phone: PHONE.to_owned(),
        number: number.to_owned(),
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
