//! Notices: one for each unread message. Each ends exactly once, and in order within its conversation.

use std::collections::BTreeMap;

use texting::{
    chat::status::Status,
    time::{HOUR, Span, Timestamp},
};

pub use super::notice::{Ending, Notice, Try};
use super::{claims::Claim, heard::Heard};
use crate::{parties::layer::Message, rows::NoticeRow};

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
    /// The last claim of each conversation, until its outcome is stored.
    pub claims: BTreeMap<u32, Claim>,
    pub heard: Heard,
    arrivals: u32,
}

impl Notices {
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
                since: now,
                due: now + delay,
                text: message.text.clone(),
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

    /// The operator had these texts, which were held back, looked at again.
    pub fn released(&mut self, now: Timestamp, held: &[u32]) {
        let held = held.iter();
        for number in held {
            if let Some(notice) = self.waiting.get_mut(number) {
                notice.released(now);
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
            since: now,
            due: now,
            text: notice.text,
            told: notice.told,
            remembered_until: notice.remembered_until,
            ..Notice::new(notice.conversation, notice.place, notice.known)
        };
        self.waiting.insert(number, again);
    }

    /// A notice ended.
    pub fn end(&mut self, now: Timestamp, number: u32, ending: Ending) {
        let Some(mut notice) = self.waiting.remove(&number) else {
            panic!("message {number} ends again as {ending:?}");
        };
        notice.ending = Some(ending);
        notice.remembered_until = now + HOUR;
        self.ended.insert(number, notice);
    }
}
