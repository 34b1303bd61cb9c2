//! The specification of one user record, written as plainly as possible. It is told what the record stored,
//! which responses attempts got and which texts were sent, and panics at anything that breaks a promise.

mod cap;
mod check;
pub mod claims;
mod digests;
pub mod facts;
mod heard;
mod inbound;
mod leaving;
mod notice;
pub mod notices;
mod numbers;
mod outcomes;
pub mod quiet;
mod receipts;
pub mod replies;
mod restraint;
pub mod said;
pub mod texts;
mod when;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use texting::{
    record::{claim::TextClaim, command::Outcome, policy::Policy, reply::ReplyClaim},
    time::{SECOND, Span, Timestamp},
};

use crate::{
    event::Event,
    names::{USER, number_of},
    network::Attempt,
    parties::layer::Layer,
    rows::{FailureRow, Rows},
    setup::Setup,
    trace::Counts,
};
use claims::Claim;
use facts::{Claimed, Facts};
use notices::{Arrival, Ending, Notices};
use numbers::Numbers;
use receipts::Received;
use replies::{Replies, ReplyKey};
use texts::{Texts, Why};

#[derive(Default)]
pub struct Spec {
    pub notices: Notices,
    pub numbers: Numbers,
    pub replies: Replies,
    pub texts: Texts,
    pub facts: HashMap<Attempt, Facts>,
    /// When the record last noted that a text of a conversation was taken, or may have been, unless the user has
    /// answered since.
    texted: BTreeMap<u32, Timestamp>,
    /// When the user last answered in a conversation.
    answered: BTreeMap<u32, Timestamp>,
    received: Received,
    /// How often things happened.
    pub counts: Counts,
    /// The running attempts.
    under_way: UnderWay,
}

#[derive(Default)]
struct UnderWay {
    texts: BTreeSet<Attempt>,
    replies: BTreeSet<Attempt>,
}

impl UnderWay {
    fn leaves(&mut self, attempt: Option<Attempt>) {
        if let Some(attempt) = attempt {
            self.texts.remove(&attempt);
            self.replies.remove(&attempt);
        }
    }
}

/// How long a claim lasts.
pub const LEASE: Span = SECOND.times(45);
/// Texts under way at once. With the replies they stay within the six connections of an object.
const MOST_TEXTS: usize = 4;
/// The most attempts to act on replies at once.
const MOST_REPLIES: usize = 2;

/// The time of a turn, and the rules in force.
#[derive(Clone, Copy)]
pub struct Moment<'a> {
    pub now: Timestamp,
    pub policy: &'a Policy,
    pub setup: &'a Setup,
}

impl Spec {
    fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    /// The operator had these texts, which were held back, looked at again.
    pub fn released(&mut self, now: Timestamp, held: &[u32]) {
        self.notices.released(now, held);
    }

    /// The record has stored an event.
    pub fn told(
        &mut self,
        at: Moment<'_>,
        event: &Event,
        outcome: Outcome,
        world: (&Layer, &Rows),
    ) {
        let (layer, rows) = world;
        match event {
            Event::Message { message, status } => {
                let row = rows.notices.iter().find(|row| row.message == *message);
                let arrival = Arrival {
                    at: at.now,
                    number: *message,
                    status: *status,
                };
                let delay = at.policy.delay;
                self.notices
                    .arrives(&arrival, layer.message(*message), delay, row);
            }
            Event::Receipt { message, status } => self.notices.receipt(at.now, *message, *status),
            Event::Receipts {
                conversation,
                positions,
                status,
            } => {
                let (from, to) = *positions;
                let within = |number: &u32| {
                    let message = layer.message(*number);
                    let position = message.position.unwrap_or(0);
                    message.conversation == *conversation && (from..=to).contains(&position)
                };
                let waiting: Vec<u32> = self
                    .notices
                    .waiting
                    .keys()
                    .copied()
                    .filter(within)
                    .collect();
                for number in waiting {
                    self.notices.receipt(at.now, number, *status);
                }
                self.notices
                    .heard
                    .hear_stretch(at.now, *conversation, *positions, *status);
            }
            Event::MessageDeleted(message) => self.notices.deleted(at.now, *message),
            Event::ConversationDeleted(conversation) => {
                self.notices.over(*conversation, "deleted");
            }
            Event::Left(conversation) => self.notices.over(*conversation, "left"),
            Event::Text(text) => self.text(at, text, outcome),
            Event::DeliveryReceipt(receipt) => self.received(at, receipt, outcome),
            Event::Disown { phone, number } => {
                self.numbers.disowned(number, phone);
                self.texts.disowned(number, phone);
            }
        }
    }

