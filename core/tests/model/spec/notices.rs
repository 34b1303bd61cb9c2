//! Notices: one for each unread message. Each ends exactly once, and in order within its conversation.

use std::collections::BTreeMap;

use texting::{
    chat::status::Status,
    phone::Number,
    time::{HOUR, Span, Timestamp},
};

use super::heard::Heard;
pub use super::notice::{Ending, Notice, Try};
use crate::{network::Attempt, parties::layer::Message, rows::NoticeRow};

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
                due: now + delay,
                blank: message.text.trim().is_empty(),
                ending: row.is_none().then_some(Ending::Never),
                remembered_until: known.until,
                ..Notice::new(
                    message.conversation,
                    (order, self.arrivals),
                    stored.unwrap_or(status),
                )
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
        let again = Notice {
            due: now,
            blank: notice.blank,
            told: notice.told,
            remembered_until: notice.remembered_until,
            ..Notice::new(notice.conversation, notice.place, notice.known)
        };
        self.waiting.insert(number, again);
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
        self.waiting
            .get_mut(&number)
            .unwrap()
            .postponed(now, try_of);
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
