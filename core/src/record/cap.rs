//! `MAX_TEXTS_PER_DAY`: how many texts the user gets in any 24 hours.
//!
//! A text counts from when its last try left, unless Nexmo surely did not take it. All tries of a text that Nexmo may
//! have taken are one. A claim that ended without an outcome is such a try for its notices, but if its text never left,
//! nothing was counted: then the next try counts.

use super::{
    Record, claim::TextClaim, covered::Covered, ending::Dropped, tables::profile::RecentText,
};
use crate::{
    ids::MessageId,
    storage::StoreError,
    time::{DAY, Timestamp},
};

/// When the next text may leave if `recent` have left, and `most` may in any 24 hours. `None`: now.
fn free_at(recent: &[RecentText], most: usize, now: Timestamp) -> Option<Timestamp> {
    let mut counting: Vec<Timestamp> = recent.iter().map(|text| text.at).collect();
    counting.retain(|at| *at + DAY > now);
    counting.sort_unstable();
    let blocking = counting.len().checked_sub(most)?;
    counting.get(blocking).map(|at| *at + DAY)
}

impl RecentText {
    /// Whether one of its tries covered one of these messages.
    fn shares(&self, covered: &Covered) -> bool {
        let all = covered.all();
        self.about.iter().any(|id| all.contains(id))
    }
}

impl Record<'_> {
    /// Whether the user may get another text now. If not, the notice is dropped, or with digests held back until the
    /// user may: the claim is void.
    pub fn within_cap(&self, claim: &TextClaim, covered: &Covered) -> Result<bool, StoreError> {
        let Some(most) = self.policy.max_texts_per_day else {
            return Ok(true);
        };
        let recent = self.recent_texts()?;
        let is_counted = claim.in_doubt && recent.iter().any(|text| text.shares(covered));
        let Some(free_at) = free_at(&recent, most, self.now).filter(|_| !is_counted) else {
            return Ok(true);
        };
        let Some(notice) = self.claimed(claim)? else {
            return Ok(false);
        };
        match self.policy.digest {
            Some(_) => {
                let words = format!("MAX_TEXTS_PER_DAY: {most} in 24 hours");
                self.hold(claim, free_at, &words)?;
            }
            None => self.end_dropped(&notice, Dropped::Capped)?,
        }
        Ok(false)
    }

    /// Counts the text of a claim, which is about to leave.
    pub(super) fn count_text(
        &self,
        claim: &TextClaim,
        covered: &Covered,
    ) -> Result<(), StoreError> {
        if self.policy.max_texts_per_day.is_none() {
            return Ok(());
        }
        let mut recent = self.recent_texts()?;
        let mut about = covered.all();
        let earlier = recent.iter_mut().find(|text| text.shares(covered));
        match earlier.filter(|_| claim.in_doubt) {
            Some(text) => {
                text.at = self.now;
                about.retain(|id| !text.about.contains(id));
                text.about.append(&mut about);
            }
            None => recent.push(RecentText {
                since: self.now,
                at: self.now,
                about,
            }),
        }
        self.profiles().set_recent_texts(&recent)
    }

    /// Takes back the count of a claim's text, which Nexmo surely did not take. If that was a retry, the text still
    /// counts, but not for the messages that had joined it.
    pub(super) fn uncount_text(&self, claim: &TextClaim) -> Result<(), StoreError> {
        if self.policy.max_texts_per_day.is_none() {
            return Ok(());
        }
        let covered = claim.covered();
        let mut new = self.notices().find_all(&covered.all())?;
        new.retain(|notice| notice.tries.perhaps_taken == 0);
        let before = self.recent_texts()?;
        let mut recent = before.clone();
        recent.retain(|text| text.since < claim.claimed_at || !text.shares(&covered));
        for text in &mut recent {
            let is_new = |id: &MessageId| new.iter().any(|notice| notice.message_id == *id);
            text.about.retain(|id| !is_new(id));
        }
        match recent == before {
            true => Ok(()),
            false => self.profiles().set_recent_texts(&recent),
        }
    }

    /// An operator has a message retried that was given up: its next text is another one.
    pub(super) fn begin_anew(&self, message: &MessageId) -> Result<(), StoreError> {
        if self.policy.max_texts_per_day.is_none() {
            return Ok(());
        }
        let mut recent = self.recent_texts()?;
        for text in &mut recent {
            text.about.retain(|id| id != message);
        }
        self.profiles().set_recent_texts(&recent)
    }

    /// The texts whose last try left in the last 24 hours.
    fn recent_texts(&self) -> Result<Vec<RecentText>, StoreError> {
        let mut recent = self.profiles().recent_texts()?;
        recent.retain(|text| text.at + DAY > self.now);
        Ok(recent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{HOUR, SECOND};

    fn texts(hours: &[i64]) -> Vec<RecentText> {
        let text = |hour: &i64| RecentText {
            since: Timestamp::default(),
            at: Timestamp::default() + HOUR.times(*hour),
            about: Vec::new(),
        };
        hours.iter().map(text).collect()
    }

    fn hour(hour: i64) -> Timestamp {
        Timestamp::default() + HOUR.times(hour)
    }

    #[test]
    fn below_the_cap_the_next_text_may_leave_now() {
        assert_eq!(free_at(&texts(&[]), 1, hour(0)), None);
        assert_eq!(free_at(&texts(&[1, 2]), 3, hour(3)), None);
    }

    #[test]
    fn at_the_cap_the_next_text_waits_until_the_oldest_is_a_day_old() {
        let recent = texts(&[1, 2, 3]);
        assert_eq!(free_at(&recent, 3, hour(4)), Some(hour(25)));
        assert_eq!(free_at(&recent, 3, hour(25) - SECOND), Some(hour(25)));
        assert_eq!(free_at(&recent, 3, hour(25)), None);
    }

    #[test]
    fn a_lower_cap_waits_for_as_many_as_are_too_many() {
        assert_eq!(free_at(&texts(&[1, 2, 3]), 1, hour(4)), Some(hour(27)));
    }
}