    /// The operator has retried a failure.
    pub fn retried(&mut self, at: Moment<'_>, failure: &FailureRow) {
        if failure.is_text {
            self.notices.retried(at.now, number_of(&failure.id));
        } else {
            self.replies.retried(at.now, &failure.lane, &failure.id);
        }
    }

    /// Whether KV told the attempt of a STOP from the user's phone, and the record has had no START from it
    /// since. `waits`: only a START that is not written to KV yet counts.
    fn stopped(&self, facts: &Facts, waits: bool) -> bool {
        facts.stops.iter().any(|(phone, since)| {
            let is_theirs = facts.phone.as_ref().is_some_and(|own| own.is_same(phone));
            is_theirs && !self.replies.has_start(phone, *since, waits)
        })
    }

    pub fn room_for_texts(&self) -> bool {
        self.under_way.texts.len() < MOST_TEXTS
    }

    pub fn room_for_replies(&self) -> bool {
        self.under_way.replies.len() < MOST_REPLIES
    }

    /// An attempt has ended: what it has not stored is lost.
    pub fn attempt_over(&mut self, attempt: Attempt, why: Why) {
        if why == Why::Forgotten {
            let unstored = self.texts.accepted_by(attempt);
            let waits = |number: &u32| self.notices.waiting.contains_key(number);
            assert!(
                !unstored.iter().any(waits),
                "{unstored:?} were accepted, but that is not stored"
            );
        }
        self.under_way.leaves(Some(attempt));
        self.texts.attempt_over(attempt, why);
    }

    /// A claim was taken, maybe in the last turn of another attempt.
    pub fn claimed_text(
        &mut self,
        at: Moment<'_>,
        attempt: Attempt,
        claim: &TextClaim,
        follows: Option<Attempt>,
    ) {
        assert_eq!(claim.user_id.as_str(), USER);
        self.under_way.leaves(follows);
        assert!(self.room_for_texts(), "too many texts at once");
        self.under_way.texts.insert(attempt);
        let conversation = number_of(&claim.conversation_id);
        if let Some(former) = self.notices.claims.remove(&conversation) {
            match follows == Some(former.attempt) && former.interrupted.is_empty() {
                true => self.ended_itself(at, conversation, &former),
                false => self.ended_without_outcome(at, conversation, &former),
            }
        }
        let asked = claim.asked.iter().map(|it| number_of(&it.message_id));
        let counted = claim.counted.iter().map(|it| number_of(it));
        let taken = Claim::new(attempt, at.now, asked.collect(), counted.collect());
        assert_eq!(number_of(&claim.message_id), taken.asked[0]);
        self.notices.claimed(at, conversation, taken);
        let claimed = Claimed::Text { conversation };
        self.facts.insert(attempt, Facts::new(claimed, at.now));
    }

    /// The same for a reply.
    pub fn claimed_reply(
        &mut self,
        now: Timestamp,
        attempt: Attempt,
        claim: &ReplyClaim,
        follows: Option<Attempt>,
    ) {
        assert_eq!(claim.user_id.as_str(), USER);
        self.under_way.leaves(follows);
        assert!(self.room_for_replies(), "too many replies at once");
        self.under_way.replies.insert(attempt);
        if self.notes_open(&claim.reply.action) {
            self.facts.insert(attempt, Facts::new(Claimed::Note, now));
            return;
        }
        let lane = claim.reply.action.conversation();
        let id = &claim.reply.message_id;
        let key = ReplyKey { lane, id };
        self.replies.claimed(now, attempt, key, now + LEASE);
        let claimed = Claimed::Reply {
            lane: lane.to_owned(),
            id: id.to_string(),
        };
        self.facts.insert(attempt, Facts::new(claimed, now));
    }

    pub fn erase(&mut self, now: Timestamp) {
        let waiting: Vec<u32> = self.notices.waiting.keys().copied().collect();
        for number in waiting {
            self.notices.end(now, number, Ending::Erased);
        }
        for notice in self.notices.ended.values_mut() {
            notice.remembered_until = now - SECOND;
        }
        self.notices.heard.forget();
        self.notices.claims.clear();
        self.texted.clear();
        self.answered.clear();
        self.numbers.stands.clear();
        self.texts
            .left
            .iter_mut()
            .for_each(|left| left.erased = true);
        self.replies.erase();
        self.received = Received::default();
    }
}
