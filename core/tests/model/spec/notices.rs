//! Notices: one for each unread message. Each ends exactly once, and in order within its conversation.

use std::collections::BTreeMap;

use texting::{
    chat::status::Status,
    phone::Number,
    record::policy::Policy,
    time::{HOUR, MINUTE, SECOND, Span, Timestamp},
};

use super::{facts::Facts, heard::Heard};
use crate::{network::Attempt, parties::layer::Message, rows::NoticeRow};

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
    place: (i64, u32),
    pub due: Timestamp,
    pub known: Status,
    pub blank: bool,
    /// The reasons to drop it that events have given.
    pub told: Vec<&'static str>,
    /// The attempt with the open claim, and the end of the lease.
    pub claim: Option<(Attempt, Timestamp)>,
    pub claims: u32,
    first_claim: Option<Timestamp>,
    /// When a try last failed for a fault that the operator has to fix.
    last_fault: Option<Timestamp>,
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

/// A message whose webhook was stored.
pub struct Arrival {
    pub at: Timestamp,
    pub number: u32,
    pub status: Status,
}

#[derive(Default)]
pub struct Notices {
    pub waiting: BTreeMap<u32, Notice>,
    pub ended: BTreeMap<u32, Notice>,
    pub heard: Heard,
    arrivals: u32,
}

/// The third time that Nexmo may have taken a text ends its notice.
const MOST_PERHAPS_TAKEN: u32 = 3;
const LONGEST_TRYING: Span = HOUR.times(6);
const LONGEST_FAULT: Span = HOUR.times(72);

impl Notices {
    /// The message that goes first in a conversation.
    pub fn first(&self, conversation: u32) -> Option<u32> {
        let of_it = self
            .waiting
            .iter()
            .filter(|(_, notice)| notice.conversation == conversation);
        of_it
            .min_by_key(|(_, notice)| notice.place)
            .map(|(number, _)| *number)
    }

    /// The notice of a message, waiting or ended.
    pub fn get(&self, number: u32) -> Option<&Notice> {
        self.waiting
            .get(&number)
            .or_else(|| self.ended.get(&number))
    }

    /// The record has stored a message.
    pub fn arrives(
        &mut self,
        arrival: &Arrival,
        message: &Message,
        delay: Span,
        row: Option<&NoticeRow>,
    ) {
        let Arrival {
            at: now,
            number,
            status,
        } = *arrival;
        if self.get(number).is_some() {
            return self.receipt(now, number, status);
        }
        let known = self
            .heard
            .known(now, number, message.conversation, message.position);
        assert!(
            row.is_none() || known.surely != Some(Status::Read),
            "message {number} waits though it was read or deleted"
        );
        assert!(
            row.is_some() || known.perhaps == Some(Status::Read),
            "message {number} does not wait"
        );
        self.arrivals += 1;
        let order = message
            .position
            .map_or(message.sent_at.as_millis(), |it| i64::try_from(it).unwrap());
        let stored = row.and_then(|row| Status::read(&row.status));
        if known.surely == known.perhaps && row.is_some() {
            assert_eq!(
                stored,
                known.surely.max(Some(status)),
                "state of message {number}"
            );
        }
        let place_of = if row.is_some() {
            &mut self.waiting
        } else {
            &mut self.ended
        };
        place_of.insert(
            number,
            Notice {
                conversation: message.conversation,
                place: (order, self.arrivals),
                due: now + delay,
                known: stored.unwrap_or(status),
                blank: message.text.trim().is_empty(),
                told: Vec::new(),
                claim: None,
                claims: 0,
                first_claim: None,
                last_fault: None,
                perhaps_taken: 0,
                refused_numbers: Vec::new(),
                ending: row.is_none().then_some(Ending::Never),
                remembered_until: known.until,
            },
        );
    }

    /// The record has stored a receipt.
    pub fn receipt(&mut self, now: Timestamp, number: u32, status: Status) {
        match self.waiting.get_mut(&number) {
            Some(notice) => notice.advance(status),
            None if self.ended.contains_key(&number) => {}
            None => self.heard.hear(now, number, status),
        }
    }

    pub fn deleted(&mut self, now: Timestamp, number: u32) {
        match self.waiting.get_mut(&number) {
            Some(notice) => notice.told.push("deleted"),
            None if self.ended.contains_key(&number) => {}
            None => self.heard.hear(now, number, Status::Read),
        }
    }

    pub fn over(&mut self, conversation: u32, why: &'static str) {
        for notice in self.waiting.values_mut() {
            if notice.conversation == conversation {
                notice.told.push(why);
            }
        }
    }

