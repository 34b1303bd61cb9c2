//! Checks each log entry about a notice or reply: whether the record had reason to write it.

use texting::log::{Entry, Level};

use super::{Moment, Spec, notices::Ending, replies::ReplyKey, texts::Fate};
use crate::{names::number_of, network::Attempt};

fn field<'e>(entry: &'e Entry, name: &str) -> &'e str {
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
        match entry.message {
            "notice.sent" => self.sent(at, number_of(field(entry, "message_id")), attempt),
            "notice.dropped" => {
                let number = number_of(field(entry, "message_id"));
                self.dropped(at, number, field(entry, "reason"), attempt);
            }
            "notice.failed" => {
                let number = number_of(field(entry, "message_id"));
                self.notices.is_claimed_by(number, attempt);
                let facts = attempt.and_then(|attempt| self.facts.get(&attempt));
                let refused = facts.is_some_and(|facts| facts.refused);
                let long = self.notices.waiting[&number].may_be_given_up(at.now);
                assert!(refused || long, "message {number} is given up too early");
                self.notices.end(at.now, number, Ending::Failed);
            }
            "notice.postponed" => {
                let number = number_of(field(entry, "message_id"));
                self.notices.is_claimed_by(number, attempt);
                self.notices.goes_alone(at.now, number);
                self.notices.tried(number, entry.level != Level::Info, true);
                let tried_out = self.notices.waiting[&number].is_tried_out(at.now);
                assert!(
                    !tried_out,
                    "message {number} is tried too often or too long"
                );
            }
            "notice.interrupted" => {
                self.notices
                    .tried(number_of(field(entry, "message_id")), true, false);
            }
            "reply.done" | "reply.failed" => {
                let facts = attempt.and_then(|attempt| self.facts.get(&attempt));
                let refused = facts.is_some_and(|facts| facts.refused);
                let is_done = entry.message == "reply.done";
                assert!(
                    is_done || self.replies.is_claimed_by(key, attempt),
                    "{key:?} is given up by an older claim"
                );
                self.replies.end(at.now, key, is_done, refused);
            }
            "reply.part_missing" => self.replies.give_up_parts(at.now, at.policy.answers_help),
            "reply.postponed" => {
                let facts = attempt.and_then(|attempt| self.facts.get(&attempt));
                let refused = facts.is_some_and(|facts| facts.refused);
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
    }

    fn sent(&mut self, at: Moment<'_>, number: u32, attempt: Option<Attempt>) {
        let left = attempt.and_then(|attempt| self.texts.of_attempt(attempt));
        let left = left.unwrap_or_else(|| panic!("message {number} is sent, but nothing left"));
        assert_eq!((left.message, left.fate), (number, Fate::Accepted));
        left.fate = Fate::Stored;
        let expires = at.now + at.policy.number_expiration;
        let (text, conversation) = (left.text.clone(), left.conversation);
        // If another user was texted while this text was on its way, KV decides whose the replies are.
        let phone = (!left.disowned).then_some(&text.phone);
        // The link may be deleted once the claim that used it has ended.
        let outlived = left.lease <= at.now && !self.numbers.has_link(&text.number, conversation);
        if !outlived {
            self.numbers
                .accepted(&text.number, conversation, phone, expires);
        }
        self.notices.end(at.now, number, Ending::Sent);
    }

    fn dropped(&mut self, at: Moment<'_>, number: u32, why: &str, attempt: Option<Attempt>) {
        let facts = attempt.and_then(|attempt| self.facts.get(&attempt));
        self.notices.is_claimed_by(number, attempt);
        let notice = &self.notices.waiting[&number];
        let numbers = &at.policy.numbers;
        let may = notice.may_be_dropped(why, at.policy, facts)
            || match why {
                "no_number" => self
                    .numbers
                    .is_without(at.now, notice.conversation, numbers),
                "opted_out" => {
                    self.replies.opted_out.is_some()
                        || facts.is_some_and(|it| self.stopped(it, true))
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
