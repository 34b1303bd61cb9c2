//! The specification of one user record, written as plainly as possible. It is told what the record stored,
//! which responses attempts got and which texts were sent, and panics at anything that breaks a promise.

mod check;
pub mod facts;
mod heard;
pub mod notices;
mod numbers;
pub mod replies;
mod said;
pub mod texts;

use std::collections::HashMap;

use texting::{
    record::{claim::TextClaim, command::Outcome, policy::Policy, reply::ReplyClaim},
    sms::inbound::InboundText,
    time::{MINUTE, SECOND, Span, Timestamp},
};

use crate::{
    event::Event,
    names::{USER, conversation_id, message_id, number_of},
    network::Attempt,
    parties::{layer::Layer, nexmo::Text},
    rows::{FailureRow, Rows},
};
use facts::{Claimed, Facts};
use notices::{Arrival, Ending, Notices};
use numbers::Numbers;
use replies::{Replies, ReplyKey};
use texts::{Fate, Left, Texts, Why};

#[derive(Default)]
pub struct Spec {
    pub notices: Notices,
    pub numbers: Numbers,
    pub replies: Replies,
    pub texts: Texts,
    pub facts: HashMap<Attempt, Facts>,
    /// The running attempts.
    under_way: UnderWay,
}

#[derive(Default)]
struct UnderWay {
    texts: usize,
    replies: usize,
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
    pub introduces: bool,
}

