//! What is promised of one user's record, as plainly as it can be said. It is told what the record
//! stored, what attempts were answered and what left, and objects to whatever is not as promised.

pub mod facts;
mod heard;
pub mod notices;
mod numbers;
mod replies;
pub mod texts;

use std::collections::HashMap;

use texting::{
    log::{Entry, Level},
    record::{
        claim::{LEASE, TextClaim},
        command::{InboundText, Outcome},
        policy::Policy,
        reply::ReplyClaim,
    },
    time::Millis,
};

use crate::{
    event::Event,
    names::{USER, conversation_id, message_id, number_of},
    network::Attempt,
    parties::{layer::Layer, nexmo::Text},
    rows::{FailureRow, Rows},
};
use facts::{Claimed, Facts};
use notices::{Ending, Notices};
use numbers::Numbers;
use replies::Replies;
use texts::{Fate, Texts};

#[derive(Default)]
pub struct Spec {
    pub notices: Notices,
    pub numbers: Numbers,
    pub replies: Replies,
    pub texts: Texts,
    pub facts: HashMap<Attempt, Facts>,
}

/// The moment of a turn, and the rules that hold.
#[derive(Clone, Copy)]
pub struct Moment<'a> {
    pub now: Millis,
    pub policy: &'a Policy,
    pub introduces: bool,
}

fn field<'e>(entry: &'e Entry, name: &str) -> &'e str {
    entry
        .fields
        .iter()
        .find(|(known, _)| *known == name)
        .map_or("", |(_, value)| value)
}

