//! Checks each log entry about a notice or reply: whether the record had reason to write it.

use texting::{
    log::{Entry, Level},
    phone::Phone,
    time::{Span, Timestamp},
};

use super::{
    Moment, Spec,
    facts::{Answer, Facts},
    notices::{Ending, Try},
    replies::ReplyKey,
    texts::Fate,
};
use crate::{names::number_of, network::Attempt};

/// A field of a log entry; empty if it has none of this name.
pub fn field<'e>(entry: &'e Entry, name: &str) -> &'e str {
    entry
        .fields
        .iter()
        .find(|(known, _)| *known == name)
        .map_or("", |(_, value)| value)
}

impl Spec {
    /// The record logged an entry.
    pub fn logged(&mut self, at: Moment<'_>, entry: &Entry, attempt: Option<Attempt>) {
        let key = ReplyKey {
            lane: field(entry, "conversation_id"),
            id: field(entry, "nexmo_id"),
        };
        if field(entry, "kind") == "note_open" {
            return;
        }
        match entry.message {
            "notice.sent" => self.sent(at, number_of(field(entry, "message_id")), attempt),
            "notice.dropped" => {
                let number = number_of(field(entry, "message_id"));
                self.dropped(at, number, field(entry, "reason"), attempt);
            }
            "notice.failed" => self.failed(at, number_of(field(entry, "message_id")), attempt),
            "notice.perhaps_sent" => {
                self.perhaps_sent(at, number_of(field(entry, "message_id")), attempt);
            }
            "notice.postponed" => {
                let number = number_of(field(entry, "message_id"));
                self.notices.is_claimed_by(number, attempt);
                let tried = self.tried(entry, attempt.unwrap());
                self.notices.postponed(at.now, number, &tried);
            }
            "notice.held" => self.held(at, entry, attempt.unwrap()),
            "notice.interrupted" => {
                let number = number_of(field(entry, "message_id"));
                self.notices.interrupted(at.now, number);
            }
            "reply.done" | "reply.failed" => {
                let facts = attempt.and_then(|attempt| self.facts.get(&attempt));
                let refused = facts.is_some_and(|facts| facts.refused || facts.number_refused);
                let is_done = entry.message == "reply.done";
                // It may still mark the conversation as read, which takes no place of another.
                if is_done && at.setup.settings.mark_read && !key.lane.is_empty() {
                    self.under_way.leaves(attempt);
                }
                assert!(
                    is_done || self.replies.is_claimed_by(key, attempt),
                    "{key:?} is given up by an older claim"
                );
                self.replies.end(at.now, key, is_done, refused);
            }
            "reply.part_missing" => self.replies.give_up_parts(at.now, at.policy.answers_help),
            "reply.postponed" => {
                let facts = attempt.and_then(|attempt| self.facts.get(&attempt));
                let refused = facts.is_some_and(|facts| facts.refused || facts.number_refused);
                assert!(
                    !refused,
                    "{key:?} is tried again though it was refused for good"
                );
                assert!(
                    self.replies.is_claimed_by(key, attempt),
                    "{key:?} is postponed by an older claim"
                );
                self.replies.postponed(key.lane);
            }
            _ => {}
        }
        if let Some(attempt) = attempt.filter(|_| entry.message.starts_with("notice.")) {
            self.texts.told(attempt);
        }
    }

    fn perhaps_sent(&mut self, at: Moment<'_>, number: u32, attempt: Option<Attempt>) {
        self.notices.is_claimed_by(number, attempt);
        let claim = self.notices.claim_of(number);
        let is_interrupted = claim.is_some_and(|claim| claim.interrupted.contains(&number));
        let is_digest = claim.is_some_and(|claim| claim.all().count() > 1);
        let in_doubt = match attempt {
            Some(attempt) => self.texts.is_lost(attempt),
            None => is_interrupted,
        };
        let enough = self.notices.waiting[&number].is_in_doubt_enough();
        assert!(in_doubt && enough, "message {number} is not perhaps sent");
        self.notices.end(at.now, number, Ending::PerhapsSent);
        if is_digest {
            self.count("perhaps sent within a digest");
        }
    }

    /// The try that a log entry is about.
    fn tried(&mut self, entry: &Entry, attempt: Attempt) -> Try {
        let perhaps_taken = !field(entry, "perhaps_taken").is_empty();
        assert_eq!(perhaps_taken, self.texts.is_lost(attempt), "{entry:?}");
        let left = self.texts.of_attempt(attempt);
        let number = left.map(|left| left.text.number.clone());
        let is_refused = self.facts[&attempt].number_refused;
        Try {
            faults: entry.level == Level::Error,
            perhaps_taken,
            refused: number.filter(|_| is_refused),
            wait: Span::from_millis(field(entry, "wait_ms").parse().unwrap()),
        }
    }