impl Spec {
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
            Event::Disown { phone, number } => {
                self.numbers.disowned(number, phone);
                self.texts.disowned(number, phone);
            }
        }
    }

    fn text(&mut self, at: Moment<'_>, text: &InboundText, outcome: Outcome) {
        let help = at.policy.answers_help;
        let conversation = self
            .numbers
            .conversation_for(at.now, &text.number, &text.phone);
        self.reaches_who_texted(at, text, conversation);
        let obeyed = matches!(text.text.as_str(), "STOP" | "START") || text.text == "HELP" && help;
        let expected = match conversation {
            _ if self.replies.is_known(&text.message_id) => Outcome::Known,
            Some(_) => Outcome::Stored,
            None if self.numbers.has_links(&text.number) => Outcome::NotTheirPhone,
            None if obeyed && text.part.is_none() => Outcome::Stored,
            None => Outcome::NoLink,
        };
        assert_eq!(outcome, expected, "{text:?}");
        if outcome != Outcome::Stored {
            return;
        }
        if let Some(conversation) = conversation {
            let went = self.texts.went(&text.number, conversation, &text.phone);
            assert!(went, "{} never stood for {conversation} there", text.number);
        }
        if let Some(conversation) = conversation {
            let expires = at.now + at.policy.number_expiration;
            self.numbers.renewed(&text.number, conversation, expires);
        }
        self.replies.stored(at.now, text, conversation, help);
    }

    /// Nothing that a person texts to a number that we last texted them from is lost: it goes into the
    /// conversation of that text, or into a later one whose text may have arrived.
    fn reaches_who_texted(&self, at: Moment<'_>, text: &InboundText, conversation: Option<u32>) {
        let is_recent = |left: &&Left| at.now + MINUTE < left.at + at.policy.number_expiration;
        let mut later = Vec::new();
        for left in self.texts.last_from(&text.number).take_while(is_recent) {
            if !left.text.phone.is_same(&text.phone) || left.disowned {
                return;
            }
            later.push(left.conversation);
            if left.taken {
                // Until its claim ends, the record cannot know.
                let flies =
                    matches!(left.fate, Fate::Flying | Fate::Accepted) || left.lease > at.now;
                assert!(
                    flies || conversation.is_some_and(|it| later.contains(&it)),
                    "{text:?} goes to {conversation:?}, but {left:?}"
                );
                return;
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
        self.under_way.texts < MOST_TEXTS
    }

    pub fn room_for_replies(&self) -> bool {
        self.under_way.replies < MOST_REPLIES
    }

    /// An attempt has ended: what it has not stored is lost.
    pub fn attempt_over(&mut self, attempt: Attempt, why: Why) {
        if why == Why::Forgotten {
            let unstored = self.texts.accepted_by(attempt);
            let waits = |number| self.notices.waiting.contains_key(&number);
            assert!(
                !unstored.is_some_and(waits),
                "message {unstored:?} was accepted, but that is not stored"
            );
        }
        match self.facts.get(&attempt).map(|facts| &facts.claimed) {
            Some(Claimed::Text { .. }) => self.under_way.texts -= 1,
            Some(Claimed::Reply { .. }) => self.under_way.replies -= 1,
            None => {}
        }
        self.texts.attempt_over(attempt, why);
    }

    pub fn claimed_text(&mut self, now: Timestamp, attempt: Attempt, claim: &TextClaim) {
        let message = number_of(&claim.message_id);
        assert_eq!(claim.user_id.as_str(), USER);
        assert!(self.room_for_texts(), "too many texts at once");
        self.under_way.texts += 1;
        self.notices.claimed(now, attempt, message, now + LEASE);
        self.facts
            .insert(attempt, Facts::new(Claimed::Text { message }, now));
    }

    pub fn claimed_reply(&mut self, now: Timestamp, attempt: Attempt, claim: &ReplyClaim) {
        assert_eq!(claim.user_id.as_str(), USER);
        assert!(self.room_for_replies(), "too many replies at once");
        self.under_way.replies += 1;
        let lane = claim.reply.action.lane();
        let id = &claim.reply.message_id;
        let key = ReplyKey { lane, id };
        self.replies.claimed(now, attempt, key, now + LEASE);
        let claimed = Claimed::Reply {
            lane: lane.to_owned(),
            id: id.to_string(),
        };
        self.facts.insert(attempt, Facts::new(claimed, now));
    }

    /// A text about a message is sent to Nexmo. Checks that it may be, and returns its index.
    pub fn leaves(&mut self, at: Moment<'_>, attempt: Attempt, text: &Text, words: &str) -> usize {
        let facts = &self.facts[&attempt];
        let Claimed::Text { message } = facts.claimed else {
            panic!("a reply leaves as a text")
        };
        assert_eq!(text.reference, message_id(message).as_str());
        let notice = self.notices.get(message).unwrap();
        let (_, lease) = notice
            .claim
            .filter(|(holder, _)| *holder == attempt)
            .unwrap_or_default();
        assert!(
            notice.ending.is_none(),
            "message {message} leaves though {:?}",
            notice.ending
        );
        assert!(lease > at.now, "message {message} leaves without a claim");
        assert!(
            notice.told.is_empty(),
            "message {message} leaves though {:?}",
            notice.told
        );
        assert!(facts.asked, "message {message} leaves, but nobody asked");
        assert!(
            notice.perhaps_taken == 0 || facts.nexmo_responds,
            "message {message} leaves, but does Nexmo respond?"
        );
        assert!(
            !notice.refused_numbers.contains(&text.number),
            "message {message} leaves from a number that was refused"
        );
        let status = Some(notice.known).max(facts.status).unwrap();
        assert!(
            at.policy.report_on.justifies(status) && !facts.gone && !facts.left,
            "{message}: {facts:?}"
        );
        let opted_out = self.replies.opted_out.is_some() || self.stopped(facts, false);
        assert!(!opted_out, "opted out, but {message} leaves");
        assert_eq!(
            facts.phone.as_deref(),
            Some(text.phone.as_str()),
            "phone of {message}"
        );
        let introduced = self
            .numbers
            .is_introduced(&text.number, notice.conversation);
        let body = match (introduced || !at.introduces, &facts.introduction) {
            (true, _) | (false, Some(None)) => words.to_owned(),
            (false, Some(Some(introduction))) => format!("{introduction}\n\n{words}"),
            (false, None) => panic!("message {message} leaves without its introduction"),
        };
        assert_eq!(
            text.body, body,
            "message {message} in {}",
            notice.conversation
        );
        let linked = self.numbers.links.iter().any(|link| {
            link.number == text.number
                && link.conversation_id == conversation_id(notice.conversation)
        });
        assert!(
            linked,
            "message {message} leaves from {} without a link",
            text.number
        );
        let left = (message, notice.conversation);
        self.texts
            .leaves(at.now, left, attempt, lease, text.clone())
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
        self.numbers.stands.clear();
        self.texts
            .left
            .iter_mut()
            .for_each(|left| left.erased = true);
        self.replies.erase();
    }
}
