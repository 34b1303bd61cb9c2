//! Claims: at most one text of a conversation is on its way.

use std::collections::BTreeSet;

use texting::{phone::Number, time::Timestamp};

use super::{
    LEASE, Moment,
    notices::{Notices, Try},
};
use crate::network::Attempt;

/// The claim of a text: open, or over without an outcome that is stored.
#[derive(Clone, Debug)]
pub struct Claim {
    pub attempt: Attempt,
    pub began: Timestamp,
    /// The end of its lease.
    pub until: Timestamp,
    /// Whether the lease was extended because the attempt still ran.
    pub extended: bool,
    /// The messages that Layer is asked about, in order. Without digests that is one.
    pub asked: Vec<u32>,
    /// Those that its text only counts.
    pub counted: Vec<u32>,
    /// Those for which the record noted that it ended without an outcome.
    pub interrupted: BTreeSet<u32>,
    /// Those that the record tries again after it.
    pub postponed: BTreeSet<u32>,
}

impl Claim {
    pub fn new(attempt: Attempt, began: Timestamp, asked: Vec<u32>, counted: Vec<u32>) -> Self {
        Self {
            attempt,
            began,
            until: began + LEASE,
            extended: false,
            asked,
            counted,
            interrupted: BTreeSet::new(),
            postponed: BTreeSet::new(),
        }
    }

    /// All messages that it was taken for.
    pub fn all(&self) -> impl Iterator<Item = u32> {
        self.asked.iter().chain(&self.counted).copied()
    }

    pub fn covers(&self, number: u32) -> bool {
        self.asked.contains(&number) || self.counted.contains(&number)
    }

    pub fn is_open(&self, now: Timestamp) -> bool {
        self.until > now
    }
}

impl Notices {
    /// An attempt took the claim of a conversation.
    pub fn claimed(&mut self, at: Moment<'_>, conversation: u32, claim: Claim) {
        let (asked, counted) = self.gathered(at, conversation);
        assert_eq!(
            (&claim.asked, &claim.counted),
            (&asked, &counted),
            "what a text of {conversation} covers"
        );
        for number in claim.all() {
            let notice = self.waiting.get_mut(&number).unwrap();
            notice.claims += 1;
            assert!(
                notice.told.is_empty(),
                "message {number} claimed though {:?}",
                notice.told
            );
            assert!(
                notice.retry_at.is_none_or(|retry_at| retry_at <= at.now),
                "message {number} is tried again too early"
            );
        }
        let is_due = claim
            .all()
            .any(|number| self.waiting[&number].is_due(at.now));
        // What was due in a digest may have ended as it was claimed.
        assert!(
            is_due || at.policy.digest.is_some(),
            "{claim:?} is taken before anything is due"
        );
        self.claims.insert(conversation, claim);
    }

    /// The claim that covers a message that waits.
    pub fn claim_of(&self, number: u32) -> Option<&Claim> {
        let claim = self.claims.get(&self.waiting[&number].conversation);
        claim.filter(|claim| claim.covers(number))
    }

    /// What an attempt says of a message counts only while it holds the message's claim.
    pub fn is_claimed_by(&self, number: u32, attempt: Option<Attempt>) {
        let holder = self.claim_of(number).map(|claim| claim.attempt);
        assert!(
            attempt.is_none() || holder == attempt,
            "attempt {attempt:?} speaks of message {number}, which {holder:?} sends"
        );
    }

    /// A claim ended without an outcome: its text may have been taken.
    pub fn interrupted(&mut self, now: Timestamp, number: u32) {
        let notice = self.waiting.get_mut(&number).unwrap();
        let claim = self.claims.get_mut(&notice.conversation).unwrap();
        assert!(
            claim.covers(number) && !claim.is_open(now),
            "message {number} is not interrupted: {claim:?}"
        );
        claim.interrupted.insert(number);
        if !notice.is_in_doubt_enough() {
            notice.interrupted(claim.until - LEASE);
        }
    }

    /// A try failed, and another follows.
    pub fn postponed(&mut self, now: Timestamp, number: u32, try_of: &Try) {
        let notice = self.waiting.get_mut(&number).unwrap();
        let claim = self.claims.get_mut(&notice.conversation).unwrap();
        claim.postponed.insert(number);
        notice.postponed(now, claim.began, try_of);
    }

    /// The numbers from which Nexmo refused to text about the messages that a conversation's text covers.
    pub fn refused_numbers(&self, conversation: u32) -> Vec<Number> {
        let covered = self.claims.get(&conversation);
        let covered = covered.into_iter().flat_map(Claim::all);
        let waiting = covered.filter_map(|number| self.waiting.get(&number));
        waiting
            .flat_map(|notice| notice.refused_numbers.clone())
            .collect()
    }

    /// The numbers that a conversation may use: not those that were refused for what is sent.
    pub fn numbers_for(&self, conversation: u32, numbers: &[Number]) -> Vec<Number> {
        let refused = self.refused_numbers(conversation);
        let mut numbers = numbers.to_vec();
        numbers.retain(|number| !refused.contains(number));
        numbers
    }
}
