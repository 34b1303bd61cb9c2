//! Links: which number stands for which conversation of the user.

use super::{
    Record,
    allocation::{Choice, allocate},
    tables::links::LinkKey,
};
use crate::{
    ids::ConversationId,
    phone::{Number, Phone},
    storage::StoreError,
    time::Timestamp,
};

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

    /// When a link that is used now expires.
    pub(super) fn link_expiry(&self) -> Timestamp {
        self.now + self.policy.number_expiration
    }

    /// Confirms a link because Nexmo accepted a text on it, and deletes the number's other link. Does nothing
    /// if the link itself was deleted meanwhile, which can happen once its claim has ended.
    pub(super) fn settle(&self, key: &LinkKey) -> Result<(), StoreError> {
        self.links().set_introduced(key, self.link_expiry())?;
        self.links().delete_others(key, self.now)
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