    fn failed(&mut self, at: Moment<'_>, number: u32, attempt: Option<Attempt>) {
        self.notices.is_claimed_by(number, attempt);
        let facts = attempt.and_then(|attempt| self.facts.get(&attempt));
        let last = attempt.and_then(|attempt| self.texts.of_attempt(attempt));
        let refused = last.filter(|_| facts.is_some_and(|facts| facts.number_refused));
        let refused = refused.map(|left| left.text.number.clone());
        let notice = &self.notices.waiting[&number];
        let mut refused: Vec<_> = refused.into_iter().collect();
        refused.extend(notice.refused_numbers.clone());
        let mut numbers = at.policy.numbers.clone();
        numbers.retain(|number| !refused.contains(number));
        let no_other = !refused.is_empty()
            && self
                .numbers
                .is_without(at.now, notice.conversation, &numbers);
        assert!(
            no_other || facts.is_some_and(|facts| facts.refused) || notice.is_tried_out(at.now),
            "message {number} is given up too early: {notice:?}"
        );
        self.notices.end(at.now, number, Ending::Failed);
    }

    fn sent(&mut self, at: Moment<'_>, number: u32, attempt: Option<Attempt>) {
        let left = match attempt {
            Some(attempt) => self.texts.of_attempt(attempt),
            None => self
                .received
                .proven
                .map(|index| &mut self.texts.left[index]),
        };
        let left = left.unwrap_or_else(|| panic!("message {number} is sent, but nothing left"));
        assert!(
            left.covers(number),
            "message {number} is sent, but not by {left:?}"
        );
        assert!(
            attempt.is_none() || matches!(left.fate, Fate::Accepted | Fate::Stored),
            "message {number} is sent by {left:?}"
        );
        left.fate = Fate::Stored;
        let expires = at.now + at.policy.number_expiration;
        let (text, conversation) = (left.text.clone(), left.conversation);
        // If another user was texted while this text was on its way, KV decides whose the replies are.
        let phone = (attempt.is_some() && !left.disowned).then_some(&text.phone);
        // The link may be deleted once the claim that used it has ended.
        let is_late = left.lease <= at.now || attempt.is_none();
        let outlived = is_late && !self.numbers.has_link(&text.number, conversation);
        if !outlived {
            self.numbers
                .accepted(&text.number, conversation, phone, expires);
        }
        self.notices.end(at.now, number, Ending::Sent);
    }

    /// Whether the user's own STOP holds: KV told the attempt of no later START from the phone of the STOP or from
    /// the present one.
    fn has_own_stop(&self, facts: Option<&Facts>) -> bool {
        let Some(stopped_from) = &self.replies.opted_out else {
            return false;
        };
        let lifts = |facts: &Facts, phone: &Phone, at: Timestamp| {
            let own = facts.phone.as_ref();
            let is_theirs =
                phone.is_same(stopped_from) || own.is_some_and(|own| phone.is_same(own));
            is_theirs && at > self.replies.opted_out_at
        };
        !facts.is_some_and(|facts| {
            let mut starts = facts.starts.iter();
            starts.any(|(phone, at)| lifts(facts, phone, *at))
        })
    }

    /// The conversations whose leases ended while their attempts ran.
    fn stood_still(&self, at: Moment<'_>) -> Vec<u32> {
        let claims = self.notices.claims.iter();
        let runs =
            claims.filter(|(_, it)| it.until <= at.now && self.facts.contains_key(&it.attempt));
        runs.map(|(conversation, _)| *conversation).collect()
    }

    fn dropped(&mut self, at: Moment<'_>, number: u32, why: &str, attempt: Option<Attempt>) {
        let facts = attempt.and_then(|attempt| self.facts.get(&attempt));
        self.notices.is_claimed_by(number, attempt);
        let notice = &self.notices.waiting[&number];
        let numbers = &at.policy.numbers;
        let answer = facts.map_or(Answer::None, |facts| facts.answer(number));
        let may = notice.may_be_dropped(why, at.policy, facts, answer)
            || self.may_be_refused(at, number, why, facts)
            || match why {
                "no_number" => {
                    let (of, extended) = (notice.conversation, self.stood_still(at));
                    self.numbers.is_without(at.now, of, numbers)
                        || self
                            .numbers
                            .is_perhaps_without(at.now, of, numbers, &extended)
                }
                "opted_out" => {
                    self.has_own_stop(facts) || facts.is_some_and(|it| self.stopped(it, true))
                }
                _ => false,
            };
        assert!(
            may,
            "message {number} is dropped as {why}: {notice:?} {facts:?}"
        );
        self.notices
            .end(at.now, number, Ending::Dropped(why.to_owned()));
    }
}
