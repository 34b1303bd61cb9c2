//! One notice: how far its message has come, its tries, how it may end.

use texting::{
    chat::status::Status,
    phone::Number,
    record::policy::Policy,
    time::{HOUR, MINUTE, SECOND, Span, Timestamp},
};

use super::facts::Facts;
use crate::network::Attempt;

/// The third time that Nexmo may have taken a text ends its notice.
const MOST_PERHAPS_TAKEN: u32 = 3;
const LONGEST_TRYING: Span = HOUR.times(6);
const LONGEST_FAULT: Span = HOUR.times(72);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    Sent,
    Dropped(String),
    Failed,
    PerhapsSent,
    /// There never was a notice: the message was read or deleted before it came.
    Never,
    Erased,
}

#[derive(Clone, Debug)]
pub struct Notice {
    pub conversation: u32,
    /// Position or time of sending, then arrival.
    pub place: (i64, u32),
    pub due: Timestamp,
    pub known: Status,
    pub blank: bool,
    /// The reasons to drop it that events have given.
    pub told: Vec<&'static str>,
    /// The attempt with the open claim, and the end of the lease.
    pub claim: Option<(Attempt, Timestamp)>,
    pub claims: u32,
    pub first_claim: Option<Timestamp>,
    /// When a try last failed for a fault that the operator has to fix.
    pub last_fault: Option<Timestamp>,
    /// How often Nexmo may have taken its text.
    pub perhaps_taken: u32,
    /// The numbers from which Nexmo refused to text the phone.
    pub refused_numbers: Vec<Number>,
    pub ending: Option<Ending>,
    /// Until when a duplicate of the message must be recognised.
    pub remembered_until: Timestamp,
}

/// A try that is followed by another.
#[derive(Debug)]
pub struct Try {
    /// It failed for a fault that the operator has to fix.
    pub faults: bool,
    /// Nexmo may have taken the text.
    pub perhaps_taken: bool,
    /// Nexmo refused this number.
    pub refused: Option<Number>,
    pub wait: Span,
}

impl Notice {
    pub fn new(conversation: u32, place: (i64, u32), known: Status) -> Self {
        Self {
            conversation,
            place,
            due: Timestamp::default(),
            known,
            blank: false,
            told: Vec::new(),
            claim: None,
            claims: 0,
            first_claim: None,
            last_fault: None,
            perhaps_taken: 0,
            refused_numbers: Vec::new(),
            ending: None,
            remembered_until: Timestamp::default(),
        }
    }

    /// A try failed, and another follows.
    pub fn postponed(&mut self, now: Timestamp, try_of: &Try) {
        self.claim = None;
        if try_of.faults {
            self.last_fault = Some(now);
        }
        self.perhaps_taken += u32::from(try_of.perhaps_taken);
        self.refused_numbers.extend(try_of.refused.clone());
        let longest_wait = match (try_of.faults, &try_of.refused) {
            (true, _) => MINUTE * 15,
            (false, None) => MINUTE * 5,
            (false, Some(_)) => SECOND * 5,
        };
        assert!(try_of.wait <= longest_wait, "{try_of:?}: {self:?}");
        assert!(
            !self.is_tried_out(now) && self.perhaps_taken < MOST_PERHAPS_TAKEN,
            "tried too often or too long: {self:?}"
        );
    }

    pub fn advance(&mut self, status: Status) {
        if status == Status::Read {
            self.told.push("read");
        }
        if self.told.is_empty() {
            self.known = self.known.max(status);
        }
    }

    /// The stored status may be further than the webhooks said, if `heard` confirms that Layer said so.
    pub fn advance_to(&mut self, stored: &str, heard: impl FnOnce(Status) -> bool) {
        let stored = Status::read(stored).unwrap();
        let as_told = stored == self.known || stored > self.known && heard(stored);
        assert!(as_told, "{stored:?} is stored, but it is {:?}", self.known);
        self.known = stored;
    }

    /// Whether `why` is a justified reason to drop it.
    pub fn may_be_dropped(&self, why: &str, policy: &Policy, facts: Option<&Facts>) -> bool {
        let fact = |fact: fn(&Facts) -> bool| facts.is_some_and(fact);
        let status = facts.and_then(|facts| facts.status);
        match why {
            "read" => self.told.contains(&"read") || status == Some(Status::Read),
            "deleted" => self.told.contains(&"deleted") || fact(|facts| facts.gone),
            "left" => self.told.contains(&"left") || fact(|facts| facts.left),
            "not_reported" => !policy
                .report_on
                .justifies(Some(self.known).max(status).unwrap()),
            "blank" => self.blank,
            "no_phone" => fact(|facts| facts.nobody),
            _ => false,
        }
    }

    /// Whether it was tried as long as is promised, and is to be given up.
    pub fn is_tried_out(&self, now: Timestamp) -> bool {
        let for_long =
            |since: Option<Timestamp>, longest| since.is_some_and(|since| now - since >= longest);
        for_long(self.first_claim.max(self.last_fault), LONGEST_TRYING)
            || for_long(self.first_claim, LONGEST_FAULT)
    }

    /// Whether one more text that was perhaps taken is the last.
    pub fn is_in_doubt_enough(&self) -> bool {
        self.perhaps_taken + 1 >= MOST_PERHAPS_TAKEN
    }
}
