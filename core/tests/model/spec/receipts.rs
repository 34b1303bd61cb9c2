//! Delivery receipts: what they prove is stored, and what they say counts once.

use texting::{
    phone::Phone,
    record::{command::Outcome, tables::replies::Action},
    settings::Kept,
    sms::receipt::{DeliveryReceipt, ErrorCode, Fate},
    time::{DAY, Span, Timestamp},
};

use super::{
    Moment, Spec,
    facts::Facts,
    texts::{self, Left},
};
use crate::{names::text_of, rows::Rows};

/// A text is known for at least this long.
const KNOWN_FOR: Span = DAY.times(4);
/// How long an unreachable phone gets no text.
const UNREACHABLE_FOR: Span = DAY.times(30);

/// What is known of receipts.
#[derive(Default)]
pub struct Received {
    /// The text that the last receipt was about.
    pub proven: Option<usize>,
    /// The phone that no text reaches, and since when.
    pub unreachable: Option<(Phone, Timestamp)>,
    /// The phone that the last receipt failed for, and the code, if it may be unreachable for that.
    failed: Option<(Phone, ErrorCode)>,
    /// When a text last came from the user.
    heard_at: Option<Timestamp>,
}

impl Spec {
    /// The record was told of a receipt.
    pub fn received(&mut self, at: Moment<'_>, receipt: &DeliveryReceipt, outcome: Outcome) {
        let index = text_of(&receipt.message_id).unwrap();
        let left = &self.texts.left[index];
        assert!(left.taken, "{receipt:?} is about a text that was not taken");
        self.received.proven = Some(index).filter(|_| outcome == Outcome::Stored);
        self.received.failed = None;
        let is_news = self.says_something(at, left, receipt.fate);
        if outcome == Outcome::Known {
            let is_surely_known =
                receipt.reference.is_some() && !left.erased && at.now < left.at + KNOWN_FOR;
            assert!(
                !is_surely_known || !self.some_wait(left) && !is_news,
                "{receipt:?} is not known, but {left:?}"
            );
            return;
        }
        assert!(!left.erased, "{receipt:?} is about an erased text");
        if !left.is_known {
            self.proven(at, index);
        }
        if is_news {
            self.texts.left[index].final_word = Some(receipt.fate);
            if let Fate::Failed(code) = receipt.fate {
                self.undelivered(at, index, code);
            }
        }
    }

    fn some_wait(&self, left: &Left) -> bool {
        let mut covered = left.covered.iter();
        covered.any(|number| self.notices.waiting.contains_key(number))
    }

    /// The record did not know that Nexmo took a text.
    fn proven(&mut self, at: Moment<'_>, index: usize) {
        let left = &self.texts.left[index];
        let (number, conversation) = (left.text.number.clone(), left.conversation);
        if self.numbers.has_link(&number, conversation) {
            let expires = at.now + at.policy.number_expiration;
            self.numbers.accepted(&number, conversation, None, expires);
        }
        let some_wait = self.some_wait(left);
        let left = &mut self.texts.left[index];
        left.is_known = true;
        if let texts::Fate::Lost(why) = left.fate {
            left.was_lost = Some(why);
        }
        if !some_wait {
            // Its link may still become the number's.
            left.fate = texts::Fate::Accepted;
        }
    }

    /// Whether a receipt is the first final word on a text.
    fn says_something(&self, at: Moment<'_>, left: &Left, fate: Fate) -> bool {
        let kept = at.policy.receipts.map(|it| it.kept);
        let is_final = match fate {
            Fate::Taken => false,
            Fate::Delivered => kept == Some(Kept::All),
            Fate::Failed(_) => true,
        };
        is_final && left.final_word.is_none()
    }

    fn undelivered(&mut self, at: Moment<'_>, index: usize, code: ErrorCode) {
        let left = &self.texts.left[index];
        let (phone, reference) = (left.text.phone.clone(), left.text.reference.clone());
        match code {
            // A text may have come since from another phone, on a link that both count for.
            3 | 4 if self.received.heard_at.is_none_or(|heard| heard < left.at) => {
                self.received.unreachable = Some((phone, at.now));
            }
            9 => self.replies.carrier_stop(at.now, &phone, &reference),
            3 | 4 | 12 | 14 => self.received.failed = Some((phone, code)),
            _ => {}
        }
    }

    /// Checks that a phone is unreachable for a reason, and that this ends for one.
    pub fn check_reach(&mut self, rows: &Rows) {
        let failed = self.received.failed.take();
        if rows.unreachable == self.received.unreachable {
            return;
        }
        match &rows.unreachable {
            Some((phone, _)) => {
                let is_failed = |left: &&Left| {
                    let word = left.final_word;
                    left.text.phone.is_same(phone) && matches!(word, Some(Fate::Failed(12 | 14)))
                };
                let failures = self.texts.all().filter(is_failed).count();
                let enough = |(failed, code): (Phone, ErrorCode)| {
                    failed.is_same(phone) && (matches!(code, 3 | 4) || failures >= 3)
                };
                assert!(
                    failed.is_some_and(enough),
                    "{phone} is unreachable after {failures} texts"
                );
            }
            None => {
                let former = self.received.unreachable.as_ref();
                let is_other = |facts: &Facts| {
                    let phone = facts.phone.as_ref();
                    phone.is_some_and(|phone| former.is_some_and(|it| !it.0.is_same(phone)))
                };
                assert!(
                    self.facts.values().any(is_other),
                    "{former:?} is reachable for no reason"
                );
            }
        }
        self.received.unreachable.clone_from(&rows.unreachable);
    }

    /// Whether no text reaches a phone, as far as is known.
    pub fn is_unreachable(&self, at: Moment<'_>, phone: &Phone) -> bool {
        let known = self.received.unreachable.as_ref();
        known
            .is_some_and(|(known, since)| known.is_same(phone) && at.now < *since + UNREACHABLE_FOR)
    }

    /// A text came from a phone.
    pub fn heard_from(&mut self, at: Moment<'_>, phone: &Phone) {
        self.received.heard_at = Some(at.now);
        let known = self.received.unreachable.take();
        self.received.unreachable = known.filter(|(known, _)| !known.is_same(phone));
    }

    /// KV is told of a try only while it is unknown whether Nexmo took it.
    pub fn notes_open(&self, action: &Action) -> bool {
        let Action::NoteOpen(reference) = action else {
            return false;
        };
        let is_it = |left: &&Left| left.text.reference == reference.as_str();
        assert!(
            self.texts.left.iter().any(|left| is_it(&left)),
            "{reference} never left"
        );
        true
    }
}
