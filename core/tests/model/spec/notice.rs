//! One notice: how far its message has come, its tries, how it may end.

use texting::{
    chat::status::Status,
    phone::Number,
    record::policy::Policy,
    time::{HOUR, MINUTE, SECOND, Span, Timestamp},
};

use super::facts::{Answer, Facts};

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
    /// When it came, or was retried by the operator.
    pub since: Timestamp,
    /// The end of the delay.
    pub due: Timestamp,
    /// When it may be tried again, if a try failed.
    pub retry_at: Option<Timestamp>,
    /// Until when its text was held back, if it was.
    pub held_until: Option<Timestamp>,
    pub known: Status,
    /// The message's words.
    pub text: String,
    /// The reasons to drop it that events have given.
    pub told: Vec<&'static str>,
    /// How many claims covered it.
    pub claims: u32,
    /// When its first try began, later by the time that it was held back since.
    pub first_try: Option<Timestamp>,
    /// When a try last failed for a fault that the operator has to fix, later by the same.
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
            since: Timestamp::default(),
            due: Timestamp::default(),
            retry_at: None,
            held_until: None,
            known,
            text: String::new(),
            told: Vec::new(),
            claims: 0,
            first_try: None,
            last_fault: None,
            perhaps_taken: 0,
            refused_numbers: Vec::new(),
            ending: None,
            remembered_until: Timestamp::default(),
        }
    }

    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Whether its delay, and the wait after its last try, are over.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.due <= now && self.retry_at.is_none_or(|at| at <= now)
    }

    /// Until when a failed try or a hold puts it off.
    pub fn put_off(&self) -> Option<Timestamp> {
        self.retry_at.max(self.held_until)
    }

    /// Its text is held back: that is no try, and the time does not count.
    pub fn held(&mut self, now: Timestamp, until: Timestamp) {
        self.held_until = Some(until);
        for since in [&mut self.first_try, &mut self.last_fault] {
            *since = since.map(|since| since + (until - now));
        }
    }

    /// It is no longer held back, before its time: what is left of that counts again.
    pub fn released(&mut self, now: Timestamp) {
        let Some(until) = self.held_until.filter(|until| *until > now) else {
            return;
        };
        for since in [&mut self.first_try, &mut self.last_fault] {
            *since = since.map(|since| since - (until - now));
        }
    }

    /// A try that began then ended without an outcome.
    pub fn interrupted(&mut self, began: Timestamp) {
        self.first_try.get_or_insert(began);
        self.perhaps_taken += 1;
    }

    /// A try that began then failed, and another follows.
    pub fn postponed(&mut self, now: Timestamp, began: Timestamp, try_of: &Try) {
        self.first_try.get_or_insert(began);
        self.retry_at = Some(now + try_of.wait);
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

    /// Whether `why` is a justified reason to drop it. `answer`: what Layer said of the message.
    pub fn may_be_dropped(
        &self,
        why: &str,
        policy: &Policy,
        facts: Option<&Facts>,
        answer: Answer,
    ) -> bool {
        let fact = |fact: fn(&Facts) -> bool| facts.is_some_and(fact);
        match why {
            "read" => self.told.contains(&"read") || answer == Answer::Status(Status::Read),
            "deleted" => {
                let is_gone = answer == Answer::Gone
                    || fact(|facts| facts.conversation_gone || facts.has_left);
                self.told.contains(&"deleted") || is_gone
            }
            "left" => self.told.contains(&"left") || answer == Answer::NotListed,
            "not_reported" => !self.justifies(policy, answer),
            "read_or_muted" | "too_old" => fact(|facts| facts.is_notified),
            "blank" => self.is_blank(),
            "no_phone" => fact(|facts| facts.nobody),
            _ => false,
        }
    }

    /// Whether its message justifies a text, by what is known and by what Layer said.
    pub fn justifies(&self, policy: &Policy, answer: Answer) -> bool {
        policy.report_on.justifies(match answer {
            Answer::Status(status) => self.known.max(status),
            _ => self.known,
        })
    }

    /// Whether it was tried as long as is promised, and is to be given up.
    pub fn is_tried_out(&self, now: Timestamp) -> bool {
        let for_long =
            |since: Option<Timestamp>, longest| since.is_some_and(|since| now - since >= longest);
        for_long(self.first_try.max(self.last_fault), LONGEST_TRYING)
            || for_long(self.first_try, LONGEST_FAULT)
    }

    /// Whether one more text that was perhaps taken is the last.
    pub fn is_in_doubt_enough(&self) -> bool {
        self.perhaps_taken + 1 >= MOST_PERHAPS_TAKEN
    }
}
