//! `MAX_TEXTS_PER_DAY`: how many texts the user gets in any 24 hours.
//!
//! A text counts from when it leaves, unless Nexmo surely did not take it. All tries of a text that Nexmo may have
//! taken are one.

use super::{Record, claim::TextClaim, ending::Dropped, tables::profile::RecentText};
use crate::{
    storage::StoreError,
    time::{DAY, Timestamp},
};

/// When the next text may leave if `recent` have left, the oldest first, and `most` may in any 24 hours. `None`: now.
fn free_at(recent: &[RecentText], most: usize, now: Timestamp) -> Option<Timestamp> {
    let counting: Vec<&RecentText> = recent.iter().filter(|it| it.at + DAY > now).collect();
    let blocking = counting.len().checked_sub(most)?;
    counting.get(blocking).map(|text| text.at + DAY)
}

impl Record<'_> {
    /// Whether the user may get another text now. If not, the notice is dropped, or with digests held back until the
    /// user may: the claim is void.
    pub fn within_cap(&self, claim: &TextClaim) -> Result<bool, StoreError> {
        let Some(most) = self.policy.max_texts_per_day.filter(|_| !claim.in_doubt) else {
            return Ok(true);
        };
        let recent = self.profiles().recent_texts()?;
        let Some(free_at) = free_at(&recent, most, self.now) else {
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
    pub(super) fn count_text(&self, claim: &TextClaim) -> Result<(), StoreError> {
        if self.policy.max_texts_per_day.is_none() || claim.in_doubt {
            return Ok(());
        }
        let mut recent = self.profiles().recent_texts()?;
        recent.retain(|text| text.at + DAY > self.now);
        recent.push(RecentText {
            at: self.now,
            conversation_id: claim.conversation_id.clone(),
        });
        self.profiles().set_recent_texts(&recent)
    }

    /// Takes back the count of a claim's text: Nexmo surely did not take it, nor an earlier try.
    pub(super) fn uncount_text(&self, claim: &TextClaim) -> Result<(), StoreError> {
        if self.policy.max_texts_per_day.is_none() || claim.in_doubt {
            return Ok(());
        }
        let mut recent = self.profiles().recent_texts()?;
        let before = recent.len();
        recent.retain(|text| {
            text.conversation_id != claim.conversation_id || text.at < claim.claimed_at
        });
        match recent.len() == before {
            true => Ok(()),
            false => self.profiles().set_recent_texts(&recent),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ids::ConversationId,
        time::{HOUR, SECOND},
    };

    fn texts(hours: &[i64]) -> Vec<RecentText> {
        let text = |hour: &i64| RecentText {
            at: Timestamp::default() + HOUR.times(*hour),
            conversation_id: ConversationId::new("c"),
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
