//! What becomes of claims. Each outcome counts for every message that the text covered.

use std::collections::{BTreeMap, BTreeSet};

use super::{Moment, Spec, claims::Claim, facts::Answer, notices::Ending, texts::Fate};
use crate::{network::Attempt, rows::Rows};

impl Spec {
    /// After the turn in which an attempt stored that its text was accepted, none of its messages waits. If all had ended
    /// before, the interval after the text begins all the same, if its link is still there.
    pub fn accepted_end(&mut self, at: Moment<'_>, attempt: Option<Attempt>) {
        let Some(left) = attempt.and_then(|attempt| self.texts.of_attempt(attempt)) else {
            return;
        };
        let waits = |number: &u32| self.notices.waiting.contains_key(number);
        let some_wait = left.covered.iter().any(waits);
        assert!(
            left.fate != Fate::Stored || !some_wait,
            "some still wait of {left:?}"
        );
        left.is_known |= matches!(left.fate, Fate::Accepted | Fate::Stored);
        let is_late = left.fate == Fate::Accepted && !some_wait;
        if is_late && self.numbers.has_link(&left.text.number, left.conversation) {
            self.texted.insert(left.conversation, at.now);
        }
    }

    /// Claims end when no message of their conversation is stored as claimed any more.
    pub fn claims_end(&mut self, at: Moment<'_>, rows: &Rows, attempt: Option<Attempt>) {
        let claimed = rows.notices.iter().filter(|row| row.lease.is_some());
        let claimed: BTreeSet<u32> = claimed.map(|row| row.conversation).collect();
        let claims = std::mem::take(&mut self.notices.claims);
        let (open, over) = claims
            .into_iter()
            .partition(|(conversation, _)| claimed.contains(conversation));
        self.notices.claims = open;
        let over: BTreeMap<u32, Claim> = over;
        for (conversation, claim) in over {
            match attempt == Some(claim.attempt) {
                true => self.ended_itself(at, conversation, &claim),
                false => self.ended_without_outcome(at, conversation, &claim),
            }
        }
    }

    /// An attempt gave its claim back or stored its outcome: then for each message that its text covered.
    pub fn ended_itself(&mut self, at: Moment<'_>, conversation: u32, claim: &Claim) {
        let left = self.texts.of_attempt(claim.attempt);
        let fate = left.as_ref().map(|left| left.fate);
        let covered: Vec<u32> = match left {
            Some(left) => left.covered.clone(),
            None if claim.postponed.is_empty() => return,
            None => claim.all().collect(),
        };
        for number in covered {
            let Some(notice) = self.notices.waiting.get(&number) else {
                continue;
            };
            let is_covered = fate.is_some() || notice.justifies(at.policy, Answer::None);
            assert!(
                claim.postponed.contains(&number) || !is_covered,
                "message {number} was covered by {claim:?}, but its try does not count"
            );
        }
        if fate.is_some_and(|fate| fate != Fate::NotTaken) {
            self.texted.insert(conversation, at.now);
        }
    }

    /// A claim was taken for over because its lease is. It counts for each message that its text covered.
    pub fn ended_without_outcome(&mut self, at: Moment<'_>, conversation: u32, claim: &Claim) {
        self.texted.insert(conversation, at.now);
        let holder = self.notices.get(claim.asked[0]).unwrap();
        assert!(
            !claim.is_open(at.now) || holder.ending == Some(Ending::Sent),
            "{claim:?} is closed while it is open"
        );
        let left = self.texts.of_attempt(claim.attempt);
        for number in left.map_or(&[][..], |left| &left.covered) {
            assert!(
                !self.notices.waiting.contains_key(number) || claim.interrupted.contains(number),
                "message {number} was covered by {claim:?}, which does not count"
            );
        }
    }
}