impl Spec {
    /// The record stored what it was told.
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
                let arrived = (at.now, *message, *status);
                let delay = at.policy.delay;
                self.notices
                    .arrives(arrived, layer.message(*message), delay, row);
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
        let conversation = self.numbers.conversation_for(&text.number, &text.phone);
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
        self.replies.stored(at.now, text, conversation, help);
    }

    /// The operator has something tried again.
    pub fn retried(&mut self, at: Moment<'_>, failure: &FailureRow) {
        if failure.is_text {
            self.notices.retried(at.now, number_of(&failure.id));
        } else {
            self.replies.retried(at.now, &failure.lane, &failure.id);
        }
    }

    /// A line of the log says what came of something.
    pub fn logged(&mut self, at: Moment<'_>, entry: &Entry, attempt: Option<Attempt>) {
        let lane = (field(entry, "conversation_id"), field(entry, "nexmo_id"));
        match entry.message {
            "notice.sent" => self.sent(at, number_of(field(entry, "message_id")), attempt),
            "notice.dropped" => {
                let number = number_of(field(entry, "message_id"));
                self.dropped(at, number, field(entry, "reason"), attempt);
            }
            "notice.failed" => {
                let number = number_of(field(entry, "message_id"));
                let facts = attempt.and_then(|attempt| self.facts.get(&attempt));
                let refused = facts.is_some_and(|facts| facts.refused);
                let long = self.notices.waiting[&number].may_be_given_up(at.now);
                assert!(refused || long, "message {number} is given up too early");
                self.notices.end(at.now, number, Ending::Failed);
            }
            "notice.postponed" => {
                let number = number_of(field(entry, "message_id"));
                self.notices.tried(number, entry.level != Level::Info, true);
            }
            "notice.interrupted" => {
                self.notices
                    .tried(number_of(field(entry, "message_id")), true, false);
            }
            "reply.done" | "reply.failed" => {
                let facts = attempt.and_then(|attempt| self.facts.get(&attempt));
                let refused = facts.is_some_and(|facts| facts.refused);
                self.replies
                    .end(at.now, lane, entry.message == "reply.done", refused);
            }
            "reply.postponed" => self.replies.postponed(lane.0),
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
        // Whose replies are they, if another user was texted while ours was on its way? KV knows.
        let phone = (!left.disowned).then_some(text.phone.as_str());
        self.numbers
            .accepted(&text.number, conversation, phone, expires);
        self.notices.end(at.now, number, Ending::Sent);
    }

    fn dropped(&mut self, at: Moment<'_>, number: u32, why: &str, attempt: Option<Attempt>) {
        let facts = attempt.and_then(|attempt| self.facts.get(&attempt));
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

    /// Whether KV said that the user's phone wants no texts, and no later START of theirs says
    /// otherwise; one that the record has passed on counts as well when a text leaves.
    fn stopped(&self, facts: &Facts, waits: bool) -> bool {
        facts.stops.iter().any(|(phone, since)| {
            facts.phone.as_ref() == Some(phone) && !self.replies.has_start(phone, *since, waits)
        })
    }

    pub fn claimed_text(&mut self, now: Millis, attempt: Attempt, claim: &TextClaim) {
        let message = number_of(&claim.message_id);
        assert_eq!(claim.user_id, USER);
        self.notices.claimed(now, attempt, message, now + LEASE);
        self.facts
            .insert(attempt, Facts::new(Claimed::Text { message }, now));
    }

    pub fn claimed_reply(&mut self, now: Millis, attempt: Attempt, claim: &ReplyClaim) {
        assert_eq!(claim.user_id, USER);
        self.replies
            .claimed(now, attempt, (&claim.lane, &claim.message_id), now + LEASE);
        let claimed = Claimed::Reply {
            lane: claim.lane.clone(),
            id: claim.message_id.clone(),
        };
        self.facts.insert(attempt, Facts::new(claimed, now));
    }

    /// A text about a message leaves for Nexmo.
    pub fn leaves(&mut self, at: Moment<'_>, attempt: Attempt, text: &Text, words: &str) -> usize {
        let facts = &self.facts[&attempt];
        let Claimed::Text { message } = facts.claimed else {
            panic!("a reply leaves as a text")
        };
        assert_eq!(text.reference, message_id(message));
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
        let status = Some(notice.known).max(facts.status).unwrap();
        assert!(
            at.policy.justifies(status) && !facts.gone && !facts.left,
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

    /// Compares what is stored after a turn with what should be.
    pub fn check(&mut self, at: Moment<'_>, rows: Rows) {
        let stored: Vec<u32> = rows.notices.iter().map(|row| row.message).collect();
        let waiting: Vec<u32> = self.notices.waiting.keys().copied().collect();
        assert_eq!(stored, waiting, "messages that wait");
        for row in &rows.notices {
            let heard = |status| {
                let claimed = Claimed::Text {
                    message: row.message,
                };
                self.facts
                    .values()
                    .any(|it| it.claimed == claimed && it.status >= Some(status))
            };
            self.notices
                .waiting
                .get_mut(&row.message)
                .unwrap()
                .advance_to(&row.status, heard);
        }
        for (number, notice) in &self.notices.waiting {
            let late = !notice.told.is_empty() && notice.claim.is_none();
            assert!(
                !late,
                "message {number} still waits though {:?}",
                notice.told
            );
        }
        self.numbers.check(at.now, rows.links, &at.policy.numbers);
        for link in self.numbers.links.iter().filter(|link| !link.introduced) {
            let conversation = number_of(&link.conversation_id);
            let tried =
                |notice: &notices::Notice| notice.conversation == conversation && notice.claims > 0;
            let needed = self.notices.waiting.values().any(tried);
            // A text from it may have arrived, though another number was used in the end.
            let has_another = self
                .numbers
                .stands
                .values()
                .any(|it| it.conversation == conversation);
            assert!(
                needed || has_another,
                "{} is not released by {conversation}",
                link.number
            );
        }
        let mut replies = std::collections::BTreeMap::<&str, Vec<&str>>::new();
        for row in &rows.replies {
            replies.entry(&row.lane).or_default().push(&row.id);
        }
        assert_eq!(replies, self.replies.waiting_ids(), "replies that wait");
        assert_eq!(
            rows.parts.is_some(),
            self.replies.parts_wait(),
            "parts that wait"
        );
        self.check_wish(rows.opted_out);
    }

    /// A wish only ends by a START: of the user, or of another one of the phone, as KV says.
    fn check_wish(&mut self, stored: Option<String>) {
        if stored.is_none() && self.replies.opted_out.is_some() {
            assert!(
                self.facts.values().any(|facts| facts.start),
                "opted in by nobody"
            );
            self.replies.opted_out = None;
        }
        assert_eq!(stored, self.replies.opted_out, "opted out");
    }

    pub fn erase(&mut self, now: Millis) {
        let waiting: Vec<u32> = self.notices.waiting.keys().copied().collect();
        for number in waiting {
            self.notices.end(now, number, Ending::Erased);
        }
        for notice in self.notices.ended.values_mut() {
            notice.remembered_until = now - 1;
        }
        self.notices.heard.forget();
        self.numbers.stands.clear();
        self.replies.erase();
    }
}
