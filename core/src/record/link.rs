//! Links: which number stands for which conversation of the user.

use sha2::{Digest as _, Sha256};

use super::{
    Record,
    allocation::{Choice, allocate},
    covered::Covered,
    tables::{links::LinkKey, shown::Shown},
};
use crate::{
    ids::{ConversationId, UserId},
    phone::{Number, Phone},
    storage::StoreError,
    time::Timestamp,
};

/// The place in a list of numbers where a user begins: the same for as long as the list is as long, and spread
/// evenly over users.
fn begin_of(user_id: &UserId, numbers: usize) -> usize {
    let digest = Sha256::digest(user_id.as_bytes());
    let hash = digest
        .iter()
        .take(size_of::<u32>())
        .fold(0_u32, |hash, byte| (hash << u8::BITS) | u32::from(*byte));
    let numbers = u32::try_from(numbers).unwrap_or(u32::MAX);
    let begin = hash.checked_rem(numbers).unwrap_or_default();
    usize::try_from(begin).unwrap_or_default()
}

impl Record<'_> {
    /// Chooses a conversation's number among `numbers` and stores the link for a claim that ends at
    /// `claimed_until`.
    pub(super) fn allocate(
        &self,
        conversation: &ConversationId,
        numbers: &[Number],
        claimed_until: Timestamp,
    ) -> Result<Choice, StoreError> {
        let links = self.current_links()?;
        let allocation = allocate(&links, conversation, numbers, self.now);
        for key in &allocation.removed {
            self.links().delete(key)?;
        }
        let key = |number: &Number| LinkKey {
            number: number.clone(),
            conversation_id: conversation.clone(),
        };
        let expires_at = self.link_expiry();
        match &allocation.choice {
            Choice::Keep { number, .. } => {
                self.links()
                    .claim(&key(number), expires_at, claimed_until)?;
            }
            Choice::Take { number } => {
                self.links()
                    .insert(&key(number), expires_at, claimed_until)?;
            }
            Choice::NoneFree => {}
        }
        Ok(allocation.choice)
    }

    /// The number that a conversation would get now among those that are not `refused`. Stores nothing.
    pub(super) fn expected_number(
        &self,
        conversation: &ConversationId,
        refused: &[&Number],
    ) -> Result<Choice, StoreError> {
        let numbers = self.numbers_but(refused)?;
        let allocation = allocate(&self.links().all()?, conversation, &numbers, self.now);
        Ok(allocation.choice)
    }

    /// The configured numbers in the order in which this user's conversations get them.
    pub(super) fn numbers(&self) -> Result<Vec<Number>, StoreError> {
        let mut numbers = self.policy.numbers.clone();
        if self.policy.spreads_numbers {
            let begin = begin_of(&self.user_id()?, numbers.len());
            numbers.rotate_left(begin);
        }
        Ok(numbers)
    }

    /// When a link that is used now expires.
    pub(super) fn link_expiry(&self) -> Timestamp {
        self.now + self.policy.number_expiration
    }

    /// Confirms a link because Nexmo took a text on it, and deletes the number's other link. Does nothing
    /// if the link itself was deleted meanwhile, which can happen once its claim has ended.
    pub(super) fn settle(&self, key: &LinkKey, shown: Option<&Shown>) -> Result<(), StoreError> {
        self.links()
            .set_introduced(key, self.now, self.link_expiry(), shown)?;
        self.links().delete_others(key, self.now)
    }

    /// The last message that a text shows, if it may be marked as read later. A chat without positions marks everything
    /// that it got before that message: nothing may be among it that no text has shown.
    pub(super) fn last_shown(
        &self,
        conversation: &ConversationId,
        covered: &Covered,
    ) -> Result<Option<Shown>, StoreError> {
        let Some(last) = covered
            .last_shown
            .as_ref()
            .filter(|_| self.policy.mark_read)
        else {
            return Ok(None);
        };
        // What came before a message without a notice is not known any more.
        let Some(position) = self.notices().position(last)? else {
            return Ok(None);
        };
        let earlier = match position {
            Some(_) => Vec::new(),
            None => self.notices().arrived_before(conversation, last)?,
        };
        let all_shown = earlier.iter().all(|id| covered.shown.contains(id));
        Ok(all_shown.then(|| Shown {
            message_id: last.clone(),
            position,
        }))
    }

    /// Another user was texted from `number` on `phone`: texts from that phone to that number are no longer
    /// this user's replies.
    pub fn disown(&self, number: &Number, phone: &Phone) -> Result<(), StoreError> {
        let guises = phone.guises();
        guises
            .iter()
            .try_for_each(|guise| self.links().forget_phone(number, guise))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_begin_at_every_place_of_the_list_about_equally_often() {
        let mut counts = [0; 4];
        for user in 0..4_000 {
            counts[begin_of(&UserId::new(format!("user {user}")), 4)] += 1;
        }
        assert!(
            counts.iter().all(|count| (900..1_100).contains(count)),
            "{counts:?}"
        );
    }

    #[test]
    fn a_users_place_stays_the_same() {
        let begin = |user: &str, numbers| begin_of(&UserId::new(user), numbers);
        assert_eq!(
            (begin("ben", 5), begin("ada", 5)),
            (begin("ben", 5), begin("ada", 5))
        );
        assert_eq!((begin("ben", 1), begin("ben", 0)), (0, 0));
    }
}