    /// A failed message waits again and is due at once.
    pub fn retried(&mut self, now: Timestamp, number: u32) {
        let Some(mut notice) = self.ended.remove(&number) else {
            panic!("message {number} is retried, but did not end");
        };
        self.arrivals += 1;
        notice.place.1 = self.arrivals;
        notice.due = now;
        (notice.claims, notice.perhaps_taken) = (0, 0);
        (notice.first_claim, notice.last_fault) = (None, None);
        notice.refused_numbers.clear();
        notice.ending = None;
        self.waiting.insert(number, notice);
    }

    /// An attempt took the claim of a message.
    pub fn claimed(&mut self, now: Timestamp, attempt: Attempt, number: u32, lease: Timestamp) {
        let conversation = self.waiting[&number].conversation;
        assert_eq!(
            self.first(conversation),
            Some(number),
            "claimed before an earlier message"
        );
        self.goes_alone(now, number);
        let open = |(_, until): (Attempt, Timestamp)| until > now;
        assert!(
            !self.waiting[&number].claim.is_some_and(open),
            "message {number} is claimed twice"
        );
        let notice = self.waiting.get_mut(&number).unwrap();
        assert!(
            notice.due <= now,
            "message {number} claimed before it is due"
        );
        assert!(
            notice.told.is_empty(),
            "message {number} claimed though {:?}",
            notice.told
        );
        notice.claim = Some((attempt, lease));
        notice.claims += 1;
        notice.first_claim.get_or_insert(now);
    }

    /// What an attempt says of a message counts only while it holds the message's claim.
    pub fn is_claimed_by(&self, number: u32, attempt: Option<Attempt>) {
        let holder = self.waiting[&number].claim.map(|(holder, _)| holder);
        assert!(
            attempt.is_none() || holder == attempt,
            "attempt {attempt:?} speaks of message {number}, which {holder:?} sends"
        );
    }

    /// No other message of the conversation is sent while this one is.
    pub fn goes_alone(&self, now: Timestamp, number: u32) {
        let conversation = self.waiting[&number].conversation;
        for (other, notice) in &self.waiting {
            let open = notice.claim.is_some_and(|(_, until)| until > now);
            assert!(
                !open || notice.conversation != conversation || *other == number,
                "message {number} is tried while {other} is sent"
            );
        }
    }

    /// A claim ended without an outcome: its text may have been taken.
    pub fn interrupted(&mut self, number: u32) {
        self.waiting.get_mut(&number).unwrap().perhaps_taken += 1;
    }

    /// A try failed, and another follows.
    pub fn postponed(&mut self, now: Timestamp, number: u32, try_of: &Try) {
        let notice = self.waiting.get_mut(&number).unwrap();
        notice.claim = None;
        if try_of.faults {
            notice.last_fault = Some(now);
        }
        notice.perhaps_taken += u32::from(try_of.perhaps_taken);
        notice.refused_numbers.extend(try_of.refused.clone());
        let longest_wait = match (try_of.faults, &try_of.refused) {
            (true, _) => MINUTE * 15,
            (false, None) => MINUTE * 5,
            (false, Some(_)) => SECOND * 5,
        };
        assert!(try_of.wait <= longest_wait, "message {number}: {try_of:?}");
        assert!(
            !notice.is_tried_out(now) && notice.perhaps_taken < MOST_PERHAPS_TAKEN,
            "message {number} is tried too often or too long: {notice:?}"
        );
    }

    /// The numbers that a conversation may use: not those that were refused for the message that is sent.
    pub fn numbers_for(&self, conversation: u32, numbers: &[Number]) -> Vec<Number> {
        let of_it = self
            .waiting
            .values()
            .filter(|notice| notice.conversation == conversation);
        let sent = of_it.max_by_key(|notice| notice.claim.map(|(_, until)| until));
        let refused = sent.map_or(&[][..], |notice| &notice.refused_numbers);
        let mut numbers = numbers.to_vec();
        numbers.retain(|number| !refused.contains(number));
        numbers
    }

    /// A notice ended.
    pub fn end(&mut self, now: Timestamp, number: u32, ending: Ending) {
        let Some(mut notice) = self.waiting.remove(&number) else {
            panic!("message {number} ends again as {ending:?}");
        };
        notice.ending = Some(ending);
        notice.claim = None;
        notice.remembered_until = now + HOUR;
        self.ended.insert(number, notice);
    }
}

impl Notice {
    fn advance(&mut self, status: Status) {
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
